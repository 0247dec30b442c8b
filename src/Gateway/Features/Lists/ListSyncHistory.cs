using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>How far list providers know of people, for whoever looks at one of them.</summary>
internal sealed class ListSyncHistory(GatewayDb db)
{
    /// <returns>By subscription; one that no provider is to know of is not in it.</returns>
    public Task<Dictionary<Guid, ListSync>> OfSubscriptionsAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct) =>
        db
            .ListSyncs.AsNoTracking()
            .Where(sync => subscriptionIds.Contains(sync.SubscriptionId))
            .ToDictionaryAsync(sync => sync.SubscriptionId, ct);
}
