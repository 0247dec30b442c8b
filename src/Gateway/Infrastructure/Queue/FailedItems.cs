using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>What came of trying everything of a cause again.</summary>
/// <param name="Refused">How many stay as they are.</param>
/// <param name="Why">Why one of those does, in a sentence; null when there is none.</param>
internal sealed record ReplayedCause(int Replayed, int Refused, string? Why);

/// <summary>Everything that failed, whatever the queue, and trying it again.</summary>
internal sealed class FailedItems(IEnumerable<IFailedItems> queues, GatewayDb db, AuditLog audit)
{
    private const int AtOnce = 200;

    /// <param name="limit">How many of each queue at most, the newest first.</param>
    /// <param name="sites">Of these sites alone; null is all.</param>
    /// <param name="dismissed">Those that somebody dismissed, instead of those that wait for a decision.</param>
    public async Task<List<FailedItem>> ListAsync(
        int limit,
        IReadOnlyCollection<Guid>? sites,
        CancellationToken ct,
        bool dismissed = false
    )
    {
        var items = new List<FailedItem>();
        foreach (var queue in queues)
        {
            items.AddRange(await queue.ListAsync(sites, limit, dismissed, ct));
        }

        return items;
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
        var causes = new List<FailedCause>();
        foreach (var queue in queues)
        {
            causes.AddRange(
                (await queue.AlikeAsync(sites, dismissed, ct))
                    .GroupBy(alike => FailedCauses.Of(queue.Queue, alike.Code, alike.Reason))
                    .Select(same => new FailedCause(
                        same.Key,
                        queue.Queue,
                        same.First().Code,
                        same.First().Reason ?? "",
                        same.Sum(alike => alike.Count),
                        same.Min(alike => alike.Since),
                        same.Max(alike => alike.LastAt)
                    ))
            );
        }

        return [.. causes.OrderByDescending(cause => cause.Count).ThenBy(cause => cause.Cause, StringComparer.Ordinal)];
    }

    /// <summary>Tries everything again that failed for this cause.</summary>
    /// <param name="cause">As <see cref="CausesAsync"/> names it.</param>
    /// <param name="change">What is to be different; each row is looked at, whether it can be.</param>
    /// <param name="sites">Of these sites alone; null is all.</param>
    /// <param name="actor">As the audit names them, such as <c>cli</c>.</param>
    public async Task<ReplayedCause> ReplayCauseAsync(
        string cause,
        ReplayChange change,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct
    )
    {
        // By row, since a transaction may run again from its start.
        var refused = new Dictionary<Guid, string>();
        var count = await EachAsync(
            cause,
            sites,
            dismissed: false,
            "failed.replayed",
            actor,
            async (queue, ids) =>
            {
                var replayed = new List<Guid>();
                foreach (var id in ids)
                {
                    if (await queue.ReplayAsync(id, change, ct) is { } why)
                    {
                        refused[id] = why;
                    }
                    else
                    {
                        replayed.Add(id);
                    }
                }

                return replayed;
            },
            ct
        );
        return new(count, refused.Count, refused.Values.FirstOrDefault());
    }

    /// <summary>Takes all that failed for this cause, and is not tried any more by itself, out of what waits for a decision.</summary>
    /// <inheritdoc cref="ReplayCauseAsync"/>
    /// <param name="reason">Why, for the audit; null where nobody was asked.</param>
    /// <param name="decision">By which just these can be brought back; null where nobody offers that.</param>
    /// <returns>How many.</returns>
    public Task<int> DismissCauseAsync(
        string cause,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct,
        string? reason = null,
        Guid? decision = null
    ) =>
        EachAsync(
            cause,
            sites,
            dismissed: false,
            reason is null ? "failed.dismissed" : $"failed.dismissed: {reason}",
            actor,
            async (queue, ids) =>
            {
                var dismissed = await queue.DismissAsync(ids, ct);
                if (decision is { } of)
                {
                    await db.NoteDecisionAsync(dismissed, of, ct);
                }

                return dismissed;
            },
            ct
        );

    /// <summary>Undoes dismissals: what failed for this cause waits for a decision again.</summary>
    /// <inheritdoc cref="DismissCauseAsync"/>
    /// <param name="decision">Only what was dismissed by this decision; null is all.</param>
    public Task<int> RestoreCauseAsync(
        string cause,
        IReadOnlyCollection<Guid>? sites,
        string actor,
        CancellationToken ct,
        Guid? decision = null
    ) =>
        EachAsync(
            cause,
            sites,
            dismissed: true,
            "failed.restored",
            actor,
            async (_, ids) =>
            {
                var its = decision is null ? ids : await db.DismissedByAsync(ids, decision.Value, ct);
                await db.RestoreAsync(its, ct);
                return its;
            },
            ct
        );

    /// <summary>Dismisses one row, or undoes that.</summary>
    /// <returns>Null when it is done; else a sentence that says why not.</returns>
    public Task<string?> DismissAsync(string id, bool restore, string actor, CancellationToken ct) =>
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

                var action = restore ? "failed.restored" : "failed.dismissed";
                await audit.RecordAsync(PublicId.Parse(PublicId.Site, item.Site), actor, action, id, ct);
                return null;
            },
            ct
        );

    /// <summary>Some at a time, each time in a transaction with its audit: a cause may stand for a hundred thousand.</summary>
    private async Task<int> EachAsync(
        string cause,
        IReadOnlyCollection<Guid>? sites,
        bool dismissed,
        string action,
        string actor,
        Func<IFailedItems, List<Guid>, Task<List<Guid>>> change,
        CancellationToken ct
    )
    {
        var count = 0;
        foreach (var queue in queues)
        {
            foreach (var like in await queue.AlikeAsync(sites, dismissed, ct))
            {
                if (FailedCauses.Of(queue.Queue, like.Code, like.Reason) == cause)
                {
                    count += await EachAsync(queue, like, sites, dismissed, cause, action, actor, change, ct);
                }
            }
        }

        return count;
    }

    private async Task<int> EachAsync(
        IFailedItems queue,
        AlikeFailures like,
        IReadOnlyCollection<Guid>? sites,
        bool dismissed,
        string cause,
        string action,
        string actor,
        Func<IFailedItems, List<Guid>, Task<List<Guid>>> change,
        CancellationToken ct
    )
    {
        var count = 0;
        for (var after = Guid.Empty; ;)
        {
            var some = await queue.AlikeAsync(like, sites, dismissed, after, AtOnce, ct);
            if (some.Count == 0)
            {
                return count;
            }

            after = some[^1].Id;
            count += await db.WriteAsync(
                async () =>
                {
                    var changed = (await change(queue, some.ConvertAll(one => one.Id))).ToHashSet();
                    foreach (var site in some.Where(one => changed.Contains(one.Id)).GroupBy(one => one.SiteId))
                    {
                        await audit.RecordAsync(site.Key, actor, action, $"{cause} ({site.Count()})", ct);
                    }

                    return changed.Count;
                },
                ct
            );
        }
    }

    private (IFailedItems? Queue, Guid Id) QueueOf(string id)
    {
        var queue = queues.FirstOrDefault(one => PublicId.Parse(one.Prefix, id) is not null);
        return (queue, queue is null ? default : PublicId.Parse(queue.Prefix, id)!.Value);
    }
}
