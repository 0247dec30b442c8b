using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.Mail.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.OptIn.Hygiene;

/// <summary>Who on a list is worth a look: signs of life, soft bounces, doubtful addresses, and the report about them.</summary>
[Trait("Database", "both")]
public sealed class HygieneTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    private DateOnly Today => DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Confirming_and_choosing_are_signs_of_life_and_looking_is_none()
    {
        var member = await Subscriber.JoinAsync(gateway);
        Assert.Equal(Today, await LastSignAsync(member));
        await member.SilenceAsync(months: 7);
        var silent = await LastSignAsync(member);
        Assert.Equal(1, (int)(await member.Site.HygieneAsync())["silent"]!);

        var page = await member.Site.OpenAsync(member.Preferences);
        await member.Site.OpenAsync(member.Leave);
        Assert.Equal(silent, await LastSignAsync(member));

        await member.Site.PressAsync(page, "Save my choice");
        Assert.Equal(Today, await LastSignAsync(member));
        Assert.Equal(0, (int)(await member.Site.HygieneAsync())["silent"]!);
    }

    [Fact]
    public async Task A_consent_that_was_given_elsewhere_counts_on_the_day_it_was_given()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"a{Guid.CreateVersion7():N}@shop.example";
        async Task<DateOnly?> ProvenAsync(string at, string text)
        {
            await site.ProveAsync(address, body => (body["consent"]!["at"], body["consent"]!["text"]) = (at, text));
            return await LastSignAsync(site, address);
        }

        Assert.Equal(new DateOnly(2026, 2, 28), await ProvenAsync("2026-03-01T00:30:00+01:00", "Yes."));
        Assert.Equal(new DateOnly(2026, 4, 2), await ProvenAsync("2026-04-02T10:00:00Z", "Yes, still."));
        Assert.Equal(new DateOnly(2026, 4, 2), await ProvenAsync("2025-01-01T10:00:00Z", "Yes, long ago."));
    }

    [Fact]
    public async Task Leaving_one_list_is_no_sign_of_life_on_another()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.JoinAnotherAsync("Offers");
        await member.SilenceAsync(months: 7);

        await member.Site.SendFormAsync(member.Leave, ("do", "unsubscribe"));

        var counts = await member.Site.HygieneAsync();
        Assert.Equal((1, 1), ((int)counts["confirmed"]!, (int)counts["silent"]!));
    }

    [Fact]
    public async Task A_link_that_was_followed_is_a_sign_of_life_of_its_day_and_an_opening_is_none()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.SilenceAsync(months: 7);
        var silent = await LastSignAsync(member);
        using var brevo = await MailEventCaller.ForAsync(gateway, MailEventFormats.Brevo, member.Site);
        using var own = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, member.Site);

        var opened = new JsonObject
        {
            ["event"] = "unique_opened",
            ["email"] = member.Address,
            ["id"] = 1,
            ["ts_event"] = gateway.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        Assert.Equal(HttpStatusCode.NoContent, (await brevo.TellAsync(opened.ToJsonString())).Status);
        await AppliedAsync(brevo, 1);
        Assert.Equal(silent, await LastSignAsync(member));

        await TellAsync(own, "clicked", member.Address, daysAgo: 3);
        await TellAsync(own, "clicked", member.Address, daysAgo: 5);
        await AppliedAsync(own, 2);
        Assert.Equal(Today.AddDays(-3), await LastSignAsync(member));
    }

    [Fact]
    public async Task Mail_that_comes_back_on_three_days_is_in_the_report_until_one_arrives()
    {
        var site = await gateway.NewSiteAsync();
        var (full, busy) = ($"full@{Guid.CreateVersion7():N}.example", $"busy@{Guid.CreateVersion7():N}.example");
        await site.SubscribeAsync([full, busy], change: (_, subscription) => subscription.LastSignOn = Today);
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        foreach (var daysAgo in new[] { 9, 5, 5, 2 })
        {
            await TellAsync(caller, "soft_bounced", full, daysAgo);
        }

        foreach (var daysAgo in new[] { 9, 9, 9, 2 })
        {
            await TellAsync(caller, "soft_bounced", busy, daysAgo);
        }

        await AppliedAsync(caller, 8);
        var person = Assert.Single((await PeopleAsync(site, "bouncing")).Items);
        Assert.Equal((full, 3), ((string?)person!["email"], (int)person["bounceDays"]!));

        await TellAsync(caller, "delivered", full, daysAgo: 1);
        await AppliedAsync(caller, 9);
        Assert.Empty((await PeopleAsync(site, "bouncing")).Items);
    }

    [Fact]
    public async Task Soft_bounces_that_are_long_over_are_forgotten()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"old@{Guid.CreateVersion7():N}.example";
        var subscription = await site.SubscribeAsync(address);
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        foreach (var daysAgo in new[] { 200, 199, 198, 40 })
        {
            await TellAsync(caller, "soft_bounced", address, daysAgo);
        }

        await AppliedAsync(caller, 4);
        Assert.Equal(1, (await RunOfAsync(subscription.ContactId))!.Days);

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .SoftBounceRuns.Where(run => run.ContactId == subscription.ContactId)
                        .ExecuteUpdateAsync(set => set.SetProperty(run => run.LastOn, Today.AddDays(-91))),
                CancellationToken.None
            )
        );
        await JudgeAsync();
        Assert.Null(await RunOfAsync(subscription.ContactId));
    }

    [Fact]
    public async Task Doubtful_addresses_are_judged_when_somebody_signs_up_and_again_later()
    {
        var site = await gateway.NewSiteAsync();
        var name = $"a{Guid.CreateVersion7():N}";
        foreach (var address in new[] { $"{name}@gmial.com", $"info@{name}.example", $"{name}@mailinator.com", $"{name}@shop.example" })
        {
            await site.SubmitAsync(email: address);
            await site.ConfirmAsync("/c/" + (await site.LinksForAsync(address)).Confirm);
        }

        var counts = await site.HygieneAsync();
        Assert.Equal((4, 1, 1, 1), ((int)counts["confirmed"]!, (int)counts["typo"]!, (int)counts["role"]!, (int)counts["disposable"]!));
        var typo = Assert.Single((await PeopleAsync(site, "typo")).Items)!;
        Assert.Equal(($"{name}@gmial.com", $"{name}@gmail.com"), ((string?)typo["email"], (string?)typo["suggestion"]));

        // As if the rules had said something else before.
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Contacts.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(one => one.Flaw, one => one.Flaw == null ? AddressFlaw.Role : (AddressFlaw?)null)
                        ),
                CancellationToken.None
            )
        );
        await JudgeAsync();
        Assert.Equal(counts.ToJsonString(), (await site.HygieneAsync()).ToJsonString());
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("typo")]
    [InlineData("bouncing")]
    public async Task Pages_hold_everybody_once_also_people_on_two_lists(string reason)
    {
        var site = await gateway.NewSiteAsync();
        var subscriptions = await site.SubscribeAsync(
            [.. Enumerable.Range(0, 5).Select(_ => $"a{Guid.CreateVersion7():N}@gmial.com")],
            change: (contact, subscription) =>
            {
                contact.Flaw = AddressFlaw.Typo;
                subscription.LastSignOn = Today.AddMonths(-8).AddDays(contact.Address[2] % 2);
            }
        );
        await OnAnotherListTooAsync(site, subscriptions);

        var all = (await PeopleAsync(site, reason, limit: 100)).Items;
        var paged = new List<JsonNode?>();
        for (string? after = "", next; after is not null; after = next)
        {
            (var items, next) = await PeopleAsync(site, reason, limit: 3, after);
            Assert.InRange(items.Count, 1, 3);
            paged.AddRange(items);
        }

        Assert.Equal(10, all.Count);
        Assert.Equal(all.Select(one => one!.ToJsonString()), paged.Select(one => one!.ToJsonString()));
        Assert.Equal(10, paged.Select(one => $"{one!["contact"]} {one["list"]}").Distinct().Count());
        Assert.Equal(5, (int)(await site.HygieneAsync($"?list={site.ListId}"))[reason]!);
    }

    [Fact]
    public async Task The_csv_file_has_everybody_and_runs_nothing_in_a_spreadsheet()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Name = "News, \"weekly\"");
        await site.SubscribeAsync(
            ["=1+1@gmial.com", "+49@gmial.com"],
            change: (contact, subscription) => (contact.Flaw, subscription.LastSignOn) = (AddressFlaw.Typo, new(2020, 2, 29))
        );

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/hygiene/people.csv", scope: "contacts");
        var lines = answer.Text.Split("\r\n");

        Assert.Equal("reason,list,listName,contact,email,lastSignOfLife,bounceDays,suggestion", lines[0]);
        Assert.Equal((6, ""), (lines.Length, lines[^1]));
        Assert.Contains($"silent,{site.ListId},\"News, \"\"weekly\"\"\",con_", answer.Text, StringComparison.Ordinal);
        Assert.Contains(",\"'=1+1@gmial.com\",2020-02-29,,\"'=1+1@gmail.com\"\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains(",\"'+49@gmial.com\",2020-02-29,,\r\n", answer.Text, StringComparison.Ordinal);

        var file = Path.Combine(Path.GetTempPath(), $"hygiene-{Guid.CreateVersion7():N}.csv");
        try
        {
            var written = await CommandAsync("hygiene", "report", "--site", site.PublicId, "--csv", file);
            Assert.Contains("Wrote 4 rows", written.Output, StringComparison.Ordinal);
            Assert.Equal(answer.Text, await File.ReadAllTextAsync(file, Encoding.UTF8));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_answered_with_the_field()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        (string Path, string Field)[] wrong =
        [
            ("/v1/hygiene?months=0", "months"),
            ("/v1/hygiene?months=37", "months"),
            ($"/v1/hygiene?list={other.ListId}", "list"),
            ("/v1/hygiene/people", "reason"),
            ("/v1/hygiene/people?reason=ugly", "reason"),
            ("/v1/hygiene/people?reason=silent&limit=0", "limit"),
            ("/v1/hygiene/people?reason=silent&after=x", "after"),
            ("/v1/hygiene/people.csv?reason=ugly", "reason"),
        ];
        foreach (var (path, field) in wrong)
        {
            var answer = await site.AuthorizedAsync(HttpMethod.Get, path, scope: "contacts");
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
            Assert.NotNull(answer.Json["errors"]![field]);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await site.AuthorizedAsync(HttpMethod.Get, "/v1/hygiene", scope: "sms")).Status);
        var body = new JsonObject { ["list"] = site.ListId };
        Assert.Equal(HttpStatusCode.Forbidden, (await site.AuthorizedAsync(HttpMethod.Post, "/v1/hygiene/ask", body, "read")).Status);
        Assert.Equal(1, (await CommandAsync("hygiene", "report", "--site", other.PublicId, "--list", site.ListId)).Code);
        Assert.Equal(1, (await CommandAsync("hygiene", "ask", "--list", site.ListId, "--months", "0")).Code);
    }

    [Fact]
    public async Task The_plugin_and_the_command_see_the_same_numbers()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubscribeAsync(
            $"a{Guid.CreateVersion7():N}@shop.example",
            change: (_, subscription) => subscription.LastSignOn = Today.AddMonths(-9)
        );

        var counts = await site.HygieneAsync("?months=9");
        var plugin = await site.SignedAsync(HttpMethod.Get, "hygiene?months=8");
        var command = await CommandAsync("hygiene", "report", "--list", site.ListId, "--months", "8", "--json");

        Assert.Equal(0, (int)counts["silent"]!);
        Assert.Equal(1, (int)plugin.Json["silent"]!);
        Assert.Equal(plugin.Text, command.Json[0].GetProperty("hygiene").GetRawText());
    }

    private static Task<DateOnly?> LastSignAsync(Subscriber member) => LastSignAsync(member.Site, member.Address);

    private static async Task<DateOnly?> LastSignAsync(SiteUnderTest site, string address)
    {
        var body = new JsonObject { ["email"] = address };
        var found = await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", body, "contacts");
        var sign = (string?)found.Json["items"]![0]!["subscriptions"]![0]!["lastSignOfLife"];
        return sign is null ? null : DateOnly.ParseExact(sign, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private async Task TellAsync(MailEventCaller caller, string type, string address, int daysAgo)
    {
        var told = new JsonObject
        {
            ["type"] = type,
            ["address"] = address,
            ["id"] = $"{Guid.CreateVersion7():N}",
            ["at"] = gateway.Clock.GetUtcNow().AddDays(-daysAgo).ToString("O", CultureInfo.InvariantCulture),
        };
        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(told.ToJsonString())).Status);

        // One after the other, as they happened.
        await Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.MailEvents.CountAsync(row => row.SourceId == caller.SourceId && row.DueAt != null)),
            waiting => waiting == 0
        );
    }

    private Task AppliedAsync(MailEventCaller caller, int count) =>
        Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.MailEvents.CountAsync(row => row.SourceId == caller.SourceId && row.DueAt == null)),
            applied => applied == count
        );

    private Task<SoftBounceRun?> RunOfAsync(Guid contactId) =>
        gateway.InDatabaseAsync(db => db.SoftBounceRuns.AsNoTracking().SingleOrDefaultAsync(run => run.ContactId == contactId));

    private Task OnAnotherListTooAsync(SiteUnderTest site, Subscription[] subscriptions) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    var list = new ContactList
                    {
                        Id = Guid.CreateVersion7(),
                        SiteId = site.Id,
                        Name = "Offers",
                    };
                    db.Add(list);
                    foreach (var one in subscriptions)
                    {
                        var second = Subscription.New(site.Id, one.ContactId, list.Id, gateway.Clock.GetUtcNow());
                        (second.State, second.LastSignOn) = (SubscriptionState.Confirmed, one.LastSignOn);
                        db.Add(second);
                        db.Add(
                            new SoftBounceRun
                            {
                                ContactId = one.ContactId,
                                SiteId = site.Id,
                                Days = SoftBounceRun.Again,
                                LastOn = Today,
                            }
                        );
                    }

                    return await db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );

    private async Task JudgeAsync()
    {
        gateway.Services.GetRequiredService<JudgingPass>().NextAt = DateTime.MinValue;
        while (await gateway.InScopeAsync<JudgeAddresses, int>(judge => judge.RunBatchAsync(CancellationToken.None)) > 0) { }
    }

    private static async Task<(JsonArray Items, string? Next)> PeopleAsync(
        SiteUnderTest site,
        string reason,
        int limit = 100,
        string? after = ""
    )
    {
        var path = $"/v1/hygiene/people?reason={reason}&limit={limit}{(after is "" ? "" : $"&after={after}")}";
        var answer = await site.AuthorizedAsync(HttpMethod.Get, path, scope: "contacts");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (answer.Json["items"]!.AsArray(), (string?)answer.Json["next"]);
    }

    private Task<CommandResult> CommandAsync(params string[] words) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", words);
}

