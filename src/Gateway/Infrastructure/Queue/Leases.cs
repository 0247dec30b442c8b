using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Connections;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Hands out due rows, each to one worker at a time. Taking a row moves <see cref="IQueued.DueAt"/> to the end of the lease, so a dead
/// worker's rows come due again by themselves, and raises <see cref="IQueued.Attempts"/>, so that a worker whose lease ran out cannot write
/// over what another has taken.
/// </summary>
internal sealed class Leases(GatewayDb db, TimeProvider clock)
{
    /// <param name="max">How many rows at the most.</param>
    /// <param name="lease">How long the rows are ours; longer than all time-outs of the work together.</param>
    /// <param name="closed">Rows to pass over, so that what waits for one slow receiver does not stand in front of everybody
    /// else's.</param>
    public Task<List<T>> TakeAsync<T>(int max, TimeSpan lease, CancellationToken ct, ClosedLanes? closed = null)
        where T : class, IQueued
    {
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var now = clock.GetUtcNow().UtcDateTime;
        var until = now + lease;
        var (open, names) = Open<T>(closed);

        // A row that somebody has waits for no connection: whoever wakes those that wait must not touch it.
        var held = typeof(IHoldable).IsAssignableFrom(typeof(T)) ? ", held_by = null" : "";

        // Names come from the model; everything else is a parameter.
        var sql = $"""
            update {table} set due_at = @until, attempts = attempts + 1{held}
            where id in (select id from {table} where due_at <= @now {open} order by due_at limit @max {db.SkipLocked})
            returning *
            """;

        return db.WriteAsync(
            () =>
                db.Set<T>()
                    .FromSqlRaw(
                        sql,
                        [
                            db.Parameter("until", until),
                            db.Parameter("now", now),
                            db.Parameter("max", max),
                            .. names.Select(name => db.Parameter(name.Key, name.Value)),
                        ]
                    )
                    .IgnoreQueryFilters()
                    .AsNoTracking()
                    .ToListAsync(ct),
            ct
        );
    }

    /// <summary>
    /// Takes due rows off the queue for good, inside the caller's transaction. For work that has no effect outside the database: a crash
    /// undoes both, so there is nothing to lease.
    /// </summary>
    /// <returns>The ids of the rows.</returns>
    public Task<List<Guid>> TakeForGoodAsync<T>(int max, CancellationToken ct)
        where T : class, IQueued
    {
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var sql = $"""
            update {table} set due_at = null, attempts = attempts + 1
            where id in (select id from {table} where due_at <= @now order by due_at limit @max {db.SkipLocked})
            returning id as "Value"
            """;
        return db
            .Database.SqlQueryRaw<Guid>(sql, db.Parameter("now", clock.GetUtcNow().UtcDateTime), db.Parameter("max", max))
            .ToListAsync(ct);
    }

    /// <returns>When the next row of the table comes due, closed lanes aside; null when none is waiting.</returns>
    public Task<DateTime?> NextDueAsync<T>(CancellationToken ct, ClosedLanes? closed = null)
        where T : class, IQueued
    {
        var rows = db.Set<T>().AsNoTracking().Where(row => row.DueAt != null);
        return (closed is null ? rows : rows.Where(row => !closed.Names.Contains(EF.Property<string>(row, closed.Property)))).MinAsync(
            row => row.DueAt,
            ct
        );
    }

    private (string Condition, Dictionary<string, string> Names) Open<T>(ClosedLanes? closed)
    {
        if (closed is not { Names.Count: > 0 })
        {
            return ("", []);
        }

        var column = db.Model.FindEntityType(typeof(T))!.FindProperty(closed.Property)!.GetColumnName();
        var names = closed.Names.Select((name, at) => (Parameter: $"lane{at}", name)).ToDictionary(one => one.Parameter, one => one.name);
        return ($"and {column} not in ({string.Join(", ", names.Keys.Select(name => "@" + name))})", names);
    }
}

/// <summary>Parts of a queue that have no room at the moment.</summary>
/// <param name="Property">The row's property that says which lane it waits in.</param>
internal sealed record ClosedLanes(string Property, IReadOnlyCollection<string> Names);
