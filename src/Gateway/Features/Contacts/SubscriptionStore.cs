using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>One subscription with the person and the list it joins.</summary>
internal sealed record SubscriptionOfContact(Subscription Subscription, Contact Contact, ContactList List);

/// <summary>Finds subscriptions to lists and adds those that are new, each once whoever else is adding it.</summary>
internal sealed class SubscriptionStore(GatewayDb db, TimeProvider clock)
{
    /// <summary>Holds the subscription until the caller's transaction ends: of many at once one goes first, and one is new.</summary>
    /// <returns>The subscription, tracked.</returns>
    public async Task<(Subscription Subscription, bool IsNew)> FindOrAddAsync(
        Guid siteId,
        Guid contactId,
        Guid listId,
        CancellationToken ct
    )
    {
        var isNew = await db.InsertNewAsync([Subscription.New(siteId, contactId, listId, clock.GetUtcNow())], ct) > 0;
        var mine = db.Subscriptions.Where(one => one.ContactId == contactId && one.ListId == listId);
        await mine.LockAsync(ct);
        return (await mine.SingleAsync(ct), isNew);
    }

    /// <param name="subscriptions">As they would be added; one that is there already stays as it is.</param>
    /// <returns>The stored subscription of each person and list; one that was added has the id that was given. Runs inside the caller's
    /// transaction.</returns>
    public async Task<Dictionary<(Guid ContactId, Guid ListId), Subscription>> FindOrAddAsync(
        IEnumerable<Subscription> subscriptions,
        CancellationToken ct
    )
    {
        // Sorted, so that two workers lock the same rows in the same order.
        var wanted = subscriptions
            .DistinctBy(row => (row.ContactId, row.ListId))
            .OrderBy(row => row.ContactId)
            .ThenBy(row => row.ListId)
            .ToList();
        if (await db.InsertNewAsync(wanted, ct) == wanted.Count)
        {
            return wanted.ToDictionary(row => (row.ContactId, row.ListId));
        }

        var contactIds = wanted.Select(row => row.ContactId).Distinct().ToList();
        var stored = await db.Subscriptions.AsNoTracking().Where(row => contactIds.Contains(row.ContactId)).ToListAsync(ct);
        return stored.ToDictionary(row => (row.ContactId, row.ListId));
    }

    /// <returns>Tracked: what is changed of it is stored by the caller's transaction.</returns>
    public Task<Subscription> GetTrackedAsync(Guid subscriptionId, CancellationToken ct) =>
        db.Subscriptions.SingleAsync(one => one.Id == subscriptionId, ct);

    /// <returns>Null when it is gone.</returns>
    public Task<Subscription?> FindAsync(Guid subscriptionId, CancellationToken ct) =>
        db.Subscriptions.AsNoTracking().SingleOrDefaultAsync(one => one.Id == subscriptionId, ct);

    /// <returns>Those that are still there.</returns>
    public async Task<Dictionary<Guid, SubscriptionOfContact>> GetManyAsync(
        IReadOnlyCollection<Guid> subscriptionIds,
        CancellationToken ct
    )
    {
        var found = await (
            from subscription in db.Subscriptions.AsNoTracking()
            where subscriptionIds.Contains(subscription.Id)
            join contact in db.Contacts.AsNoTracking() on subscription.ContactId equals contact.Id
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            select new
            {
                subscription,
                contact,
                list,
            }
        ).ToListAsync(ct);
        return found.ToDictionary(one => one.subscription.Id, one => new SubscriptionOfContact(one.subscription, one.contact, one.list));
    }

    /// <summary>All of one person, by the names of the lists.</summary>
    public async Task<List<SubscriptionOfContact>> OfContactAsync(Guid contactId, CancellationToken ct)
    {
        var found = await (
            from subscription in db.Subscriptions.AsNoTracking()
            where subscription.ContactId == contactId
            join contact in db.Contacts.AsNoTracking() on subscription.ContactId equals contact.Id
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            orderby list.Name
            select new
            {
                subscription,
                contact,
                list,
            }
        ).ToListAsync(ct);
        return found.ConvertAll(one => new SubscriptionOfContact(one.subscription, one.contact, one.list));
    }

    /// <returns>The subscriptions of each of the people, in the order in which they were made.</returns>
    public async Task<ILookup<Guid, Subscription>> OfContactsAsync(IReadOnlyCollection<Guid> contactIds, CancellationToken ct) =>
        (
            await db.Subscriptions.AsNoTracking().Where(one => contactIds.Contains(one.ContactId)).OrderBy(one => one.Id).ToListAsync(ct)
        ).ToLookup(one => one.ContactId);

