using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Connections;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail.Events;
using Gateway.Tests.OptIn;
using Gateway.Tests.OptIn.Hygiene;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail;

/// <summary>What became of mails is summed up, compared with providers' limits, and stops bulk mail where a site wants that.</summary>
[Trait("Database", "both")]
public sealed class RateTests
{
    private static readonly string[] Counted = ["sent", "delivered", "bounced", "returned", "complained"];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Sums_say_by_provider_what_became_of_mails_and_an_event_twice_counts_once()
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        var one = await SentAsync(site, "googlemail.com");
        var two = await SentAsync(site, "gmail.com");
        var three = await SentAsync(site, "gmail.com");
        var own = await SentAsync(site, $"{Guid.CreateVersion7():N}.example");

        await ToldAsync(caller, one, "delivered");
        await ToldAsync(caller, one, "complained");
        await ToldAsync(caller, one, "complained");
        await ToldAsync(caller, two, "delivered");
        await site.BecomesAsync(two, "delivered");
        await ToldAsync(caller, two, "soft_bounced");
        await ToldAsync(caller, three, "hard_bounced");
        await ToldAsync(caller, three, "hard_bounced");
        await ToldAsync(caller, own, "delivered");

        var told = await Eventually.BecomesAsync(
            () => MailsAsync(site),
            mails => Numbers(mails) == "4 sent, 2 delivered, 1 bounced, 1 returned, 1 complained"
        );
        Assert.Equal(["gmail.com", "other"], told["providers"]!.AsArray().Select(row => (string?)row!["provider"]));
        Assert.Equal("3 sent, 1 delivered, 1 bounced, 1 returned, 1 complained", Numbers(told["providers"]![0]!));
        Assert.Null((double?)told["complaintRate"]);
        Assert.Equal((1, 1), ((int)told["suppressed"]!["bounced"]!, (int)told["suppressed"]!["complained"]!));

        var status = await site.SignedAsync(HttpMethod.Get, "status");
        Assert.Equal(Numbers(told), Numbers(status.Json["mails"]!));
        var plugin = await site.SignedAsync(HttpMethod.Get, "rates?days=1");
        Assert.Equal(Numbers(told), Numbers(plugin.Json["mails"]!));
        var browser = await AdminBrowser.SignedInAsync(gateway, "Looker", site);
        var page = (await browser.OpenAsync($"/admin/sites/{site.PublicId}")).Text;
        Assert.Contains("1 whose emails came back, 1 who complained", page, StringComparison.Ordinal);
        Assert.Contains("not enough data", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_of_a_template_and_a_mail_that_did_not_leave_count_as_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var later = await site.MailAsync("ada@gmail.com", change: body => body["sendAt"] = "2099-01-01T00:00:00Z");
        Assert.Equal(HttpStatusCode.BadRequest, later.Status);

        Assert.Equal("0 sent, 0 delivered, 0 bounced, 0 returned, 0 complained", Numbers(await MailsAsync(site)));
        Assert.Equal("invalid_request", (await site.AuthorizedAsync(HttpMethod.Get, "/v1/rates?days=0", scope: "mail")).Code);
    }

