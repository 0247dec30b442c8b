using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>One subscription of a person as the preference page shows it.</summary>
internal sealed record Preference(Guid ListId, string ListName, SubscriptionState State);

/// <param name="Subscriptions">Of this person at this site.</param>
internal sealed record LeaveView(Sites.Site Site, ContactList List, string Language, SubscriptionState State, IReadOnlyList<Preference> Subscriptions);

/// <summary>People leave: one list by one click or one press, any of them on their preference page, or everything. It holds at once and may be said again.</summary>
internal sealed class LeaveList(GatewayDb db, EndSubscription end, Suppressions suppressions, TimeProvider clock)
{
    /// <returns>What the holder of the link may see; null when the link is unknown, too old or for something else. Looking changes nothing.</returns>
    public async Task<LeaveView?> LookAsync(string token, LinkPurpose purpose, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var found = await (
            from link in db.LinkTokens.AsNoTracking()
            where link.Hash == hash && link.Purpose == purpose && link.ExpiresAt > now
            join subscription in db.Subscriptions.AsNoTracking() on link.SubscriptionId equals subscription.Id
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            join site in db.Sites.AsNoTracking() on subscription.SiteId equals site.Id
            join contact in db.Contacts.AsNoTracking() on subscription.ContactId equals contact.Id
            select new { subscription, list, site, contact.Language }).SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var all = await (
            from subscription in db.Subscriptions.AsNoTracking()
            where subscription.ContactId == found.subscription.ContactId
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            orderby list.Name
            select new Preference(list.Id, list.Name, subscription.State)).ToListAsync(ct);
        return new(found.site, found.list, found.Language, found.subscription.State, all);
    }

    /// <summary>Leaves the one list the link is about.</summary>
    public Task<LeaveView?> LeaveAsync(string token, string by, CancellationToken ct) =>
        ChangeAsync(token, LinkPurpose.Unsubscribe, async mine => await end.LeaveAsync(mine.ContactId, [mine.ListId], by, ct), ct);

    /// <summary>Leaves those of the shown lists that are not to be kept. One joined after the page was opened stays: nobody declined it.</summary>
    public Task<LeaveView?> KeepOnlyAsync(string token, IReadOnlySet<Guid> shown, IReadOnlySet<Guid> keep, CancellationToken ct) =>
        ChangeAsync(
            token, LinkPurpose.Preferences,
            mine => end.LeaveAsync(mine.ContactId, [.. shown.Except(keep)], "preferences", ct),
            ct);

    /// <summary>Leaves everything: nobody at this site writes to the address again, until its owner confirms afresh.</summary>
    public Task<LeaveView?> LeaveAllAsync(string token, CancellationToken ct) =>
        ChangeAsync(token, LinkPurpose.Preferences, mine => LeaveEverythingAsync(mine.SiteId, mine.ContactId, "preferences", "page", ct), ct);

    /// <summary>Every list, and a suppression that only a fresh confirmation lifts. Inside the caller's transaction.</summary>
    public async Task LeaveEverythingAsync(Guid siteId, Guid contactId, string by, string source, CancellationToken ct)
    {
        var all = await db.Subscriptions.Where(one => one.ContactId == contactId).Select(one => one.ListId).ToListAsync(ct);
        await end.LeaveAsync(contactId, all, by, ct);
        var key = await db.Contacts.Where(one => one.Id == contactId).Select(one => one.AddressKey).SingleAsync(ct);
        await suppressions.AddAsync(siteId, SuppressionChannel.Email, key, SuppressionReason.Unsubscribed, source, ct);
    }

    private async Task<LeaveView?> ChangeAsync(string token, LinkPurpose purpose, Func<Subscription, Task> change, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        await db.WriteAsync(
            async () =>
            {
                var mine = await (
                    from link in db.LinkTokens.AsNoTracking()
                    where link.Hash == hash && link.Purpose == purpose && link.ExpiresAt > now
                    join subscription in db.Subscriptions.AsNoTracking() on link.SubscriptionId equals subscription.Id
                    select subscription).SingleOrDefaultAsync(ct);
                if (mine is not null)
                {
                    await change(mine);
                }
            },
            ct);
        return await LookAsync(token, purpose, ct);
    }
}