    /// <summary>The lists on which the people are, confirmed, by person.</summary>
    public async Task<ILookup<Guid, Guid>> ConfirmedListsAsync(IReadOnlyCollection<Guid> contactIds, CancellationToken ct) =>
        (
            contactIds.Count == 0
                ? []
                : await db
                    .Subscriptions.AsNoTracking()
                    .Where(row => contactIds.Contains(row.ContactId) && row.State == SubscriptionState.Confirmed)
                    .Select(row => new { row.ContactId, row.ListId })
                    .ToListAsync(ct)
        ).ToLookup(row => row.ContactId, row => row.ListId);

    /// <summary>The confirmed subscriptions of one person, the oldest first.</summary>
    public Task<List<Subscription>> ConfirmedOfAsync(Guid contactId, CancellationToken ct) =>
        db
            .Subscriptions.AsNoTracking()
            .Where(one => one.ContactId == contactId && one.State == SubscriptionState.Confirmed)
            .OrderBy(one => one.Id)
            .ToListAsync(ct);

    /// <returns>Of the addresses, those whose owner is confirmed on the list.</returns>
    public async Task<HashSet<string>> ConfirmedAddressesAsync(
        ContactList list,
        IReadOnlyCollection<string> addressKeys,
        CancellationToken ct
    ) =>
        addressKeys.Count == 0
            ? []
            :
            [
                .. await (
                    from contact in db.Contacts.AsNoTracking()
                    where contact.SiteId == list.SiteId && addressKeys.Contains(contact.AddressKey)
                    join subscription in db.Subscriptions.AsNoTracking() on contact.Id equals subscription.ContactId
                    where subscription.ListId == list.Id && subscription.State == SubscriptionState.Confirmed
                    select contact.AddressKey
                ).ToListAsync(ct),
            ];

    /// <summary>Confirmed and pending subscriptions of each list of a site.</summary>
    public async Task<Dictionary<(Guid ListId, SubscriptionState State), int>> CountByListAsync(Guid siteId, CancellationToken ct)
    {
        // One after the other, so that each is counted in an index.
        var counts = new Dictionary<(Guid ListId, SubscriptionState State), int>();
        var ofSite = db.Subscriptions.Where(row => row.SiteId == siteId);
        await AddAsync(SubscriptionState.Confirmed, ofSite.Where(row => row.State == SubscriptionState.Confirmed));
        await AddAsync(SubscriptionState.Pending, ofSite.Where(row => row.State == SubscriptionState.Pending));
        return counts;

        async Task AddAsync(SubscriptionState state, IQueryable<Subscription> rows)
        {
            var lists = await rows.GroupBy(row => row.ListId).Select(list => new { list.Key, Count = list.Count() }).ToListAsync(ct);
            lists.ForEach(list => counts[(list.Key, state)] = list.Count);
        }
    }

    /// <summary>Members of a list, who changed last first.</summary>
    public async Task<List<SubscriptionOfContact>> OfListAsync(Guid listId, int limit, CancellationToken ct)
    {
        var found = await (
            from subscription in db.Subscriptions.AsNoTracking()
            where subscription.ListId == listId
            join contact in db.Contacts.AsNoTracking() on subscription.ContactId equals contact.Id
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            orderby subscription.UpdatedAt descending
            select new
            {
                subscription,
                contact,
                list,
            }
        )
            .Take(limit)
            .ToListAsync(ct);
        return found.ConvertAll(one => new SubscriptionOfContact(one.subscription, one.contact, one.list));
    }

    /// <summary>One statement, so that of many at once one wins. Inside the caller's transaction.</summary>
    /// <returns>False when it was in none of the states <paramref name="from"/>.</returns>
    public async Task<bool> MoveAsync(
        Guid subscriptionId,
        IReadOnlyCollection<SubscriptionState> from,
        SubscriptionState to,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return await db
                .Subscriptions.Where(one => one.Id == subscriptionId && from.Contains(one.State))
                .ExecuteUpdateAsync(
                    set =>
                    {
                        set.SetProperty(one => one.State, to).SetProperty(one => one.UpdatedAt, now);
                        if (to == SubscriptionState.Unsubscribed)
                        {
                            set.SetProperty(one => one.LeftAt, (DateTime?)now);
                        }
                    },
                    ct
                ) > 0;
    }

