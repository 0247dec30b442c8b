using System.Text.Json;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>
/// The worker of deliveries: takes what is due for hosts that have room, starts it and goes on; each delivery records its outcome by itself
/// when its receiver has answered. After a crash between the two it is sent again under the same id.
/// </summary>
internal sealed partial class SendDeliveries(
    GatewayDb db,
    SiteStore sites,
    Leases leases,
    DeliveryLanes lanes,
    Signal<SendDeliveries> signal,
    HookClient client,
    RecordDeliveryOutcomes outcomes,
    WebhookMetrics metrics,
    TimeProvider clock,
    ILogger<SendDeliveries> logger
) : IQueueWorker
{
    /// <summary>Of many hosts, a few of each (<see cref="DeliveryLanes.Lanes"/>).</summary>
    private const int Batch = 200;

    /// <summary>Nothing is begun later than this; with the time for the call and a minute to spare it is the lease.</summary>
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    public async Task<DateTime?> NextDueAsync(CancellationToken ct) =>
        lanes.Room == 0 ? null : await leases.NextDueAsync<Delivery>(ct, lanes.Lanes);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        if (lanes.Room == 0)
        {
            return 0;
        }

        var rows = await leases.TakeAsync<Delivery>(Math.Min(Batch, lanes.Room), Shift + client.TimeLimit + Spare, ct, lanes.Lanes);
        if (rows.Count == 0)
        {
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        var (hooks, events) = await ReadAsync(rows, ct);
        foreach (var row in rows)
        {
            var hook = hooks.GetValueOrDefault(row.HookId);
            var happened = events.GetValueOrDefault(row.EventId);
            lanes.Start(
                row,
                stopping =>
                    stopping.IsCancellationRequested || clock.GetUtcNow() > deadline
                        ? ReturnAsync(row)
                        : DeliverAsync(row, hook, happened)
            );
        }

        leases.GoOn();

        return rows.Count;
    }

    /// <summary>
    /// Read as late as can be: since the delivery was written the hook may have ended, the event been erased, or the site changed its mind.
    /// </summary>
    private async Task<(Dictionary<Guid, Hook> Hooks, Dictionary<Guid, Event> Events)> ReadAsync(
        List<Delivery> rows,
        CancellationToken ct
    )
    {
        var hookIds = rows.Select(row => row.HookId).Distinct().ToList();
        var eventIds = rows.Select(row => row.EventId).Distinct().ToList();
        var hooks = await db
            .Hooks.AsNoTracking()
            .Where(hook => hookIds.Contains(hook.Id) && hook.EndedAt == null)
            .ToDictionaryAsync(hook => hook.Id, ct);
        var events = await db.Events.AsNoTracking().Where(row => eventIds.Contains(row.Id)).ToListAsync(ct);
        var received = events.Where(row => row.Type == EventTypes.SubmissionReceived).Select(row => row.SiteId).Distinct().ToList();
        var sending =
            received.Count == 0
                ? []
                : (await sites.GetManyAsync(received, ct)).Values.Where(site => site.TellSubmissions).Select(site => site.Id).ToHashSet();
        return (
            hooks,
            events.Where(row => row.Type != EventTypes.SubmissionReceived || sending.Contains(row.SiteId)).ToDictionary(row => row.Id)
        );
    }

    private async Task ReturnAsync(Delivery row)
    {
        await leases.ReturnAsync([row]);
        signal.Wake();
    }

    private async Task DeliverAsync(Delivery row, Hook? hook, Event? happened)
    {
        try
        {
            await outcomes.StoreAsync(
                row,
                hook is null || happened is null
                    ? new DeliveryOutcome.Moot("There was nothing to send any more.")
                    : await TellAsync(hook, happened)
            );
        }
        catch (Exception failed)
        {
            // One delivery must not hold up the others; it comes due again when its lease ends.
            LogFailed(row.Id, failed);
            await leases.SurvivedAsync([row]);
        }
    }

    private async Task<DeliveryOutcome> TellAsync(Hook hook, Event happened)
    {
        var response = EventResponse.Of(happened);
        var began = clock.GetTimestamp();
        var outcome = await client.TellAsync(
            hook,
            response.Id,
            JsonSerializer.SerializeToUtf8Bytes(response, JsonSerializerOptions.Web),
            CancellationToken.None
        );
        metrics.Delivered(outcome, clock.GetElapsedTime(began));
        return outcome;
    }

    [LoggerMessage(LogLevel.Error, "Delivery {DeliveryId} failed inside the gateway; it comes due again by itself")]
    private partial void LogFailed(Guid deliveryId, Exception exception);
}
