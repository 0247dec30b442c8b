using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>
/// The worker of events: writes a delivery for each hook that wants the event and was there when it happened. It all happens in one
/// transaction, and a batch
/// of events that nobody wants costs two statements.
/// </summary>
internal sealed class FanOutEvents(GatewayDb db, Leases leases, Signal<SendDeliveries> deliveries, TimeProvider clock) : IQueueWorker
{
    private const int Batch = 200;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Event>(ct);

    public Task<int> RunBatchAsync(CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var events = await leases.TakeForGoodAsync<Event>(Batch, ct);
                if (events.Count > 0)
                {
                    await db.InsertNewAsync(await WantedAsync(events, ct), ct);
                    db.OnCommitted(deliveries.Wake);
                }

                return events.Count;
            },
            ct
        );

    private async Task<List<Delivery>> WantedAsync(List<Guid> events, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var moment = now.UtcDateTime;

        // A hook from the future was made before the clock was put right: it was there when this happened.
        var wanted = await (
            from happened in db.Events
            where events.Contains(happened.Id)
            join hook in db.Hooks on happened.SiteId equals hook.SiteId
            where
                hook.EndedAt == null
                && (hook.CreatedAt <= happened.OccurredAt || hook.CreatedAt > moment)
                && ("," + hook.Event + ",").Contains("," + happened.Type + ",")
            orderby happened.Id
            select new
            {
                happened.SiteId,
                EventId = happened.Id,
                HookId = hook.Id,
                hook.Url,
            }
        ).ToListAsync(ct);

        return
        [
            .. wanted.Select(one => new Delivery
            {
                Id = Guid.CreateVersion7(now),
                SiteId = one.SiteId,
                HookId = one.HookId,
                EventId = one.EventId,
                Host = HookUrl.HostOf(one.Url),
                CreatedAt = now.UtcDateTime,
                DueAt = now.UtcDateTime,
            }),
        ];
    }
}
