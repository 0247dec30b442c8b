using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Ends the wait of a subscription once none of its requests can be confirmed any more.</summary>
internal sealed class UnansweredSubscriptions(GatewayDb db, SubscriptionStore subscriptions, Events events)
{
    /// <param name="request">One that has just ended without a confirmation. Runs inside the caller's transaction.</param>
    public async Task EndAsync(OptInRequest request, CancellationToken ct)
    {
        var waitsElsewhere = await db.OptInRequests.AnyAsync(
            one => one.SubscriptionId == request.SubscriptionId && (one.State == OptInState.Pending || one.State == OptInState.Held),
            ct
        );
        if (!waitsElsewhere && await subscriptions.ExpireAsync(request.SubscriptionId, ct))
        {
            var happened = events.Of(
                EventTypes.SubscriptionExpired,
                request.SiteId,
                request.ContactId,
                new
                {
                    contact = PublicId.Format(PublicId.Contact, request.ContactId),
                    list = PublicId.Format(PublicId.List, request.ListId),
                }
            );
            await events.WriteAsync(db, [happened], ct);
        }
    }
}
