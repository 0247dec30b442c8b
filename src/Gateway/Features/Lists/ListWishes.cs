using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>Notes what providers should know. <see cref="SyncLists"/> tells them.</summary>
internal sealed class ListWishes(GatewayDb db, TimeProvider clock)
{
    /// <summary>Writes down the wish, inside the caller's transaction. It never breaks a lease: a sync under way sees the new version and is told again.</summary>
    public async Task WantAsync(Subscription subscription, WantedState wanted, bool fresh, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var row = new ListSync
        {
            Id = Guid.CreateVersion7(now),
            SiteId = subscription.SiteId,
            SubscriptionId = subscription.Id,
            ContactId = subscription.ContactId,
            ListId = subscription.ListId,
            Wanted = wanted,
            WantedVersion = 1,
            Fresh = fresh,
            DueAt = now.UtcDateTime,
        };
        if (await db.InsertNewAsync([row], ct) == 0)
        {
            await db.ListSyncs.Where(sync => sync.SubscriptionId == subscription.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(sync => sync.Wanted, wanted)
                    .SetProperty(sync => sync.WantedVersion, sync => sync.WantedVersion + 1)
                    .SetProperty(sync => sync.Fresh, fresh)
                    .SetProperty(sync => sync.Failures, 0)
                    .SetProperty(sync => sync.Failure, (string?)null)
                    // A row that is leased keeps its lease; its worker makes it due again when it sees the version.
                    .SetProperty(sync => sync.DueAt, sync => sync.DueAt ?? now.UtcDateTime),
                ct);
        }
    }
}