/// <summary>What several tests about hygiene do.</summary>
internal static partial class SilentPeople
{
    /// <summary>Lets a person have been silent on all their lists for months and a day.</summary>
    public static Task SilenceAsync(this Subscriber member, int months) =>
        member.Site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    var day = DateOnly.FromDateTime(member.Site.Gateway.Clock.GetUtcNow().UtcDateTime).AddMonths(-months).AddDays(-1);
                    var people = db.Contacts.Where(one => one.SiteId == member.Site.Id && one.Address == member.Address);
                    return db
                        .Subscriptions.Where(row => people.Any(one => one.Id == row.ContactId))
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSignOn, (DateOnly?)day));
                },
                CancellationToken.None
            )
        );

    /// <summary>Asks the silent people of the member's list whether they stay.</summary>
    /// <param name="mails">How many the member has then.</param>
    /// <returns>The path of the member's link to stay.</returns>
    public static async Task<string> AskWhetherToStayAsync(this Subscriber member, int mails = 3)
    {
        var gateway = member.Site.Gateway;
        var asked = await CommandResult.OfAsync(
            () => Task.FromResult(gateway.Services),
            "",
            "hygiene",
            "ask",
            "--list",
            member.Site.ListId
        );
        Assert.True(asked.Code == 0, asked.Error);
        return new Uri(StayLink().Match((await gateway.MailsToAsync(member.Address, mails))[^1].TextBody!).Value).AbsolutePath;
    }

    /// <summary>How the site's lists stand.</summary>
    public static async Task<JsonNode> HygieneAsync(this SiteUnderTest site, string query = "") =>
        (await site.AuthorizedAsync(HttpMethod.Get, "/v1/hygiene" + query, scope: "contacts")).Json;

    [GeneratedRegex(@"https?://\S+/stay/[\w-]{32}")]
    private static partial Regex StayLink();
}
