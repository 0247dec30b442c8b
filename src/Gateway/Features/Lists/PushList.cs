using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>Tells one list's provider about people of that list, and writes down what came of it.</summary>
internal sealed partial class PushList(
    GatewayDb db,
    Leases leases,
    ListStore lists,
    ListProviders providers,
    PendingChanges pending,
    RecordSyncOutcomes record,
    Outages outages,
    Witnesses witnesses,
    ListMetrics metrics,
    TimeProvider clock,
    ILogger<PushList> logger
)
{
    /// <summary>Nothing of a batch is begun later than this: other lists wait for its end.</summary>
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(30);

    /// <summary>For everything a provider is asked in one go.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Lease = Limit + Spare;

    private static readonly ListOutcome Unreadable = new ListOutcome.Refused(
        "The address of this erased person cannot be decrypted with this master key."
    );

    /// <param name="leased">Rows of the list.</param>
    public async Task PushAsync(Guid listId, IReadOnlyList<ListSync> leased, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var list = await lists.FindAsync(listId, ct);
        IListProvider? provider = null;
        if (list is not null && !(await providers.OpenAsync(list, ct)).IsRefused(out _, out var opened))
        {
            provider = opened;
        }

        // Who leaves goes first, as within a call.
        var pieces = leased
            .OrderBy(row => row.Desired == DesiredState.Subscribed)
            .GroupBy(row => row.Fresh)
            .SelectMany(same => same.Chunk(provider?.AtOnce(same.Key) ?? leased.Count))
            .ToList();
        foreach (var (at, piece) in pieces.Index())
        {
            if (at > 0 && clock.GetElapsedTime(began) > Shift)
            {
                await leases.ReturnAsync([.. pieces.Skip(at).SelectMany(rows => rows)]);
                return;
            }

            await PushAsync(list, piece, ct);
        }
    }

    private async Task PushAsync(ContactList? list, IReadOnlyList<ListSync> leased, CancellationToken ct)
    {
        var rows = await RenewAsync(leased, ct);
        if (rows.Count == 0 || list is null)
        {
            await record.NothingToPushAsync(rows);
            return;
        }

        var (changes, unreadable) = await pending.ReadAsync(list, rows, ct);
        await record.NothingToPushAsync([.. rows.Where(row => !changes.ContainsKey(row.Id) && !unreadable.Contains(row.Id))]);
        await record.RecordAsync([
            .. rows.Where(row => unreadable.Contains(row.Id)).Select(row => new SyncOutcome(row, row.Desired, Unreadable)),
        ]);

        var ready = rows.Where(row => changes.ContainsKey(row.Id)).ToList();
        if (ready.Count == 0)
        {
            return;
        }

        var pass = await outages.EnterAsync([ListConnections.Account(list), ListConnections.List(list)], Lease, ct);
        if (pass.HeldBy is { } connection)
        {
            await record.HoldAsync(ready, connection);
        }
        else
        {
            // A connection that is held is tried with one person; the others follow when that went well. Whoever failed again and again
            // goes alone as well.
            var easy = ready.Where(row => row.Failures < RecordSyncOutcomes.FailuresTogether).ToList();
            List<ListSync> pushed =
                easy.Count > 0 && pass.Probing.Count == 0 ? easy
                : easy.Count > 0 ? [easy[0]]
                : [ready[0]];
            await record.HoldAsync([.. ready.Except(pushed)], pass.Probing.LastOrDefault(""));
            await PushAsync(list, pushed, changes, pass, ct);
        }
    }

    private async Task PushAsync(
        ContactList list,
        List<ListSync> rows,
        Dictionary<Guid, ListChange> changes,
        Pass pass,
        CancellationToken ct
    )
    {
        var began = clock.GetTimestamp();
        var outcomes = await AskAllAsync(list, [.. rows.Select(row => changes[row.Id])], ct);
        metrics.Pushed(list.Provider, outcomes, clock.GetElapsedTime(began));
        Log(list, outcomes);
        var held = outcomes.OfType<ListOutcome.Held>().ToList();
        if (held.Count == 0)
        {
            await RecordAsync(outcomes);
            witnesses.Passed(ListConnections.Account(list), ListConnections.List(list));
            await outages.PassedAsync(pass, CancellationToken.None);
            return;
        }

        var what = ListConnections.Of(list, held[0]);
        var met = rows.Zip(outcomes).Where(one => one.Second is ListOutcome.Held).Select(one => one.First).ToList();
        if (!Concerns(what, met, rows.Count, pass))
        {
            var (error, own) = (what.Error, met[0].Id);
            await RecordAsync([
                .. rows.Zip(outcomes, (row, outcome) => row.Id == own ? new ListOutcome.Later(error.Reason, error.RetryAfter) : outcome),
            ]);
            await outages.ReturnAsync(pass, CancellationToken.None);
            return;
        }

        await outages.HoldAsync(what, pass, CancellationToken.None);
        await RecordAsync(outcomes);
        await record.HoldAsync(met, what.Connection, isCounted: what.Error.MayBePerson && met.Count == 1);

        Task RecordAsync(IReadOnlyList<ListOutcome> all) =>
            record.RecordAsync([
                .. rows.Zip(all)
                    .Where(one => one.Second is not ListOutcome.Held)
                    .Select(one => new SyncOutcome(one.First, changes[one.First.Id].Desired, one.Second)),
            ]);
    }

    /// <summary>Whether what some met holds up others as well, or stands for the one.</summary>
    private bool Concerns(HeldConnection what, List<ListSync> met, int asked, Pass pass) =>
        !what.Error.MayBePerson
        || met.Count > 1
        || pass.Probing.Contains(what.Connection)
        || (
            asked == 1
            && met[0].Failures < RecordSyncOutcomes.FailuresTogether
            && witnesses.Convict(what.Connection, met[0].Id.ToString("N"))
        );

    /// <summary>
    /// Asks for all of them. What may be about one person is looked for in halves, so that one who makes the provider stumble does not hold
    /// up the others: where both halves fare the same it is about all.
    /// </summary>
    private async Task<ListOutcome[]> AskAllAsync(ContactList list, ListChange[] changes, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        ListOutcome[] outcomes = [.. await AskAsync(list, changes, limit.Token, ct)];
        var (from, to) = (Array.FindIndex(outcomes, IsInDoubt), Array.FindLastIndex(outcomes, IsInDoubt) + 1);
        if (from < 0)
        {
            return outcomes;
        }

        while (to - from > 1 && !limit.IsCancellationRequested)
        {
            var middle = (from + to) / 2;
            if (!await AskAgainAsync(middle, to))
            {
                to = middle;
            }
            else if (middle - from > 0 && await AskAgainAsync(from, middle))
            {
                break;
            }
            else
            {
                from = middle;
            }
        }

        if (to - from == 1 && changes.Length > 1)
        {
            await AskAgainAsync(from, to);
        }

        return outcomes;

        async Task<bool> AskAgainAsync(int first, int last)
        {
            var again = await AskAsync(list, changes[first..last], limit.Token, ct);
            for (var at = first; at < last; at++)
            {
                outcomes[at] = again[at - first];
            }

            return again.Any(IsInDoubt);
        }
    }

    private static bool IsInDoubt(ListOutcome outcome) => outcome is ListOutcome.Held { Error.MayBePerson: true };

    /// <summary>
    /// What came before may have taken long: what another worker leased meanwhile is left to it. Rows that were leased a moment ago have
    /// time enough.
    /// </summary>
    /// <returns>The rows that are still ours.</returns>
    private async Task<IReadOnlyList<ListSync>> RenewAsync(IReadOnlyList<ListSync> leased, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (leased.All(row => row.LeasedUntil - now > Limit + (Spare / 2)))
        {
            return leased;
        }

        var until = now + Lease;
        return await db.WriteAsync(
            async () =>
            {
                var ours = new List<ListSync>();
                foreach (var group in leased.GroupBy(row => row.Attempts))
                {
                    var ids = group.Select(row => row.Id).ToList();
                    var mine = db.ListSyncs.Where(row => ids.Contains(row.Id) && row.Attempts == group.Key && row.DueAt != null);
                    await mine.ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.DueAt, until).SetProperty(row => row.LeasedUntil, until),
                        ct
                    );
                    ours.AddRange(await mine.AsNoTracking().ToListAsync(ct));
                }

                return ours;
            },
            ct
        );
    }

    private async Task<IReadOnlyList<ListOutcome>> AskAsync(
        ContactList list,
        IReadOnlyList<ListChange> changes,
        CancellationToken limit,
        CancellationToken ct
    )
    {
        if ((await providers.OpenAsync(list, ct)).IsRefused(out var why, out var provider))
        {
            return Same(new ListOutcome.Held(new(Concern.Account, "provider_settings", why.Message), IsList: true), changes);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit, ct);
        try
        {
            return await provider.PushAsync(list, changes, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return Same(
                new ListOutcome.Held(new(Concern.Server, "provider_unreachable", "The provider took too long.", MayBePerson: true)),
                changes
            );
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // One list must not stop the others.
            LogBug(list.Id, bug);
            return Same(new ListOutcome.Later("It failed inside the gateway; the log says why."), changes);
        }
    }

    private static List<ListOutcome> Same(ListOutcome outcome, IReadOnlyList<ListChange> changes) => [.. changes.Select(_ => outcome)];

    private void Log(ContactList list, IReadOnlyList<ListOutcome> outcomes)
    {
        LogTold(outcomes.OfType<ListOutcome.Synced>().Count(), outcomes.Count, list.Id);
        foreach (var reason in outcomes.Select(outcome => outcome.Why).OfType<string>().Distinct())
        {
            LogNotTold(list.Id, reason);
        }
    }

    [LoggerMessage(LogLevel.Information, "Synced {Told} of {Count} changes of list {ListId} with its provider")]
    private partial void LogTold(int told, int count, Guid listId);

    [LoggerMessage(LogLevel.Warning, "Not everything of list {ListId} could be synced with its provider: {Reason}")]
    private partial void LogNotTold(Guid listId, string reason);

    [LoggerMessage(LogLevel.Error, "Syncing list {ListId} with its provider failed inside the gateway")]
    private partial void LogBug(Guid listId, Exception exception);
}
