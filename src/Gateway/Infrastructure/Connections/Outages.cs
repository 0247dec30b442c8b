using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

/// <summary>Whether a row may use its connections now.</summary>
/// <param name="Probing">Held connections that this row, and no other, tries.</param>
/// <param name="HeldBy">The connection that it has to wait for; null when it may go.</param>
/// <param name="Reason">Why that is held.</param>
internal sealed record Pass(IReadOnlyList<string> Probing, string? HeldBy = null, string Reason = "")
{
    public static readonly Pass Free = new([]);
}

/// <param name="Queue">The queue whose rows wait.</param>
/// <param name="Connection">What is held; see <see cref="Outage.Connection"/>.</param>
/// <param name="SiteId">The one site it concerns; null when it may concern all.</param>
/// <param name="IsBypassed">Whether what meets it leaves by another way instead of waiting.</param>
internal sealed record HeldConnection(string Queue, string Connection, Guid? SiteId, ConnectionError Error, bool IsBypassed = false);

/// <summary>An outage as people see it.</summary>
/// <param name="Waiting">Rows that wait, by site.</param>
internal sealed record OpenOutage(Outage Outage, IReadOnlyDictionary<Guid, int> Waiting);

/// <summary>
/// Holds connections to outside parties. Every row asks before it goes out, so what is held is remembered for a moment; whoever tries a
/// held connection is decided by one statement, together with every other gateway on the database.
/// </summary>
internal sealed class Outages(IServiceScopeFactory scopes, Signal<WatchOutages> watch, TimeProvider clock) : IDisposable
{
    /// <summary>Rows that are held look again after this time even if nobody wakes them.</summary>
    public static readonly TimeSpan Fallback = TimeSpan.FromHours(1);

