using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>The queue of deliveries to hooks, and those that were given up.</summary>
internal sealed class FailedDeliveries(GatewayDb db, ReplayDelivery replay, TimeProvider clock)
    : FailableQueueTable<Delivery>(db, clock, "deliveries", PublicId.Delivery, row => row.State == DeliveryState.Failed)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange() ? "Only a submission can be replayed with another field or list."
        : await replay.ReplayAsync(id, ct) ? null
        : "The hook has ended: nobody receives its events any more.";

    public override Task SetAsideAsync(IQueryable<Delivery> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, DeliveryState.Failed)
                    .SetProperty(row => row.Answer, ISetAside<Delivery>.Reason)
                    .SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<Delivery> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Losses >= Leases.SetAsideLosses ? ISetAside<Delivery>.Code : "hook_failed",
            Reason = row.Answer,
            Since = row.CreatedAt,
        });
}