    [Fact]
    public async Task The_second_limit_stops_bulk_mail_alone_until_an_operator_or_the_share_lets_it_go_on()
    {
        var site = await gateway.NewSiteAsync();
        await CommandAsync("site", "set", site.PublicId, "--brake", "on");
        await AddAsync(site, sent: 1000, complained: 1);
        await LookAsync();
        await LookAsync();
        Assert.Equal(["warning"], (await ToldAsync(site)).ConvertAll(one => (string?)one["level"]));
        Assert.Equal("sent", (await WhatBecomesAsync(site, bulk: true)).Status());

        await AddAsync(site, sent: 0, complained: 3);
        await LookAsync();
        await LookAsync();
        var told = await ToldAsync(site);
        Assert.Equal(["warning", "brake"], told.ConvertAll(one => (string?)one["level"]));
        Assert.Equal((0.004, 0.003, true), ((double)told[1]["rate"]!, (double)told[1]["limit"]!, (bool)told[1]["bulkStops"]!));

        var waiting = await site.MailAsync("ada@bulk.example", change: body => body["bulk"] = true);
        await Eventually.BecomesAsync(() => MailsAsync(site), mails => (int)mails["brake"]!["waiting"]! == 1);
        Assert.Equal("sent", (await WhatBecomesAsync(site, bulk: false)).Status());
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await site.SubmitAsync(email: address);
        Assert.NotNull((await site.LinksForAsync(address)).Confirm);

        var services = () => Task.FromResult(gateway.Services);
        var shown = await CommandResult.OfAsync(services, "", "rates", "show", site.PublicId);
        Assert.Contains("SECOND LIMIT: complaints", shown.Output, StringComparison.Ordinal);
        Assert.Contains("1 bulk mails wait", shown.Output, StringComparison.Ordinal);
        var status = (await site.SignedAsync(HttpMethod.Get, "status")).Json;
        Assert.Equal("brake", (string?)status["problems"]![0]!["code"]);
        Assert.Equal("brake", (string?)status["mails"]!["thresholds"]![0]!["level"]);

        // Settings that change do not let it go on, as they do with what a connection lacks.
        await gateway.Services.GetRequiredService<Outages>().ProbeNowAsync(CancellationToken.None);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Operator");
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}");
        Assert.Contains("Bulk emails are stopped", page.Text, StringComparison.Ordinal);
        Assert.Equal("queued", (await site.ReadMailAsync(waiting.Id)).Status());
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PressAsync(page, "Let bulk emails go on")).Status);
        await site.BecomesAsync(waiting.Id, "sent");

        await LookAsync();
        Assert.Equal("sent", (await WhatBecomesAsync(site, bulk: true)).Status());
        Assert.Equal(2, (await ToldAsync(site)).Count);
        Assert.Equal(1, (await CommandResult.OfAsync(services, "", "rates", "release", site.PublicId)).Code);

        // Below the first limit it is over, and what comes after is news.
        await AddAsync(site, sent: 9000, complained: 0);
        await LookAsync();
        Assert.Empty((await MailsAsync(site))["thresholds"]!.AsArray());
        await AddAsync(site, sent: 0, complained: 40);
        await LookAsync();
        Assert.Equal("brake", (string?)(await ToldAsync(site))[^1]["level"]);
        var second = await site.MailAsync("ada@bulk.example", change: body => body["bulk"] = true);
        await Eventually.BecomesAsync(() => MailsAsync(site), mails => (int)mails["brake"]!["waiting"]! == 1);
        await AddAsync(site, sent: 90_000, complained: 0);
        await LookAsync();
        await site.BecomesAsync(second.Id, "sent");
    }

    [Fact]
    public async Task What_somebody_else_decided_to_hold_is_not_let_go_by_the_rates()
    {
        var site = await gateway.NewSiteAsync();
        var (outages, connection) = (gateway.Services.GetRequiredService<Outages>(), MailConnections.Bulk(site.Id));
        await outages.DecideAsync(
            new(MailConnections.Queue, connection, site.Id, new(Concern.Decision, "tests", "A test holds it.")),
            CancellationToken.None
        );

        await LookAsync();

        Assert.Contains(connection, (await outages.OpenAsync(CancellationToken.None)).Select(outage => outage.Connection));
        await outages.ReleaseAsync(connection, CancellationToken.None);
    }

    [Fact]
    public async Task A_site_without_the_brake_is_warned_and_goes_on()
    {
        var site = await gateway.NewSiteAsync();
        await AddAsync(site, sent: 1000, complained: 50);
        await LookAsync();

        Assert.Equal(("brake", false), ((string?)(await ToldAsync(site))[0]["level"], (bool)(await ToldAsync(site))[0]["bulkStops"]!));
        Assert.Equal("sent", (await WhatBecomesAsync(site, bulk: true)).Status());
        var browser = await AdminBrowser.SignedInAsync(gateway, "Watcher", site);
        Assert.Contains("over the limit", (await browser.OpenAsync("/admin")).Text, StringComparison.Ordinal);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}");
        var toDo = Assert.Single(page.Document.QuerySelectorAll(".to-do li"), one => one.TextContent.Contains("called spam"));
        Assert.Contains("5% of the emails to gmail.com", toDo.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/admin/sites/{site.PublicId}#mails", toDo.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains(
            "5% of the emails to gmail.com",
            page.Document.QuerySelector(".notice.bad")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Null(page.Document.QuerySelector($"form[action='/admin/sites/{site.PublicId}/brake']"));
    }

    [Fact]
    public async Task While_bulk_mail_is_stopped_no_silent_person_is_asked_whether_they_stay()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        await member.SilenceAsync(months: 7);
        await CommandAsync("site", "set", site.PublicId, "--brake", "on");
        await AddAsync(site, sent: 1000, complained: 50);
        await LookAsync();

        await CommandAsync("hygiene", "ask", "--list", site.ListId);
        var waiting = await Eventually.BecomesAsync(
            () => RoundAsync(site),
            round => round.Attempts > 0 && round.DueAt != round.LeasedUntil
        );
        Assert.Equal((0, null), (waiting.Done, waiting.EndedAt));
        Assert.Equal(2, (await gateway.MailsToAsync(member.Address, 2)).Count);

        await CommandAsync("rates", "release", site.PublicId);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .HygieneRounds.Where(round => round.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(round => round.DueAt, DateTime.UnixEpoch)),
                CancellationToken.None
            )
        );
        gateway.Signal();
        Assert.Equal(3, (await gateway.MailsToAsync(member.Address, 3)).Count);
    }

    [Fact]
    public async Task Bounces_count_over_all_providers_together()
    {
        var site = await gateway.NewSiteAsync();
        await AddAsync(site, sent: 60, complained: 0, bounced: 6);
        await AddAsync(site, sent: 40, complained: 0, bounced: 5, provider: "orange.fr");
        await LookAsync();

        var told = Assert.Single(await ToldAsync(site));
        Assert.Equal(("*", "bounces", "brake"), ((string?)told["provider"], (string?)told["measure"], (string?)told["level"]));
    }

    private Task AddAsync(SiteUnderTest site, int sent, int complained, int bounced = 0, string provider = "gmail.com") =>
        gateway.InTransactionAsync<MailRateStore, bool>(async rates =>
        {
            var day = DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime);
            await rates.AddAsync(
                [
                    new()
                    {
                        SiteId = site.Id,
                        Day = day,
                        Sender = "shop.example",
                        Provider = provider,
                        Sent = sent,
                        Bounced = bounced,
                        Complained = complained,
                    },
                ],
                CancellationToken.None
            );
            return true;
        });

    private Task<HygieneRound> RoundAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.HygieneRounds.AsNoTracking().SingleAsync(round => round.SiteId == site.Id));

    private Task LookAsync() =>
        gateway.InScopeAsync<WatchRates, bool>(async watch =>
        {
            await watch.LookAsync(gateway.Clock.GetUtcNow().UtcDateTime, CancellationToken.None);
            return true;
        });

    private static async Task<List<JsonNode>> ToldAsync(SiteUnderTest site) =>
        [.. (await site.EventsAsync("site.threshold_reached")).Select(one => JsonNode.Parse(one)!)];

    private static async Task<JsonNode> MailsAsync(SiteUnderTest site) =>
        (await site.AuthorizedAsync(HttpMethod.Get, "/v1/rates", scope: "mail")).Json["mails"]!;

    private static string Numbers(JsonNode row) => string.Join(", ", Counted.Select(name => $"{row[name]} {name}"));

    private static async Task<string> SentAsync(SiteUnderTest site, string domain)
    {
        var mail = await site.MailAsync($"a{Guid.CreateVersion7():N}@{domain}");
        await site.BecomesAsync(mail.Id, "sent");
        return mail.Id;
    }

    private static async Task<Answer> WhatBecomesAsync(SiteUnderTest site, bool bulk)
    {
        var mail = await site.MailAsync($"a{Guid.CreateVersion7():N}@mail.example", change: body => body["bulk"] = bulk);
        return await site.BecomesAsync(mail.Id, "sent");
    }

    private static async Task ToldAsync(MailEventCaller caller, string message, string type) =>
        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync($$"""{"messageId":"{{message}}","type":"{{type}}"}""")).Status);

    private async Task CommandAsync(params string[] words)
    {
        var result = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", words);
        Assert.True(result.Code == 0, result.Error);
    }
}

