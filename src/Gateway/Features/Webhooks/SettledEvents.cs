using System.Linq.Expressions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Webhooks;

/// <summary>Deliveries that arrived, or whose hook ended before.</summary>
internal sealed class SettledDeliveries(GatewayDb db)
    : SettledRows<Delivery>(db, row => (row.State == DeliveryState.Delivered || row.State == DeliveryState.Dropped) && row.DueAt == null);

/// <summary>Events that no hook is to be told of any more: one that failed to arrive can be sent again.</summary>
internal sealed class SettledEvents(GatewayDb db) : SettledRows<Event>(db, Settled(db.Deliveries))
{
    private static Expression<Func<Event, bool>> Settled(IQueryable<Delivery> deliveries) =>
        row => row.DueAt == null && !deliveries.Any(delivery => delivery.EventId == row.Id);
}
