using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>What came of a decision about everything of a cause.</summary>
/// <param name="Refused">How many stay as they are.</param>
/// <param name="Why">Why one of those does, in a sentence; null when there is none.</param>
internal sealed record DecidedCause(int Done, int Refused, string? Why);

/// <summary>Everything that failed, whatever the queue, and trying it again.</summary>
internal sealed class FailedItems(IEnumerable<IFailedItems> queues, SideBySide sideBySide, GatewayDb db, AuditLog audit)
{
    /// <summary>Rows in one transaction, and in one request of a browser.</summary>
    public const int AtOnce = 200;

    private const string StillTried = "These are still tried by themselves.";

    /// <param name="limit">How many of each queue at most, the newest first.</param>
    /// <param name="sites">Of these sites alone; null is all.</param>
    /// <param name="dismissed">Those that somebody dismissed, instead of those that wait for a decision.</param>
    public async Task<List<FailedItem>> ListAsync(
        int limit,
        IReadOnlyCollection<Guid>? sites,
        CancellationToken ct,
        bool dismissed = false
    ) =>
        [
            .. (
                await sideBySide.AskAsync<IFailedItems, List<FailedItem>>(
                    (queue, token) => queue.ListAsync(sites, limit, dismissed, token),
                    ct
                )
            ).SelectMany(items => items),
        ];

    /// <returns>Whom each of these is about, by its id, for those who may see people; without those that are about nobody.</returns>
    public async Task<IReadOnlyDictionary<string, string>> WhomAsync(IEnumerable<FailedItem> items, CancellationToken ct)
    {
        var ofQueues = items.ToLookup(item => item.Queue, item => item.Id);
        var known = await sideBySide.AskAsync<IFailedItems, IEnumerable<KeyValuePair<string, string>>>(
            async (queue, token) =>
            {
                List<Guid> ids = [.. ofQueues[queue.Queue].Select(id => PublicId.Parse(queue.Prefix, id)).OfType<Guid>()];
                return ids.Count == 0
                    ? []
                    : (await queue.WhomAsync(ids, token)).Select(one =>
                        KeyValuePair.Create(PublicId.Format(queue.Prefix, one.Key), one.Value)
                    );
            },
            ct
        );
        return known.SelectMany(one => one).ToDictionary();
    }

    /// <returns>Null when nothing that failed has this id.</returns>
    public async Task<FailedItem?> FindAsync(string id, CancellationToken ct) =>
        QueueOf(id) is var (queue, key) && queue is not null ? await queue.FindAsync(key, ct) : null;

