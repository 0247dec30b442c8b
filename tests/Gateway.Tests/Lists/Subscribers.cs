using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Lists;

/// <summary>People on a site's list, as confirming and leaving would have made them.</summary>
internal static class Subscribers
{
    public static Task<SiteUnderTest> NewMailjetSiteAsync(this GatewayUnderTest gateway, FakeList list) =>
        gateway.NewSiteAsync(list: row => (row.Provider, row.ProviderListId) = ("mailjet", list.Id));

    /// <summary>The site's list lives at an account from now on.</summary>
    public static Task<int> KeepsListAsync(this SiteUnderTest site, IListMembers account, string connection) =>
        site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(list => list.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(list => list.Provider, account.Provider)
                                .SetProperty(list => list.ProviderListId, account.ListId)
                                .SetProperty(list => list.ConnectionId, PublicId.Parse(PublicId.Connection, connection))
                        ),
                CancellationToken.None
            )
        );

    public static async Task<Subscription> SubscribeAsync(
        this SiteUnderTest site,
        string email,
        bool fresh = true,
        Action<Contact, Subscription>? change = null
    ) => (await site.SubscribeAsync([email], fresh, change))[0];

    /// <summary>All in one transaction, so that the worker finds them together.</summary>
    public static async Task<Subscription[]> SubscribeAsync(
        this SiteUnderTest site,
        string[] emails,
        bool fresh = true,
        Action<Contact, Subscription>? change = null
    )
    {
        var now = site.Gateway.Clock.GetUtcNow().UtcDateTime;
        var rows = emails
            .Select(email =>
            {
                var contact = new Contact
                {
                    Id = Guid.CreateVersion7(),
                    SiteId = site.Id,
                    Address = email,
                    AddressKey = email,
                    CreatedAt = now,
                };
                var subscription = new Subscription
                {
                    Id = Guid.CreateVersion7(),
                    SiteId = site.Id,
                    ContactId = contact.Id,
                    ListId = site.List.Id,
                    State = SubscriptionState.Confirmed,
                    ConfirmedAt = now,
                    UpdatedAt = now,
                };
                change?.Invoke(contact, subscription);
                return (contact, subscription);
            })
            .ToArray();
        await site.WriteAsync(
            async (db, syncs) =>
            {
                db.AddRange(rows.Select(row => row.contact));
                db.AddRange(rows.Select(row => row.subscription));
                await db.SaveChangesAsync();
                foreach (var (_, subscription) in rows)
                {
                    await syncs.EnqueueAsync(subscription, DesiredState.Subscribed, fresh, CancellationToken.None);
                }
            }
        );
        return [.. rows.Select(row => row.subscription)];
    }

    /// <summary>Leaves by the page: state, suppression and wish in one transaction.</summary>
    public static Task UnsubscribeAsync(this SiteUnderTest site, Subscription subscription) =>
        site.WriteAsync(
            async (db, syncs) =>
            {
                await db
                    .Subscriptions.Where(row => row.Id == subscription.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Unsubscribed));
                await syncs.EnqueueAsync(subscription, DesiredState.Unsubscribed, fresh: false, CancellationToken.None);
            }
        );

    public static Task EnqueueAsync(this SiteUnderTest site, Subscription subscription, DesiredState wanted, bool fresh) =>
        site.WriteAsync((_, syncs) => syncs.EnqueueAsync(subscription, wanted, fresh, CancellationToken.None));

    public static async Task WriteAsync(this SiteUnderTest site, Func<GatewayDb, ListSyncQueue, Task> work)
    {
        await using var scope = site.Gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        await db.WriteAsync(() => work(db, scope.ServiceProvider.GetRequiredService<ListSyncQueue>()), CancellationToken.None);
        site.Gateway.Signal();
    }

    /// <summary>An operator says: again, now.</summary>
    public static async Task ReplayAsync(this SiteUnderTest site, ListSync sync)
    {
        await using var scope = site.Gateway.Services.CreateAsyncScope();
        var replayed = await scope.ServiceProvider.GetRequiredService<ListSyncQueue>().ReplayAsync(sync.Id, CancellationToken.None);

        // A worker may have been quicker: then nothing is left that failed.
        var isDone = await site.Gateway.InDatabaseAsync(db => db.ListSyncs.AllAsync(row => row.Id != sync.Id || row.Failure == null));
        Assert.True(replayed || isDone);
        site.Gateway.Signal();
    }

    public static async Task SuppressAsync(this SiteUnderTest site, string email, SuppressionReason reason)
    {
        await using var scope = site.Gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var suppressions = scope.ServiceProvider.GetRequiredService<Suppressions>();
        await db.WriteAsync(
            () => suppressions.AddAsync(site.Id, SuppressionChannel.Email, email, reason, "page", CancellationToken.None),
            CancellationToken.None
        );
    }

    /// <summary>Waits until the sync of a subscription is as it should be.</summary>
    public static Task<ListSync> SyncedAsync(this SiteUnderTest site, Subscription subscription, Func<ListSync, bool> enough) =>
        Eventually.BecomesAsync(
            () =>
                site.Gateway.InDatabaseAsync(db => db.ListSyncs.AsNoTracking().SingleAsync(row => row.SubscriptionId == subscription.Id)),
            enough
        );

    /// <summary>
    /// The same with a clock that goes on while it waits: what was under way when the clock jumped, or died there, is due again later.
    /// </summary>
    public static Task<ListSync> InTimeAsync(this SiteUnderTest site, Subscription subscription, Func<ListSync, bool> enough) =>
        site.SyncedAsync(
            subscription,
            row =>
            {
                var isEnough = enough(row);
                if (!isEnough)
                {
                    site.Gateway.Advance(TimeSpan.FromMinutes(1));
                }

                return isEnough;
            }
        );

    public static Task<ListSync> ToldAsync(this SiteUnderTest site, Subscription subscription) =>
        site.SyncedAsync(subscription, row => row.DueAt is null && row.Synced is not null);

    public static Task<ListSync> FailedAsync(this SiteUnderTest site, Subscription subscription) =>
        site.SyncedAsync(subscription, row => row.Failure is not null);

    /// <summary>Waits until the sync of a subscription waits: for a connection that is held, or for its own next try.</summary>
    public static Task<ListSync> HeldAsync(this SiteUnderTest site, Subscription subscription) =>
        site.SyncedAsync(subscription, row => row.HeldBy is not null || (row.Failures > 0 && row.DueAt is not null));

    /// <summary>Whatever it waits for, it is tried now.</summary>
    public static Task TryNowAsync(this SiteUnderTest site, ListSync sync) =>
        sync.HeldBy is null ? site.ReplayAsync(sync) : site.ProbeAsync();

    public static async Task ProbeAsync(this SiteUnderTest site)
    {
        await site.Gateway.Services.GetRequiredService<Outages>().ProbeNowAsync(CancellationToken.None);
        site.Gateway.Signal();
    }

    public static Task<List<string>> EventsAsync(this SiteUnderTest site, string type) =>
        site.Gateway.InDatabaseAsync(db =>
            db.Events.AsNoTracking()
                .Where(row => row.SiteId == site.Id && row.Type == type)
                .OrderBy(row => row.Id)
                .Select(row => row.Data)
                .ToListAsync()
        );
}
