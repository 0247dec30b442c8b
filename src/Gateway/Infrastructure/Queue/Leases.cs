using System.Data.Common;
using System.Linq.Expressions;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Hands out due rows, each to one worker at a time. Taking a row moves <see cref="IQueued.DueAt"/> to the end of the lease, so a dead
/// worker's rows come due again by themselves, if nobody gives them back earlier (<see cref="ReturnLeases"/>), and raises
/// <see cref="IQueued.Attempts"/>, so that a worker whose lease ran out cannot write over what another has taken.
/// </summary>
/// <remarks>
/// What a process held when it ended may be what ended it. Such rows are suspects: they are passed over, and tried one at a time while
/// nothing else is in flight in their process (<see cref="InFlight"/>). Whose process ends then again is set aside, and nobody runs into it
/// any more.
/// </remarks>
internal sealed class Leases(GatewayDb db, TimeProvider clock, InFlight inFlight, ThisProcess process, IServiceProvider services)
{
    /// <summary>With so many it is set aside.</summary>
    public const int SetAsideLosses = 2;

    /// <summary>Among so many of the rows that are due longest sites take turns: whoever has thousands delays nobody who has one.</summary>
    private const int InTurns = 5_000;

    /// <summary>So soon it is tried again what a batch left that ended by an exception, most likely since the database went away.</summary>
    private static readonly TimeSpan AfterInterruption = TimeSpan.FromSeconds(30);

    private readonly List<Func<IServiceProvider, DateTime?, Task>> _taken = [];
    private Func<IServiceProvider, Task>? _notAlone;
    private bool _isInterrupted;

    /// <summary>Whether suspects are handed out, one at a time, and nothing else.</summary>
    public bool Suspects { get; set; }

    /// <param name="max">How many rows at the most.</param>
    /// <param name="lease">How long the rows are ours; longer than all time-outs of the work together.</param>
    /// <param name="lanes">Parts of the queue that have no room for more, or for a few, so that what waits for one slow receiver does not
    /// stand in front of everybody else's.</param>
    /// <param name="only">Which rows alone are taken, in SQL, such as <c>request_id is not null</c>; a text of the program's own, never a
    /// value. Suspects are taken whichever they are.</param>
    public async Task<List<T>> TakeAsync<T>(int max, TimeSpan lease, CancellationToken ct, Lanes? lanes = null, string? only = null)
        where T : class, ILeased
    {
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        var now = clock.GetUtcNow().UtcDateTime;
        var until = now + lease;
        lanes = Suspects ? null : lanes;
        List<DbParameter> closed = lanes is null ? [] : [db.Texts("closed", lanes.Closed)];
        var which =
            Suspects ? "due_at = leased_until and losses = 0"
            : only is null ? "(leased_until is null or due_at <> leased_until)"
            : $"(leased_until is null or due_at <> leased_until) and {only}";

        // A row that somebody has waits for no connection: whoever wakes those that wait must not touch it.
        var hold = typeof(IHoldable).IsAssignableFrom(typeof(T)) ? ", held_by = null" : "";

        // Names come from the model; everything else is a parameter. PostgreSQL may run a subquery once for each row, and would then take
        // more than the limit; what is materialized runs once. Others may be taking the first of the turns at this moment, so these are
        // looked at once more, by their ids: "is true" keeps the index of what is due out of it. A planner that has not heard yet of a
        // hundred thousand new rows would take that one, and compare each of them with each of the turns.
        var open = lanes is null ? "" : $"and {db.NoneOf(LaneOf<T>(lanes), "@closed")}";
        var rest = $"and {which} {open}";
        var columns = $"id, {SiteOf<T>()} as site, {LaneOf<T>(lanes)} as lane, due_at";
        var sql = $"""
            with due as materialized (select {columns} from {table} where due_at <= @now {rest} order by due_at limit {InTurns}),
            turns as materialized
                (select id, row_number() over (partition by site order by due_at) as turn
                 from {FromDue(lanes)} order by turn, due_at limit @max * 4),
            taken as materialized
                (select id from {table} join turns using (id) where (due_at <= @now) is true {rest}
                 order by turn, due_at limit @max {db.SkipLocked})
            update {table} set due_at = @until, leased_until = @until, leased_by = @process, attempts = attempts + 1, losses = {(
                Suspects ? 1 : 0
            )}{hold}
            where id in (select id from taken)
            returning *
            """;

        // Whether a commit that is not answered was made, nobody knows.
        _taken.Add((scope, due) => ReturnUnseenAsync<T>(scope.GetRequiredService<GatewayDb>(), process.Id, until, due));
        var rows = await db.WriteAsync(
            async () =>
            {
                await process.IntroduceAsync(db, ct);
                if (Suspects)
                {
                    await SetAsideAsync<T>(now, ct);
                }

                return await db.Set<T>()
                    .FromSqlRaw(
                        sql,
                        [
                            db.Parameter("until", until),
                            db.Parameter("process", process.Id),
                            db.Parameter("now", now),
                            db.Parameter("max", Suspects ? 1 : max),
                            .. closed,
                        ]
                    )
                    .IgnoreQueryFilters()
                    .AsNoTracking()
                    .ToListAsync(ct);
            },
            ct
        );
        _taken.RemoveAt(_taken.Count - 1);
        if (rows.Count > 0)
        {
            Join(rows);
            _notAlone = Suspects ? scope => NotAloneAsync<T>(scope.GetRequiredService<GatewayDb>(), rows[0].Id) : null;
        }

        return rows;
    }

