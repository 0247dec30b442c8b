using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Hands out due rows, each to one worker at a time. Taking a row moves <see cref="IQueued.DueAt"/> to the end of the lease, so a dead worker's
/// rows come due again by themselves, and raises <see cref="IQueued.Attempts"/>, so that a worker whose lease ran out cannot settle what another has taken.
/// </summary>
internal sealed class Leases(GatewayDb db, TimeProvider clock)
{
    /// <param name="max">How many rows at the most.</param>
    /// <param name="lease">How long the rows are ours; longer than all time-outs of the work together.</param>
    public Task<List<T>> TakeAsync<T>(int max, TimeSpan lease, CancellationToken ct)
        where T : class, IQueued
    {
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var now = clock.GetUtcNow().UtcDateTime;
        var until = now + lease;

        // The table's name comes from the model; everything else is a parameter.
        var sql = $"""
            update {table} set due_at = @until, attempts = attempts + 1
            where id in (select id from {table} where due_at <= @now order by due_at limit @max {db.SkipLocked})
            returning *
            """;

        return db.WriteAsync(
            () => db.Set<T>()
                .FromSqlRaw(sql, db.Parameter("until", until), db.Parameter("now", now), db.Parameter("max", max))
                .IgnoreQueryFilters().AsNoTracking().ToListAsync(ct),
            ct);
    }

    /// <returns>When the next row of the table comes due; null when none is waiting.</returns>
    public Task<DateTime?> NextDueAsync<T>(CancellationToken ct)
        where T : class, IQueued =>
        db.Set<T>().AsNoTracking().Where(row => row.DueAt != null).MinAsync(row => row.DueAt, ct);
}
