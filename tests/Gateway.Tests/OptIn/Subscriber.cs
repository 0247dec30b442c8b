using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

/// <summary>A person who signed up at a site, with the links of the mails they got.</summary>
internal sealed record Subscriber(SiteUnderTest Site, string Address, MessageSecrets Links)
{
    public string Confirm => "/c/" + Links.Confirm;

    public string Leave => "/u/" + Links.Unsubscribe;

    public string Preferences => "/p/" + Links.Preferences;

    /// <summary>Signs up and waits for the mail with link and code.</summary>
    public static async Task<Subscriber> SignUpAsync(
        GatewayUnderTest gateway,
        string locale = "en_US",
        Action<Features.Sites.Site>? site = null,
        Action<ContactList>? list = null
    )
    {
        var mine = await gateway.NewSiteAsync(site, list);
        var address = $"{Guid.CreateVersion7():N}@pages.example";
        await mine.SubmitAsync(email: address, change: body => body["form"]!["locale"] = locale);
        return new(mine, address, await mine.LinksForAsync(address));
    }

    /// <summary>Signs up, confirms, and waits for the welcome mail with the links to leave.</summary>
    public static async Task<Subscriber> JoinAsync(
        GatewayUnderTest gateway,
        string locale = "en_US",
        Action<Features.Sites.Site>? site = null
    )
    {
        var one = await SignUpAsync(gateway, locale, site, list => list.Welcome = true);
        await one.Site.ConfirmAsync(one.Confirm);
        return one with { Links = await one.Site.LinksForAsync(one.Address, mails: 2) };
    }

    /// <summary>Joins another list of the same site.</summary>
    public async Task<ContactList> JoinAnotherAsync(string name)
    {
        var (list, token) = await SignUpForAnotherAsync(name);
        await Site.ConfirmAsync("/c/" + token);
        return list;
    }

    /// <summary>Signs up for another list of the same site, and does not confirm.</summary>
    public async Task<(ContactList List, string Token)> SignUpForAnotherAsync(string name)
    {
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(),
            SiteId = Site.Id,
            Name = name,
            CreatedAt = Site.Gateway.Clock.GetUtcNow().UtcDateTime,
        };
        await Site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([list], CancellationToken.None), CancellationToken.None)
        );
        var mails = (await Site.Gateway.MailsToAsync(Address, 1)).Count;
        await Site.SubmitAsync(email: Address, change: body => body["subscribe"]![0]!["list"] = PublicId.Format(PublicId.List, list.Id));
        return (list, (await Site.LinksForAsync(Address, mails + 1)).Confirm!);
    }

    /// <summary>Lets time pass for the rows of this site alone: the clock belongs to every test.</summary>
    public Task PassAsync(TimeSpan by) =>
        Site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    foreach (var request in await db.OptInRequests.Where(row => row.SiteId == Site.Id).ToListAsync())
                    {
                        request.ExpiresAt -= by;
                        request.DueAt = null;
                    }

                    foreach (var subscription in await db.Subscriptions.Where(row => row.SiteId == Site.Id).ToListAsync())
                    {
                        subscription.LastMailAt -= by;
                        foreach (var token in await db.LinkTokens.Where(row => row.SubscriptionId == subscription.Id).ToListAsync())
                        {
                            token.ExpiresAt -= by;
                        }
                    }

                    return await db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );

    public Task<SubscriptionState> StateAsync(Guid? list = null) =>
        Site.Gateway.InDatabaseAsync(db =>
            db.Subscriptions.Where(row => row.SiteId == Site.Id && row.ListId == (list ?? Site.List.Id))
                .Select(row => row.State)
                .SingleAsync()
        );

    public Task<List<Consent>> LedgerAsync() =>
        Site.Gateway.InDatabaseAsync(db =>
            db.Consents.AsNoTracking().Where(row => row.SiteId == Site.Id).OrderBy(row => row.Sequence).ToListAsync()
        );

    /// <summary>Everything that a page could change, as one text.</summary>
    public Task<string> RowsAsync() =>
        Site.Gateway.InDatabaseAsync(async db =>
            System.Text.Json.JsonSerializer.Serialize(
                new
                {
                    Subscriptions = await db
                        .Subscriptions.AsNoTracking()
                        .Where(row => row.SiteId == Site.Id)
                        .OrderBy(row => row.Id)
                        .ToListAsync(),
                    Requests = await db
                        .OptInRequests.AsNoTracking()
                        .Where(row => row.SiteId == Site.Id)
                        .OrderBy(row => row.Id)
                        .ToListAsync(),
                    Tokens = await (
                        from token in db.LinkTokens.AsNoTracking()
                        join subscription in db.Subscriptions on token.SubscriptionId equals subscription.Id
                        where subscription.SiteId == Site.Id
                        orderby token.ExpiresAt
                        select token
                    ).ToListAsync(),
                    Consents = await db.Consents.AsNoTracking().Where(row => row.SiteId == Site.Id).OrderBy(row => row.Id).ToListAsync(),
                    Desired = await db
                        .ListSyncs.AsNoTracking()
                        .Where(row => row.SiteId == Site.Id)
                        .Select(row => new { row.Desired, row.DesiredVersion })
                        .ToListAsync(),
                    Suppressions = await db.Suppressions.AsNoTracking().Where(row => row.SiteId == Site.Id).ToListAsync(),
                    Messages = await db.Messages.CountAsync(row => row.SiteId == Site.Id),
                    Events = await db.Events.CountAsync(row => row.SiteId == Site.Id && row.Type.StartsWith("subscription.")),
                }
            )
        );
}