    /// <summary>Rows that are about to be stored are this process's from the beginning. Inside the transaction that stores them.</summary>
    public async Task BeginAsync<T>(IReadOnlyCollection<T> rows, TimeSpan lease, CancellationToken ct)
        where T : class, ILeased
    {
        if (rows.Count == 0)
        {
            return;
        }

        await process.IntroduceAsync(db, ct);
        var until = clock.GetUtcNow().UtcDateTime + lease;
        foreach (var row in rows)
        {
            (row.DueAt, row.LeasedUntil, row.LeasedBy, row.Attempts) = (until, until, process.Id, 1);
        }
    }

    /// <summary>These are worked on as well, with what was handed out.</summary>
    /// <param name="rows">Leased by <see cref="BeginAsync"/>.</param>
    public void Join<T>(IReadOnlyCollection<T> rows)
        where T : class, ILeased
    {
        if (rows.Count > 0)
        {
            List<(Guid, int)> held = [.. rows.Select(row => (row.Id, row.Attempts))];
            _taken.Add((scope, due) => SurvivedAsync<T>(scope.GetRequiredService<GatewayDb>(), held, due));
        }
    }

    /// <summary>
    /// Whatever of what was taken is not settled comes due when its lease ends, or soon after an exception that ended the batch; it is no
    /// suspect, since its process lives. Called when a worker has ended its batch.
    /// </summary>
    public async Task SurvivedAsync()
    {
        var taken = _taken.ToList();
        _taken.Clear();
        DateTime? due = _isInterrupted ? (clock.GetUtcNow() + AfterInterruption).UtcDateTime : null;
        foreach (var survived in taken)
        {
            await inFlight.SayAsync(scope => survived(scope, due));
        }

        await inFlight.SayWhatIsLeftAsync();
    }

    /// <summary>The batch ends by an exception, and nothing of it goes on.</summary>
    public void Interrupted() => _isInterrupted = true;

    /// <summary>The suspect takes long, and others go on beside it: should the process end now, it is one of several again.</summary>
    public Task NotAloneAsync() => _notAlone is null ? Task.CompletedTask : inFlight.SayAsync(_notAlone);

    /// <summary>Every row that was taken has its next state, so there is nothing to say of any.</summary>
    public void Settled() => _taken.Clear();

    /// <summary>The batch ends before the work on its rows does, and each of them says that it survived by itself.</summary>
    public void GoOn() => _taken.Clear();

    /// <inheritdoc cref="SurvivedAsync()"/>
    public Task SurvivedAsync<T>(IReadOnlyList<T> rows)
        where T : class, ILeased
    {
        List<(Guid, int)> held = [.. rows.Select(row => (row.Id, row.Attempts))];
        return inFlight.SayAsync(scope => SurvivedAsync<T>(scope.GetRequiredService<GatewayDb>(), held));
    }

    /// <summary>Nothing was begun with these: they are due again at once, for whoever comes first.</summary>
    public Task ReturnAsync<T>(IReadOnlyList<T> rows)
        where T : class, ILeased
    {
        List<(Guid, int)> held = [.. rows.Select(row => (row.Id, row.Attempts))];
        var now = clock.GetUtcNow().UtcDateTime;
        return inFlight.SayAsync(scope => SurvivedAsync<T>(scope.GetRequiredService<GatewayDb>(), held, now));
    }

