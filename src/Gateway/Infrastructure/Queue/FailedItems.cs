using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Infrastructure.Queue;

/// <summary>Everything that failed, whatever the queue, and trying it again.</summary>
internal sealed class FailedItems(IEnumerable<IFailedItems> queues, GatewayDb db, AuditLog audit)
{
    /// <param name="limit">How many of each queue at most, the newest first.</param>
    /// <param name="sites">Of these sites alone; null is all.</param>
    public async Task<List<FailedItem>> ListAsync(int limit, IReadOnlyCollection<Guid>? sites, CancellationToken ct)
    {
        var items = new List<FailedItem>();
        foreach (var queue in queues)
        {
            items.AddRange(await queue.ListAsync(sites, limit, ct));
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
                    await audit.RecordAsync(PublicId.Parse(PublicId.Site, item.Site), actor, "failed.replayed", id, ct);
                }

                return reason;
            },
            ct
        );

    private (IFailedItems? Queue, Guid Id) QueueOf(string id)
    {
        var queue = queues.FirstOrDefault(one => PublicId.Parse(one.Prefix, id) is not null);
        return (queue, queue is null ? default : PublicId.Parse(queue.Prefix, id)!.Value);
    }
}