/// <summary>Whose mailboxes a domain's are, and which limit is about them.</summary>
public sealed class PublishedLimitTests
{
    [Theory]
    [InlineData("ada@gmail.com", "gmail.com")]
    [InlineData("ada@GoogleMail.com", "gmail.com")]
    [InlineData("ada@wanadoo.fr", "orange.fr")]
    [InlineData("ada@hotmail.co.uk", "outlook.com")]
    [InlineData("ada@web.de", "gmx.net")]
    [InlineData("ada@mail.gmail.com", "other")]
    [InlineData("ada@shop.example", "other")]
    public void A_domain_has_its_provider(string address, string provider) =>
        Assert.Equal(provider, new RecipientProviders().Of(Infrastructure.Text.EmailAddress.Parse(address)!));

    [Theory]
    [InlineData("aspmx.l.google.com", "google workspace")]
    [InlineData("ASPMX2.GOOGLEMAIL.COM.", "google workspace")]
    [InlineData("shop-example.mail.protection.outlook.com", "microsoft 365")]
    [InlineData("shop-example.olc.protection.outlook.com", "outlook.com")]
    [InlineData("mx1.mail.ovh.net", "ovh")]
    [InlineData("mx.evilgoogle.com", "other")]
    [InlineData("mail.shop.example", "other")]
    public void A_mail_server_that_was_looked_up_tells_whose_mailboxes_they_are(string server, string provider)
    {
        var providers = new RecipientProviders();
        providers.Note("shop.example", [server]);
        providers.Note("gmail.com", ["mx1.mail.ovh.net"]);

        Assert.Equal(provider, providers.Of(Infrastructure.Text.EmailAddress.Parse("ada@shop.example")!));
        Assert.Equal("gmail.com", providers.Of(Infrastructure.Text.EmailAddress.Parse("ada@gmail.com")!));
        Assert.Contains(provider, RecipientProviders.Names);
    }

