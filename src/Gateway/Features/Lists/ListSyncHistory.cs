using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>How far list providers know of people, for whoever looks at one of them.</summary>
internal sealed class ListSyncHistory(GatewayDb db)
{
    /// <summary>How many changes wait to be told to the list's provider.</summary>
    public Task<int> CountWaitingAsync(Guid listId, CancellationToken ct) =>
        db.ListSyncs.CountAsync(sync => sync.ListId == listId && sync.DueAt != null, ct);

    /// <returns>By subscription; one that no provider is to know of is not in it.</returns>
    public Task<Dictionary<Guid, ListSync>> OfSubscriptionsAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct) =>
        db
            .ListSyncs.AsNoTracking()
            .Where(sync => subscriptionIds.Contains(sync.SubscriptionId))
            .ToDictionaryAsync(sync => sync.SubscriptionId, ct);
}
