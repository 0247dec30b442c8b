using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>Notes what providers should know. <see cref="SyncLists"/> tells them.</summary>
internal sealed class ListSyncQueue(
    GatewayDb db,
    SubscriptionStore subscriptions,
    SecretEncryption secrets,
    Signal<SyncLists> lists,
    TimeProvider clock
)
{
    /// <summary>
    /// Writes down what is desired, inside the caller's transaction. It never breaks a lease: a sync under way sees the new version and is
    /// pushed again.
    /// </summary>
    public Task EnqueueAsync(Subscription subscription, DesiredState wanted, bool fresh, CancellationToken ct) =>
        EnqueueAsync(subscription, wanted, fresh, leaver: null, ct);

    /// <summary>People who were never on the list before are on it, inside the caller's transaction.</summary>
    /// <param name="subscriptions">As they were just added.</param>
    public async Task EnqueueNewAsync(IReadOnlyCollection<Subscription> subscriptions, CancellationToken ct)
    {
        await db.InsertNewAsync([.. subscriptions.Select(one => NewSync(one, DesiredState.Subscribed, fresh: false, leaver: null))], ct);
        db.OnCommitted(lists.Wake);
    }

    /// <summary>The site took the person off one list, inside the caller's transaction.</summary>
    public Task EnqueueRemovalAsync(Subscription subscription, Contact contact, CancellationToken ct) =>
        EnqueueAsync(subscription, DesiredState.Removed, fresh: false, secrets.Protect(contact.AddressKey), ct);

    /// <summary>What is known of the person changed: every list that has them hears of it, inside the caller's transaction.</summary>
    public async Task EnqueueAgainAsync(Guid contactId, CancellationToken ct)
    {
        foreach (var subscription in await subscriptions.ConfirmedOfAsync(contactId, ct))
        {
            await EnqueueAsync(subscription, DesiredState.Subscribed, fresh: false, ct);
        }
    }

    /// <summary>
    /// Another list at the provider takes the place of this one's, and knows nobody yet: it hears of all who are on it. Inside the
    /// caller's transaction.
    /// </summary>
    public async Task EnqueueListAsync(Guid listId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        db.OnCommitted(lists.Wake);

        // What waited for the way that the list had goes the new one.
        await db
            .ListSyncs.Where(sync => sync.ListId == listId && sync.HeldBy != null && sync.DueAt != null)
            .ExecuteUpdateAsync(set => set.SetProperty(sync => sync.HeldBy, (string?)null).SetProperty(sync => sync.DueAt, now), ct);
        await db
            .ListSyncs.Where(sync => sync.ListId == listId && sync.Desired == DesiredState.Subscribed)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(sync => sync.DesiredVersion, sync => sync.DesiredVersion + 1)
                        .SetProperty(sync => sync.Synced, (DesiredState?)null)
                        .SetProperty(sync => sync.SyncedAt, (DateTime?)null)
                        .SetProperty(sync => sync.Remark, (string?)null)
                        .SetProperty(sync => sync.Failures, 0)
                        .SetProperty(sync => sync.Failure, (string?)null)
                        .SetProperty(sync => sync.DueAt, sync => sync.DueAt ?? now),
                ct
            );
    }

    /// <param name="leaver">The encrypted address of whom the provider should know no more.</param>
    private async Task EnqueueAsync(Subscription subscription, DesiredState wanted, bool fresh, string? leaver, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keepsFresh = wanted == DesiredState.Subscribed;
        var row = NewSync(subscription, wanted, fresh, leaver);
        if (await db.InsertNewAsync([row], ct) == 0)
        {
            await db
                .ListSyncs.Where(sync => sync.SubscriptionId == subscription.Id)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(sync => sync.Desired, wanted)
                            .SetProperty(sync => sync.DesiredVersion, sync => sync.DesiredVersion + 1)
                            // A fresh confirmation that was not pushed yet stays fresh, whatever else changes about the person.
                            .SetProperty(sync => sync.Fresh, sync => fresh || (keepsFresh && sync.Fresh))
                            .SetProperty(sync => sync.ErasedAddress, leaver)
                            .SetProperty(sync => sync.Failures, 0)
                            .SetProperty(sync => sync.Failure, (string?)null)
                            // A row that is leased keeps its lease; its worker makes it due again when it sees the version.
                            .SetProperty(sync => sync.DueAt, sync => sync.DueAt ?? now.UtcDateTime),
                    ct
                );
        }
    }

    private ListSync NewSync(Subscription subscription, DesiredState wanted, bool fresh, string? leaver)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = subscription.SiteId,
            SubscriptionId = subscription.Id,
            ContactId = subscription.ContactId,
            ListId = subscription.ListId,
            Desired = wanted,
            DesiredVersion = 1,
            Fresh = fresh,
            ErasedAddress = leaver,
            DueAt = now.UtcDateTime,
        };
    }

    /// <summary>
    /// The person is being erased here, inside the caller's transaction: providers that may have heard of the address are to forget it.
    /// </summary>
    /// <returns>How many lists.</returns>
    public async Task<int> ForgetAsync(DataSubject person, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var address = secrets.Protect(person.AddressKey);
        var rows = db.ListSyncs.Where(sync => sync.ContactId == person.ContactId);
        var untold = await rows.Where(sync => sync.Attempts == 0 || (sync.Synced == null && sync.DueAt == null && sync.Failure == null))
            .ExecuteDeleteAsync(ct);
        var told = await rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(sync => sync.Desired, DesiredState.Removed)
                    .SetProperty(sync => sync.DesiredVersion, sync => sync.DesiredVersion + 1)
                    .SetProperty(sync => sync.Fresh, false)
                    .SetProperty(sync => sync.ErasedAddress, address)
                    .SetProperty(sync => sync.Failures, 0)
                    .SetProperty(sync => sync.Failure, (string?)null)
                    .SetProperty(sync => sync.DueAt, sync => sync.DueAt ?? now),
            ct
        );
        return untold + told;
    }

    /// <summary>Pushes again, now, what a provider refused or could not take. Inside the caller's transaction.</summary>
    /// <returns>False when the row is not there or did not fail.</returns>
    public async Task<bool> ReplayAsync(Guid syncId, CancellationToken ct)
    {
        db.OnCommitted(lists.Wake);
        return await db
                .ListSyncs.Where(sync => sync.Id == syncId && sync.Failure != null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(sync => sync.Failures, 0)
                            .SetProperty(sync => sync.Failure, (string?)null)
                            .SetProperty(sync => sync.DueAt, clock.GetUtcNow().UtcDateTime),
                    ct
                ) > 0;
    }
}
