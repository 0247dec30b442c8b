using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Finds somebody's subscription to a list or adds it, once whoever else is adding it.</summary>
internal sealed class SubscriptionBook(GatewayDb db, TimeProvider clock)
{
    /// <summary>Holds the subscription until the caller's transaction ends, by a statement that changes nothing: of many at once one goes first, and one is new.</summary>
    /// <returns>The subscription, tracked.</returns>
    public async Task<(Subscription Subscription, bool IsNew)> FindOrAddAsync(Guid siteId, Guid contactId, Guid listId, CancellationToken ct)
    {
        var isNew = await db.InsertNewAsync([Subscription.New(siteId, contactId, listId, clock.GetUtcNow())], ct) > 0;
        var mine = db.Subscriptions.Where(one => one.ContactId == contactId && one.ListId == listId);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(one => one.UpdatedAt, one => one.UpdatedAt), ct);
        return (await mine.SingleAsync(ct), isNew);
    }
}
