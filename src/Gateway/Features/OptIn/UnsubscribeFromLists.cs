using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>One subscription of a person as the preference page shows it.</summary>
internal sealed record Preference(ShownList List, SubscriptionState State);

/// <param name="Subscriptions">Of this person at this site.</param>
internal sealed record UnsubscribePageModel(
    Site Site,
    ContactList List,
    string Language,
    SubscriptionState State,
    IReadOnlyList<Preference> Subscriptions
);

/// <summary>
/// People leave: one list by one click or one press, any of them on their preference page, or everything. It holds at once and may be said
/// again.
/// </summary>
internal sealed class UnsubscribeFromLists(
    GatewayDb db,
    SiteStore sites,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    EndSubscription end,
    Suppressions suppressions,
    SignsOfLife signs,
    TimeProvider clock
)
{
    /// <returns>What the holder of the link may see; null when the link is unknown, too old or for something else. Looking changes
    /// nothing.</returns>
    public async Task<UnsubscribePageModel?> LookAsync(string token, LinkPurpose purpose, CancellationToken ct)
    {
        if (await SubscriptionOfAsync(token, purpose, ct) is not { } mine)
        {
            return null;
        }

        var all = await subscriptions.OfContactAsync(mine.ContactId, ct);
        if (all.Find(one => one.Subscription.Id == mine.Id) is not { } found)
        {
            return null;
        }

        return new(
            await sites.GetAsync(mine.SiteId, ct),
            found.List,
            found.Contact.Language,
            found.Subscription.State,
            all.ConvertAll(one => new Preference(one.List.In(found.Contact.Language), one.Subscription.State))
        );
    }

    /// <summary>Leaves the one list the link is about.</summary>
    public Task<UnsubscribePageModel?> UnsubscribeAsync(string token, string by, CancellationToken ct) =>
        ChangeAsync(token, LinkPurpose.Unsubscribe, async mine => await end.UnsubscribeAsync(mine.ContactId, [mine.ListId], by, ct), ct);

    /// <summary>
    /// Leaves those of the shown lists that are not to be kept. One joined after the page was opened stays: nobody declined it. What is
    /// kept was chosen, and that is a sign of life.
    /// </summary>
    public Task<UnsubscribePageModel?> KeepOnlyAsync(
        string token,
        IReadOnlySet<Guid> shown,
        IReadOnlySet<Guid> keep,
        CancellationToken ct
    ) =>
        ChangeAsync(
            token,
            LinkPurpose.Preferences,
            async mine =>
            {
                await end.UnsubscribeAsync(mine.ContactId, [.. shown.Except(keep)], "preferences", ct);
                var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
                await signs.SeenAsync(
                    [.. shown.Intersect(keep).Select(list => new SignOfLife(mine.SiteId, mine.ContactId, list, today))],
                    ct
                );
            },
            ct
        );

    /// <summary>Leaves everything: nobody at this site writes to the address again, until its owner confirms afresh.</summary>
    public Task<UnsubscribePageModel?> UnsubscribeFromAllAsync(string token, CancellationToken ct) =>
        ChangeAsync(
            token,
            LinkPurpose.Preferences,
            mine => UnsubscribeFromAllAsync(mine.SiteId, mine.ContactId, "preferences", "page", ct),
            ct
        );

    /// <summary>Every list, and a suppression that only a fresh confirmation lifts. Inside the caller's transaction.</summary>
    public async Task UnsubscribeFromAllAsync(Guid siteId, Guid contactId, string by, string source, CancellationToken ct)
    {
        var all = await subscriptions.OfContactAsync(contactId, ct);
        await end.UnsubscribeAsync(contactId, [.. all.Select(one => one.List.Id)], by, ct);
        var key = (await contacts.GetAsync(contactId, ct)).AddressKey;
        await suppressions.AddAsync(siteId, SuppressionChannel.Email, key, SuppressionReason.Unsubscribed, source, ct);
    }

    private async Task<UnsubscribePageModel?> ChangeAsync(
        string token,
        LinkPurpose purpose,
        Func<Subscription, Task> change,
        CancellationToken ct
    )
    {
        await db.WriteAsync(
            async () =>
            {
                if (await SubscriptionOfAsync(token, purpose, ct) is { } mine)
                {
                    await change(mine);
                }
            },
            ct
        );
        return await LookAsync(token, purpose, ct);
    }

    /// <returns>Null when the link is unknown, too old or for something else.</returns>
    private async Task<Subscription?> SubscriptionOfAsync(string token, LinkPurpose purpose, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var link = await db
            .LinkTokens.AsNoTracking()
            .SingleOrDefaultAsync(one => one.Hash == hash && one.Purpose == purpose && one.ExpiresAt > now, ct);
        return link is null ? null : await subscriptions.FindAsync(link.SubscriptionId, ct);
    }
}