    /// <summary>A busy server is asked again soon, an account that somebody must fix less often.</summary>
    private static readonly Backoff ServerPace = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));
    private static readonly Backoff AccountPace = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));

    /// <summary>What may be about one person after all holds up others for moments only.</summary>
    private static readonly Backoff DoubtPace = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));

    /// <summary>Servers restart: nobody hears of a minute. What an operator must fix is announced at once.</summary>
    private static readonly TimeSpan ServerPatience = TimeSpan.FromMinutes(5);

    /// <summary>What was decided is not tried.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(36_500);

    private readonly HeldNow _held = new(scopes, clock);

    /// <summary>Asks for the way over all of these connections.</summary>
    /// <param name="limit">How long the row needs at most: until then nobody else tries a connection that it tries.</param>
    public async ValueTask<Pass> EnterAsync(IReadOnlyList<string> connections, TimeSpan limit, CancellationToken ct)
    {
        var held = await _held.ReadAsync(ct);
        var closed = held.Count == 0 ? [] : connections.Where(held.ContainsKey).ToList();
        if (closed.Count == 0)
        {
            return Pass.Free;
        }

        var taken = new List<string>();
        foreach (var connection in closed)
        {
            if (!await TakeProbeAsync(connection, limit, ct))
            {
                await GiveBackAsync(taken, ct);
                return new([], connection, held[connection].Reason);
            }

            taken.Add(connection);
        }

        return new(taken);
    }

    /// <summary>A look without asking for the way: by the time that a row asks, it may be different.</summary>
    public async ValueTask<bool> IsHeldAsync(string connection, CancellationToken ct) =>
        (await _held.ReadAsync(ct)).ContainsKey(connection);

    /// <summary>The row's call found a connection that holds up everybody.</summary>
    public async Task HoldAsync(HeldConnection held, Pass pass, CancellationToken ct)
    {
        await InScopeAsync(scope => ReportAsync(scope, held, pass.Probing.Contains(held.Connection), ct), ct);

        // What stands before it works: a server that refuses a sender can be reached.
        await CloseAsync([.. pass.Probing.Where(connection => connection != held.Connection)], ct);
        watch.Wake();
    }

    /// <summary>Holds a connection by a decision (<see cref="Concern.Decision"/>), until <see cref="ReleaseAsync"/>.</summary>
    public async Task DecideAsync(HeldConnection held, CancellationToken ct)
    {
        await InScopeAsync(scope => ReportAsync(scope, held, isProbe: false, ct), ct);
        watch.Wake();
    }

    /// <summary>Takes a decision back: all that waits for the connection goes out.</summary>
    public Task ReleaseAsync(string connection, CancellationToken ct) => CloseAsync([connection], ct);

    /// <summary>What the names are made of was changed, or is gone: what waits for them is tried anew, all of it.</summary>
    /// <param name="part">What stands between slashes in the names, such as the id of an account.</param>
    public async Task ReleasePartAsync(string part, CancellationToken ct)
    {
        _held.Forget();
        var held = await _held.ReadAsync(ct);
        await CloseAsync([.. held.Keys.Where(name => name.Split('/').Contains(part))], ct);
    }

    /// <param name="code">The kind of decision, a <see cref="ConnectionError.Code"/>: whoever takes back takes back their own.</param>
    /// <returns>The connections that are held by a decision of this kind.</returns>
    public Task<HashSet<string>> DecidedAsync(string code, CancellationToken ct) =>
        InScopeAsync(
            scope =>
                scope
                    .GetRequiredService<GatewayDb>()
                    .Outages.Where(outage => outage.EndedAt == null && outage.Concern == Concern.Decision && outage.Code == code)
                    .Select(outage => outage.Connection)
                    .ToHashSetAsync(ct),
            ct
        );

    /// <summary>The row's call got through.</summary>
    public Task PassedAsync(Pass pass, CancellationToken ct) => CloseAsync(pass.Probing, ct);

    /// <summary>Rows of one site that wait for connections which stay held have found another way: they are due.</summary>
    public Task LetOutAsync(string queue, Guid siteId, IEnumerable<string> connections, CancellationToken ct) =>
        InScopeAsync(
            scope =>
                scope
                    .GetRequiredService<GatewayDb>()
                    .WriteAsync(
                        async () =>
                        {
                            foreach (var connection in connections)
                            {
                                await Of(scope, queue).WakeOfSiteAsync(connection, siteId, ct);
                            }
                        },
                        ct
                    ),
            ct
        );

    /// <summary>The row's call was not made: another row may try the connection.</summary>
    public Task ReturnAsync(Pass pass, CancellationToken ct) => GiveBackAsync(pass.Probing, ct);

    /// <summary>
    /// Inside the caller's transaction, before rows are stored as held: what ended in the meantime wakes nobody a second time.
    /// </summary>
    /// <returns>Those that are still held.</returns>
    public async Task<HashSet<string>> LockAsync(GatewayDb db, IReadOnlyCollection<string> connections, CancellationToken ct)
    {
        if (connections.Count == 0)
        {
            return [];
        }

        var open = db.Outages.Where(outage => connections.Contains(outage.Connection) && outage.EndedAt == null);
        await open.LockAsync(ct);

        // Now somebody waits: what nobody has heard of yet can be said.
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        var unheard = open.Where(outage =>
            outage.Announced == "" && outage.AnnounceAt <= now && (outage.DueAt == null || outage.DueAt > now)
        );
        if (await unheard.ExecuteUpdateAsync(set => set.SetProperty(outage => outage.DueAt, now), ct) > 0)
        {
            db.OnCommitted(watch.Wake);
        }

        return [.. await open.Select(outage => outage.Connection).ToListAsync(ct)];
    }

    /// <summary>Stores that rows wait, inside the caller's transaction; those whose connection works again are due at once.</summary>
    public async Task MarkAsync<T>(GatewayDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class, IHoldable
    {
        var waiting = rows.Where(row => row.HeldBy is not null).ToList();
        var open = await LockAsync(db, [.. waiting.Select(row => row.HeldBy!).Distinct()], ct);
        foreach (var row in waiting.Where(row => !open.Contains(row.HeldBy!)))
        {
            (row.HeldBy, row.DueAt) = (null, clock.GetUtcNow().UtcDateTime);
        }
    }

    /// <summary>What is held now, the oldest first, without a look at what waits.</summary>
    public Task<List<Outage>> OpenAsync(CancellationToken ct) =>
        InScopeAsync(scope => OpenAsync(scope.GetRequiredService<GatewayDb>(), ct), ct);

    /// <summary>Connections that are held now, the oldest first.</summary>
    /// <param name="sites">Those that concern one of these sites; null is all.</param>
    public Task<List<OpenOutage>> ListAsync(IReadOnlyCollection<Guid>? sites, CancellationToken ct) =>
        InScopeAsync(
            async scope =>
            {
                var open = await OpenAsync(scope.GetRequiredService<GatewayDb>(), ct);
                var shown = new List<OpenOutage>();
                foreach (var outage in open.Where(one => sites is null || one.SiteId is not { } site || sites.Contains(site)))
                {
                    var waiting = await Of(scope, outage.Queue).CountBySiteAsync(outage.Connection, ct);
                    shown.Add(new(outage, waiting.Where(one => sites?.Contains(one.Key) != false).ToDictionary()));
                }

                return shown;
            },
            ct
        );

    /// <summary>Every held connection is tried now, such as after a start, since settings change at a start.</summary>
    /// <returns>How many are held.</returns>
    public async Task<int> ProbeNowAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var held = await InScopeAsync(
            scope =>
            {
                var db = scope.GetRequiredService<GatewayDb>();
                return db.WriteAsync(
                    () =>
                        db
                            .Outages.Where(outage => outage.EndedAt == null && outage.Concern != Concern.Decision)
                            .ExecuteUpdateAsync(
                                set => set.SetProperty(one => one.ProbeAt, now).SetProperty(one => one.DueAt, (DateTime?)now),
                                ct
                            ),
                    ct
                );
            },
            ct
        );
        _held.Forget();
        watch.Wake();
        return held;
    }

    public void Dispose() => _held.Dispose();

    internal static IHeldRows Of(IServiceProvider scope, string queue) =>
        scope.GetServices<IHeldRows>().Single(rows => rows.Queue == queue);

    private static Task<List<Outage>> OpenAsync(GatewayDb db, CancellationToken ct) =>
        db.Outages.AsNoTracking().Where(outage => outage.EndedAt == null).OrderBy(outage => outage.Since).ToListAsync(ct);

    private async Task ReportAsync(IServiceProvider scope, HeldConnection held, bool isProbe, CancellationToken ct)
    {
        var db = scope.GetRequiredService<GatewayDb>();
        var now = clock.GetUtcNow().UtcDateTime;
        var fresh = New(held, now);
        await db.WriteAsync(
            async () =>
            {
                db.ChangeTracker.Clear();
                if (await db.InsertNewAsync([fresh], ct) > 0)
                {
                    return;
                }

                var mine = db.Outages.Where(outage => outage.Connection == held.Connection);
                await mine.LockAsync(ct);
                var known = await mine.SingleAsync(ct);
                if (known.EndedAt is null && !isProbe)
                {
                    return;
                }

                if (known.EndedAt is not null)
                {
                    Reopen(known, fresh);
                }
                else
                {
                    known.Failures++;
                }

                (known.Concern, known.Code, known.Reason) = (held.Error.Concern, held.Error.Code, held.Error.Reason);
                known.IsBypassed = held.IsBypassed;
                known.ProbeAt = now + Pause(held.Error, known.Failures);
                known.DueAt = known.ProbeAt < known.AnnounceAt ? known.ProbeAt : known.AnnounceAt;
                await db.SaveChangesAsync(ct);
            },
            ct
        );
        _held.Forget();
    }

    private Outage New(HeldConnection held, DateTime now)
    {
        var probe = now + Pause(held.Error, failures: 1);
        var announce = held.Error.Concern == Concern.Server ? now + ServerPatience : now;
        return new()
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Connection = held.Connection,
            SiteId = held.SiteId,
            Queue = held.Queue,
            Concern = held.Error.Concern,
            Code = held.Error.Code,
            Reason = held.Error.Reason,
            IsBypassed = held.IsBypassed,
            Since = now,
            Failures = 1,
            ProbeAt = probe,
            AnnounceAt = announce,
            DueAt = probe < announce ? probe : announce,
        };
    }

    /// <summary>
    /// What comes back before its end was announced, or before anybody heard of it, goes on as if it had not gone; what comes back soon
    /// after is announced only when it stays, so that a connection that comes and goes does not fill anybody's mailbox.
    /// </summary>
    private static void Reopen(Outage known, Outage fresh)
    {
        var isSoon = fresh.Since - known.EndedAt < 2 * ServerPatience;
        if (known.Announced.Length == 0 && (!isSoon || known.WasAnnounced))
        {
            (known.Since, known.AnnounceAt) = (fresh.Since, isSoon ? fresh.Since + ServerPatience : fresh.AnnounceAt);
            known.WasAnnounced = false;
        }

        (known.EndedAt, known.Failures) = (null, 1);
    }

    /// <summary>What the other side asks for counts, but a second failure is never tried sooner than at our own pace.</summary>
    private static TimeSpan Pause(ConnectionError error, int failures)
    {
        if (error.Concern == Concern.Decision)
        {
            return Never;
        }

        var pace =
            error.MayBePerson ? DoubtPace
            : error.Concern == Concern.Account ? AccountPace
            : ServerPace;
        var own = pace.After(failures - 1);
        return error.RetryAfter is not { } asked ? own
            : failures > 1 && asked < own ? own
            : pace.After(0, asked);
    }

    private Task CloseAsync(IReadOnlyList<string> connections, CancellationToken ct) =>
        connections.Count == 0
            ? Task.CompletedTask
            : InScopeAsync(
                async scope =>
                {
                    var db = scope.GetRequiredService<GatewayDb>();
                    var now = clock.GetUtcNow().UtcDateTime;
                    await db.WriteAsync(
                        async () =>
                        {
                            var mine = db.Outages.Where(outage => connections.Contains(outage.Connection) && outage.EndedAt == null);
                            await mine.LockAsync(ct);
                            foreach (var outage in await mine.AsNoTracking().ToListAsync(ct))
                            {
                                await Of(scope, outage.Queue).WakeAllAsync(outage.Connection, ct);
                            }

                            await mine.ExecuteUpdateAsync(
                                set =>
                                    set.SetProperty(outage => outage.EndedAt, (DateTime?)now)
                                        .SetProperty(outage => outage.DueAt, (DateTime?)now),
                                ct
                            );
                            db.OnCommitted(watch.Wake);
                        },
                        ct
                    );
                    _held.Forget();
                    return true;
                },
                ct
            );

    /// <summary>Of all who would try a held connection, in every process, one does.</summary>
    private Task<bool> TakeProbeAsync(string connection, TimeSpan limit, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return _held.Remembered?.TryGetValue(connection, out var known) == true && known.ProbeAt > now
            ? Task.FromResult(false)
            : ChangeProbeAsync([connection], now, now + limit, ct);
    }

    private async Task GiveBackAsync(IReadOnlyList<string> connections, CancellationToken ct)
    {
        if (connections.Count > 0)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            await ChangeProbeAsync(connections, now.AddYears(1), now, ct);
        }
    }

    private async Task<bool> ChangeProbeAsync(IReadOnlyList<string> connections, DateTime before, DateTime to, CancellationToken ct)
    {
        var changed = await InScopeAsync(
            scope =>
            {
                var db = scope.GetRequiredService<GatewayDb>();
                return db.WriteAsync(
                    () =>
                        db
                            .Outages.Where(outage =>
                                connections.Contains(outage.Connection) && outage.EndedAt == null && outage.ProbeAt <= before
                            )
                            .ExecuteUpdateAsync(set => set.SetProperty(outage => outage.ProbeAt, to), ct),
                    ct
                );
            },
            ct
        );
        _held.Forget();
        return changed > 0;
    }

    /// <returns>The connections that are held, and when each may be tried.</returns>
    private async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> work, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    private Task InScopeAsync(Func<IServiceProvider, Task> work, CancellationToken ct) =>
        InScopeAsync(
            async scope =>
            {
                await work(scope);
                return true;
            },
            ct
        );
}