    /// <param name="actor">As the audit names them, such as <c>cli</c>.</param>
    /// <returns>Null when it will be tried again; else a sentence that says why not.</returns>
    public Task<string?> ReplayAsync(string id, ReplayChange change, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var (queue, key) = QueueOf(id);
                if (queue is null || await queue.FindAsync(key, ct) is not { } item)
                {
                    return "Nothing that failed has this id.";
                }

                var reason = await queue.ReplayAsync(key, change, ct);
                if (reason is null)
                {
                    await db.RestoreAsync([key], ct);
                    await audit.RecordAsync(PublicId.Parse(PublicId.Site, item.Site), actor, "failed.replayed", id, ct);
                }

                return reason;
            },
            ct
        );

    /// <summary>Everything that failed, by its cause, the most frequent first.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<List<FailedCause>> CausesAsync(IReadOnlyCollection<Guid>? sites, bool dismissed, CancellationToken ct)
    {
        var ofQueues = await sideBySide.AskAsync<IFailedItems, IEnumerable<FailedCause>>(
            async (queue, token) => CausesOf(queue.Queue, await queue.AlikeAsync(sites, dismissed, token)),
            ct
        );
        return
        [
            .. ofQueues
                .SelectMany(causes => causes)
                .OrderByDescending(cause => cause.Count)
                .ThenBy(cause => cause.Cause, StringComparer.Ordinal),
        ];
    }

    /// <returns>How many rows failed for this cause.</returns>
    public async Task<int> CountAsync(string cause, IReadOnlyCollection<Guid>? sites, bool dismissed, CancellationToken ct) =>
        (await CausesAsync(sites, dismissed, ct)).Find(one => one.Cause == cause)?.Count ?? 0;

    /// <summary>Tries everything again that failed for this cause.</summary>
    /// <inheritdoc cref="CauseDecision"/>
    public Task<DecidedCause> ReplayCauseAsync(
        string cause,
        ReplayChange change,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct
    ) => DecideAsync(new(CauseAction.Replay, cause, sites, actor, change), ct);

    /// <summary>Takes all that failed for this cause, and is not tried any more by itself, out of what waits for a decision.</summary>
    /// <inheritdoc cref="CauseDecision"/>
    /// <returns>How many.</returns>
    public async Task<int> DismissCauseAsync(
        string cause,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct,
        string? reason = null,
        Guid? decision = null
    ) => (await DecideAsync(new(CauseAction.Dismiss, cause, sites, actor, null, reason, decision), ct)).Done;

    /// <summary>Undoes dismissals: what failed for this cause waits for a decision again.</summary>
    /// <inheritdoc cref="CauseDecision"/>
    public async Task<int> RestoreCauseAsync(
        string cause,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct,
        Guid? decision = null
    ) => (await DecideAsync(new(CauseAction.Restore, cause, sites, actor, Decision: decision), ct)).Done;

    /// <summary>
    /// Carries a decision out: some rows at a time, each time in a transaction with its audit, since a cause may stand for a hundred
    /// thousand.
    /// </summary>
    public async Task<DecidedCause> DecideAsync(CauseDecision decision, CancellationToken ct)
    {
        var sum = new DecidedCause(0, 0, null);
        for (var place = CausePlace.Start; await NextAsync(decision, place, ct) is { } batch; place = batch.Place)
        {
            var some = await db.WriteAsync(() => CarryOutAsync(decision, batch, ct), ct);
            sum = new(sum.Done + some.Done, sum.Refused + some.Refused, sum.Why ?? some.Why);
        }

        return sum;
    }

    /// <returns>The next rows that a decision is about; null when none is left.</returns>
    public async Task<CauseBatch?> NextAsync(CauseDecision decision, CausePlace place, CancellationToken ct)
    {
        var dismissed = decision.Action == CauseAction.Restore;
        foreach (var queue in queues)
        {
            var alike = (await queue.AlikeAsync(decision.Sites, dismissed, ct))
                .Where(one => FailedCauses.Of(queue.Queue, one.Code, one.Reason) == decision.Cause)
                .Select(one => (Words: $"{one.Code}\n{one.Reason}", Like: one))
                .DistinctBy(one => one.Words)
                .Where(one => place.Words is null || string.CompareOrdinal(one.Words, place.Words) >= 0)
                .OrderBy(one => one.Words, StringComparer.Ordinal);
            foreach (var (words, like) in alike)
            {
                var after = words == place.Words ? place.After : Guid.Empty;
                var read = await queue.AlikeAsync(like, decision.Sites, dismissed, after, AtOnce, ct);
                var rows = decision.Until is { } until ? read.FindAll(row => row.Id.CompareTo(until) <= 0) : read;
                if (rows.Count > 0)
                {
                    return new(queue, rows, new(words, rows[^1].Id));
                }
            }
        }

        return null;
    }

    /// <summary>Carries a decision out for some rows, inside the caller's transaction.</summary>
    public async Task<DecidedCause> CarryOutAsync(CauseDecision decision, CauseBatch batch, CancellationToken ct)
    {
        List<Guid> ids = [.. batch.Rows.Select(row => row.Id)];
        string? why = null;
        var changed = new List<Guid>();
        switch (decision.Action)
        {
            case CauseAction.Replay:
                foreach (var id in ids)
                {
                    if (await batch.Queue.ReplayAsync(id, decision.Change ?? new(), ct) is { } refusal)
                    {
                        why ??= refusal;
                    }
                    else
                    {
                        changed.Add(id);
                    }
                }

                break;
            case CauseAction.Dismiss:
                changed = await batch.Queue.DismissAsync(ids, ct);
                why = changed.Count < ids.Count ? StillTried : null;
                if (decision.Decision is { } by)
                {
                    await db.NoteDecisionAsync(changed, by, ct);
                }

                break;
            default:
                // What others dismissed is none of it.
                changed = ids = decision.Decision is { } undone ? await db.DismissedByAsync(ids, undone, ct) : ids;
                await db.RestoreAsync(changed, ct);
                break;
        }

        var done = changed.ToHashSet();
        var action = decision.Action switch
        {
            CauseAction.Replay => "failed.replayed",
            CauseAction.Dismiss => "failed.dismissed",
            _ => "failed.restored",
        };
        foreach (var site in batch.Rows.Where(row => done.Contains(row.Id)).GroupBy(row => row.SiteId))
        {
            await audit.RecordAsync(site.Key, decision.Actor, action, $"{decision.Cause} ({site.Count()})", ct, decision.Reason);
        }

        return new(done.Count, ids.Count - done.Count, why);
    }

    /// <summary>Dismisses one row, or undoes that.</summary>
    /// <inheritdoc cref="CauseDecision"/>
    /// <returns>Null when it is done; else a sentence that says why not.</returns>
    public Task<string?> DismissAsync(
        string id,
        bool restore,
        string actor,
        CancellationToken ct,
        string? reason = null,
        Guid? decision = null
    ) =>
        db.WriteAsync(
            async () =>
            {
                var (queue, key) = QueueOf(id);
                if (queue is null || await queue.FindAsync(key, ct) is not { } item)
                {
                    return "Nothing that failed has this id.";
                }

                var changed = restore ? await db.RestoreAsync([key], ct) : (await queue.DismissAsync([key], ct)).Count;
                if (changed == 0)
                {
                    return restore ? "It was not dismissed." : "It is still tried by itself, so it cannot be dismissed.";
                }

                if (decision is { } by)
                {
                    await db.NoteDecisionAsync([key], by, ct);
                }

                var action = restore ? "failed.restored" : "failed.dismissed";
                await audit.RecordAsync(PublicId.Parse(PublicId.Site, item.Site), actor, action, id, ct, reason);
                return null;
            },
            ct
        );

    private (IFailedItems? Queue, Guid Id) QueueOf(string id)
    {
        var queue = queues.FirstOrDefault(one => PublicId.Parse(one.Prefix, id) is not null);
        return (queue, queue is null ? default : PublicId.Parse(queue.Prefix, id)!.Value);
    }

    private static IEnumerable<FailedCause> CausesOf(string queue, List<AlikeFailures> failures) =>
        failures
            .GroupBy(alike => FailedCauses.Of(queue, alike.Code, alike.Reason))
            .Select(same => new FailedCause(
                same.Key,
                queue,
                same.First().Code,
                same.First().Reason ?? "",
                same.Sum(alike => alike.Count),
                same.Min(alike => alike.Since),
                same.Max(alike => alike.LastAt),
                same.Select(alike => alike.SiteId).ToHashSet()
            ));
}
