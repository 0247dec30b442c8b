using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>An event that a hook was to be told of, and what came of that.</summary>
/// <param name="Data">As JSON.</param>
internal sealed record ToldEvent(Delivery Delivery, string Type, string Data, DateTime OccurredAt);

/// <summary>What hooks were told, for whoever looks at a person or at what a person sent.</summary>
internal sealed class DeliveryHistory(GatewayDb db)
{
    private const int Max = 200;

    /// <summary>Of one event, or of what happened to people since then, in its order.</summary>
    /// <param name="eventId">An event that is about no contact.</param>
    public Task<List<ToldEvent>> OfAsync(
        Guid siteId,
        Guid eventId,
        IReadOnlyCollection<Guid> contactIds,
        DateTime since,
        CancellationToken ct
    ) =>
        (
            from happened in db.Events.AsNoTracking()
            where
                happened.SiteId == siteId
                && (
                    happened.Id == eventId
                    || (happened.ContactId != null && contactIds.Contains(happened.ContactId.Value) && happened.OccurredAt >= since)
                )
            join delivery in db.Deliveries.AsNoTracking() on happened.Id equals delivery.EventId
            orderby happened.OccurredAt, delivery.Id
            select new ToldEvent(delivery, happened.Type, happened.Data, happened.OccurredAt)
        )
            .Take(Max)
            .ToListAsync(ct);
}