    /// <summary>The person says anew that they want to be on the list they are on, inside the caller's transaction.</summary>
    public Task ConfirmAgainAsync(Guid subscriptionId, DateTime now, CancellationToken ct) =>
        db
            .Subscriptions.Where(one => one.Id == subscriptionId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.ConfirmedAt, (DateTime?)now)
                        .SetProperty(one => one.UpdatedAt, now)
                        .SetProperty(one => one.LastSignOn, (DateOnly?)DateOnly.FromDateTime(now)),
                ct
            );

    /// <summary>The person leaves a list of which they had said "this wasn't me": both are remembered, and the stronger stays.</summary>
    /// <returns>False when it is not cancelled.</returns>
    public async Task<bool> LeaveCancelledAsync(Guid subscriptionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return await db
                .Subscriptions.Where(one => one.Id == subscriptionId && one.State == SubscriptionState.Cancelled && one.LeftAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.LeftAt, (DateTime?)now), ct) > 0;
    }

    /// <summary>
    /// Nobody answered in time, inside the caller's transaction. Who had left before is where they were: a sign-up that anybody may type
    /// does not undo that.
    /// </summary>
    /// <returns>False when it was not pending.</returns>
    public async Task<bool> ExpireAsync(Guid subscriptionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var pending = db.Subscriptions.Where(one => one.Id == subscriptionId && one.State == SubscriptionState.Pending);
        return await pending
                .Where(one => one.LeftAt != null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(one => one.State, SubscriptionState.Unsubscribed).SetProperty(one => one.UpdatedAt, now),
                    ct
                ) > 0
            || await pending.ExecuteUpdateAsync(
                set => set.SetProperty(one => one.State, SubscriptionState.Expired).SetProperty(one => one.UpdatedAt, now),
                ct
            ) > 0;
    }

    /// <summary>The mail that asks came back, so nobody was bothered by it: once that is lifted the next may go at once.</summary>
    /// <inheritdoc cref="ExpireAsync"/>
    public async Task<bool> ExpireBouncedAsync(Guid subscriptionId, CancellationToken ct) =>
        await ExpireAsync(subscriptionId, ct)
        && await db
            .Subscriptions.Where(one => one.Id == subscriptionId)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.MailsSent, 0), ct) > 0;

    /// <summary>Holds the rows until the caller's transaction ends.</summary>
    public Task LockAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct) =>
        db.Subscriptions.Where(one => subscriptionIds.Contains(one.Id)).LockAsync(ct);

    /// <summary>
    /// Holds how somebody stands on a list until the caller's transaction ends: of many who would change it, one goes first.
    /// </summary>
    /// <returns>Null when they were never asked to join it.</returns>
    public async Task<Subscription?> LockAsync(Guid contactId, Guid listId, CancellationToken ct)
    {
        var mine = db.Subscriptions.Where(one => one.ContactId == contactId && one.ListId == listId);
        return await mine.LockAsync(ct) == 0 ? null : await mine.AsNoTracking().SingleAsync(ct);
    }

    /// <summary>Their confirmation mails wait for a budget. Inside the caller's transaction.</summary>
    public async Task HoldBackAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct)
    {
        if (subscriptionIds.Count > 0)
        {
            await db
                .Subscriptions.Where(one => subscriptionIds.Contains(one.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.IsHeldBack, true), ct);
        }
    }

    /// <summary>Their mails that waited go out now, so now the pause until the next begins. Inside the caller's transaction.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Guid> subscriptionIds, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await db
            .Subscriptions.Where(one => subscriptionIds.Contains(one.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(one => one.IsHeldBack, false).SetProperty(one => one.LastMailAt, (DateTime?)now),
                ct
            );
    }

    /// <summary>
    /// "This wasn't me" is taken back, inside the caller's transaction: the person may be asked again, and at once, since the pauses
    /// between mails are against strangers. Who had left before has still left.
    /// </summary>
    /// <returns>False when it was not cancelled.</returns>
    public async Task<bool> ReopenAsync(Guid subscriptionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var cancelled = db.Subscriptions.Where(one => one.Id == subscriptionId && one.State == SubscriptionState.Cancelled);
        return await ReopenAsync(cancelled.Where(one => one.LeftAt != null), SubscriptionState.Unsubscribed, now, ct) > 0
            || await ReopenAsync(cancelled, SubscriptionState.Expired, now, ct) > 0;
    }

    private static Task<int> ReopenAsync(IQueryable<Subscription> which, SubscriptionState to, DateTime now, CancellationToken ct) =>
        which.ExecuteUpdateAsync(
            set => set.SetProperty(one => one.State, to).SetProperty(one => one.MailsSent, 0).SetProperty(one => one.UpdatedAt, now),
            ct
        );

    /// <summary>Deletes one that nobody confirmed in time and nobody had left, inside the caller's transaction.</summary>
    /// <returns>False when it is none of these.</returns>
    public async Task<bool> DeleteExpiredAsync(Guid subscriptionId, CancellationToken ct) =>
        await db.Subscriptions.Where(one => one.Id == subscriptionId && one.State == SubscriptionState.Expired).ExecuteDeleteAsync(ct)
        > 0;
}
