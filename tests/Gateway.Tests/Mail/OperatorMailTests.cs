using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>Who runs the gateway hears by mail, once, that lists or SMS do not get through, and once that they do again.</summary>
public sealed class OperatorMailTests : IDisposable
{
    private const string Operator = "olga@ops.example";

    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task An_account_that_is_refused_for_three_sites_is_one_mail_and_its_end_another()
    {
        await using var replica = await Replica.StartAsync(database, clock: null, ("Mail__Operator", Operator));
        var sites = new[] { await replica.AddSiteAsync(), await replica.AddSiteAsync(), await replica.AddSiteAsync() };

        foreach (var site in sites)
        {
            await HoldAsync(replica, site);
        }

        await replica.WorkAsync<WatchOutages>();
        var told = Assert.Single(await MailsAsync(replica));
        Assert.Equal(Operator, Assert.IsType<MailboxAddress>(Assert.Single(told.To)).Address);
        Assert.Contains("do not go out", told.Subject, StringComparison.Ordinal);
        Assert.Contains("The key is refused.", told.TextBody, StringComparison.Ordinal);

        replica.Clock.Advance(TimeSpan.FromDays(1.1));
        await replica.WorkAsync<WatchOutages>();
        Assert.Equal(2, (await MailsAsync(replica)).Count);

        for (var fixedSites = 1; fixedSites <= sites.Length; fixedSites++)
        {
            await PassAsync(replica, sites[fixedSites - 1]);
            await replica.WorkAsync<WatchOutages>();
            Assert.Equal(fixedSites == sites.Length ? 3 : 2, (await MailsAsync(replica)).Count);
        }

        Assert.Contains("go out again", (await MailsAsync(replica))[^1].Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_minute_is_nobodys_news()
    {
        await using var replica = await Replica.StartAsync(database, clock: null, ("Mail__Operator", Operator));
        var site = await replica.AddSiteAsync();
        await HoldAsync(replica, site, Concern.Server);
        await replica.WorkAsync<WatchOutages>();

        replica.Clock.Advance(TimeSpan.FromMinutes(1));
        await PassAsync(replica, site);
        await replica.WorkAsync<WatchOutages>();

        Assert.Empty(await MailsAsync(replica));
    }

    private static string Connection(ReplicaSite site) => $"lists/brevo/{site.Row.Id:N}";

    /// <summary>A change meets what holds up all of its site, and waits.</summary>
    private static async Task HoldAsync(Replica replica, ReplicaSite site, Concern concern = Concern.Account)
    {
        await replica
            .Services.GetRequiredService<Outages>()
            .HoldAsync(
                new("lists", Connection(site), site.Row.Id, new(concern, "credentials_refused", "The key is refused.")),
                Pass.Free,
                CancellationToken.None
            );
        var row = new ListSync
        {
            Id = Guid.CreateVersion7(),
            SiteId = site.Row.Id,
            SubscriptionId = Guid.CreateVersion7(),
            ContactId = Guid.CreateVersion7(),
            ListId = Guid.CreateVersion7(),
            HeldBy = Connection(site),
            DueAt = replica.Clock.GetUtcNow().UtcDateTime.AddDays(30),
        };
        await replica.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([row], CancellationToken.None), CancellationToken.None)
        );
    }

    /// <summary>The call that finds out whether the connection works gets through.</summary>
    private static async Task PassAsync(Replica replica, ReplicaSite site)
    {
        var outages = replica.Services.GetRequiredService<Outages>();
        await outages.ProbeNowAsync(CancellationToken.None);
        var pass = await outages.EnterAsync([Connection(site)], TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal([Connection(site)], pass.Probing);
        await outages.PassedAsync(pass, CancellationToken.None);
    }

    private static async Task<List<MimeMessage>> MailsAsync(Replica replica)
    {
        await replica.WorkAsync<SendMessages>();
        return await replica.MailsAsync();
    }
}