    [Theory]
    [InlineData(99, 50, null)] // Too few mails to say.
    [InlineData(1000, 0, null)]
    [InlineData(1001, 1, null)]
    [InlineData(1000, 1, "Warning")]
    [InlineData(1000, 2, "Warning")]
    [InlineData(1000, 3, "Brake")]
    [InlineData(100, 2, "Warning")] // Two people are no rate, though they are two in a hundred.
    public void Gmail_warns_at_one_in_a_thousand_and_refuses_at_three(int sent, int complained, string? level)
    {
        var limit = PublishedLimits.Of("gmail.com", RateMeasure.Complaints, null)!;
        var sum = new RateSum(Guid.Empty, "shop.example", "gmail.com", sent, 0, 0, 0, complained);

        Assert.Equal(level, $"{WatchRates.Judge(sum, limit, before: null)}" is { Length: > 0 } judged ? judged : null);
    }

    [Fact]
    public void What_was_stopped_goes_on_below_the_first_limit_only()
    {
        var limit = PublishedLimits.Of("gmail.com", RateMeasure.Complaints, null)!;
        RateSum Of(int complained) => new(Guid.Empty, "shop.example", "gmail.com", 10_000, 0, 0, 0, complained);

        Assert.Equal(RateLevel.Brake, WatchRates.Judge(Of(20), limit, RateLevel.Brake));
        Assert.Equal(RateLevel.Warning, WatchRates.Judge(Of(20), limit, RateLevel.Warning));
        Assert.Null(WatchRates.Judge(Of(9), limit, RateLevel.Brake));
    }

    [Fact]
    public void What_did_not_arrive_is_no_mail_that_somebody_could_complain_about()
    {
        var sum = new RateSum(Guid.Empty, "shop.example", "gmail.com", 200, 0, 60, 40, 1);
        Assert.Equal((0.01, 0.3), (sum.ShareOf(RateMeasure.Complaints), sum.ShareOf(RateMeasure.Bounces)));
    }

    [Theory]
    [InlineData("in-v3.mailjet.com", "Bounces", 0.08)]
    [InlineData("email-smtp.eu-west-1.amazonaws.com", "Bounces", 0.10)]
    [InlineData("mailjet.com.evil.example", "Bounces", 0.10)]
    [InlineData(null, "Complaints", null)]
    public void Who_carries_the_mail_may_have_a_limit_of_all_that_is_sent(string? server, string measure, double? limit) =>
        Assert.Equal(limit, PublishedLimits.Of(PublishedLimits.Everybody, Enum.Parse<RateMeasure>(measure), server)?.Brake);

    [Fact]
    public void Every_limit_is_about_somebody_says_where_it_was_read_and_warns_no_later_than_it_stops() =>
        Assert.All(
            PublishedLimits.All,
            limit =>
            {
                Assert.Contains(limit.Provider, RecipientProviders.Names.Append(PublishedLimits.Everybody));
                Assert.Contains('.', limit.Source);
                Assert.InRange(limit.Warning, 0.0001, limit.Brake);
            }
        );
}