    private static Task NotAloneAsync<T>(GatewayDb db, Guid id)
        where T : class, ILeased =>
        db.WriteAsync(
            () =>
                db.Set<T>()
                    .IgnoreQueryFilters()
                    .Where(row => row.Id == id && row.Losses == 1)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<int>(row, nameof(ILeased.Losses)), 0)),
            CancellationToken.None
        );

    private static Task SurvivedAsync<T>(GatewayDb db, List<(Guid Id, int Attempts)> held, DateTime? due = null)
        where T : class, ILeased =>
        db.WriteAsync(
            async () =>
            {
                foreach (var group in held.GroupBy(row => row.Attempts, row => row.Id))
                {
                    List<Guid> ids = [.. group];
                    await GiveBackAsync(db.Set<T>().Where(row => ids.Contains(row.Id) && row.Attempts == group.Key), due);
                }
            },
            CancellationToken.None
        );

    /// <summary>Gives back what was leased by a statement whose answer never came.</summary>
    private static Task ReturnUnseenAsync<T>(GatewayDb db, Guid process, DateTime until, DateTime? due)
        where T : class, ILeased =>
        db.WriteAsync(
            () => GiveBackAsync(db.Set<T>().Where(row => row.LeasedBy == process && row.LeasedUntil == until), due),
            CancellationToken.None
        );

    /// <summary>Those of the rows that are leased still wait until the end of their lease, or until <paramref name="due"/>.</summary>
    private static Task<int> GiveBackAsync<T>(IQueryable<T> rows, DateTime? due)
        where T : class, ILeased =>
        rows.IgnoreQueryFilters()
            .Where(row => row.DueAt == row.LeasedUntil)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => EF.Property<DateTime?>(row, nameof(ILeased.LeasedUntil)), (DateTime?)null)
                        .SetProperty(row => EF.Property<DateTime?>(row, nameof(IQueued.DueAt)), row => due ?? row.DueAt)
                        .SetProperty(row => EF.Property<int>(row, nameof(ILeased.Losses)), 0),
                CancellationToken.None
            );

    /// <summary>What was alone when its process ended.</summary>
    private async Task SetAsideAsync<T>(DateTime now, CancellationToken ct)
        where T : class, ILeased
    {
        var guilty = db.Set<T>().IgnoreQueryFilters().Where(row => row.DueAt <= now && row.DueAt == row.LeasedUntil && row.Losses > 0);
        if (await guilty.Select(row => row.Id).ToListAsync(ct) is { Count: > 0 } ids)
        {
            await services.GetRequiredService<ISetAside<T>>().SetAsideAsync(db.Set<T>().Where(row => ids.Contains(row.Id)), ct);
            await db.Set<T>()
                .Where(row => ids.Contains(row.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<int>(row, nameof(ILeased.Losses)), SetAsideLosses), ct);
            db.OnCommitted(() => inFlight.SetAside(typeof(T).Name, ids));
        }
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
            with taken as materialized (select id from {table} where due_at <= @now order by due_at limit @max {db.SkipLocked})
            update {table} set due_at = null, attempts = attempts + 1
            where id in (select id from taken)
            returning id as "Value"
            """;
        return db
            .Database.SqlQueryRaw<Guid>(sql, db.Parameter("now", clock.GetUtcNow().UtcDateTime), db.Parameter("max", max))
            .ToListAsync(ct);
    }

    /// <returns>When the next row of the table comes due, closed lanes aside; null when none is waiting.</returns>
    /// <param name="only">Which rows alone count.</param>
    public Task<DateTime?> NextDueAsync<T>(CancellationToken ct, Lanes? lanes = null, Expression<Func<T, bool>>? only = null)
        where T : class, IQueued
    {
        var rows = db.Set<T>().AsNoTracking().Where(row => row.DueAt != null);
        if (only is not null)
        {
            rows = rows.Where(only);
        }

        if (typeof(T).IsAssignableTo(typeof(ILeased)))
        {
            // What is being worked on is due when its lease ends, and then it is a suspect.
            rows = rows.Where(row =>
                EF.Property<DateTime?>(row, nameof(ILeased.LeasedUntil)) == null
                || EF.Property<DateTime?>(row, nameof(ILeased.LeasedUntil)) != row.DueAt
            );
        }

        rows =
            lanes is null ? rows
            : lanes.Ids is { } ids ? rows.Where(row => !ids.Contains(EF.Property<Guid>(row, lanes.Property)))
            : rows.Where(row => !lanes.Closed.Contains(EF.Property<string>(row, lanes.Property)));
        return rows.MinAsync(row => row.DueAt, ct);
    }

    private string SiteOf<T>()
        where T : class => ColumnOf<T>("SiteId") ?? "null";

    private string LaneOf<T>(Lanes? lanes)
        where T : class =>
        lanes is null ? "null"
        : lanes.Ids is null ? ColumnOf<T>(lanes.Property)!
        : $"lower(cast({ColumnOf<T>(lanes.Property)} as text))";

    private string? ColumnOf<T>(string property)
        where T : class => db.Model.FindEntityType(typeof(T))!.FindProperty(property)?.GetColumnName();

    /// <returns>Of each lane no more than may be taken of it.</returns>
    private static string FromDue(Lanes? lanes) =>
        lanes is null
            ? "due"
            : $"(select *, row_number() over (partition by lane order by due_at) as place from due) as placed where place <= {lanes.Most}";
}

/// <summary>A queue in parts, such as one for each receiver.</summary>
/// <param name="Property">The row's property that says which lane it waits in.</param>
/// <param name="Closed">Lanes that have no room at the moment.</param>
/// <param name="Most">How many of a lane are handed out at once at the most.</param>
internal sealed record Lanes(string Property, IReadOnlyCollection<string> Closed, int Most)
{
    /// <summary>The closed lanes where the property is an id; null where it is a text.</summary>
    public IReadOnlyCollection<Guid>? Ids { get; private init; }

    /// <summary>Lanes by an id.</summary>
    public static Lanes OfIds(string property, IReadOnlyCollection<Guid> closed, int most) =>
        new(property, [.. closed.Select(id => id.ToString())], most) { Ids = closed };
}
