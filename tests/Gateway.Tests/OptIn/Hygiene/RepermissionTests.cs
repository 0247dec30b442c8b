using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Admin;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.Templates;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn.Hygiene;

/// <summary>Silent people are asked by mail whether they stay; who does not answer leaves only when somebody says so.</summary>
public sealed class RepermissionTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("en_US", "Do you still want Newsletter?", "Yes, keep sending it to me", "Unsubscribe now")]
    [InlineData("fr_FR", "Souhaitez-vous toujours recevoir Newsletter ?", "Oui, je souhaite continuer", "Me désinscrire maintenant")]
    [InlineData("de_DE", "Möchten Sie Newsletter weiterhin bekommen?", "Ja, weiter zuschicken", "Jetzt abmelden")]
    [InlineData("es_ES", "¿Desea seguir recibiendo Newsletter?", "Sí, quiero seguir recibiéndolo", "Darme de baja ahora")]
    [InlineData("it_IT", "Desidera ancora ricevere Newsletter?", "Sì, desidero continuare", "Annullare ora l’iscrizione")]
    public async Task The_mail_asks_in_the_persons_language_and_has_a_way_to_stay_and_one_to_leave(
        string locale,
        string subject,
        string stay,
        string leave
    )
    {
        var member = await Subscriber.JoinAsync(gateway, locale);
        await member.SilenceAsync(months: 7);
        await member.AskWhetherToStayAsync();

        var mail = (await gateway.MailsToAsync(member.Address, 3))[^1];
        var links = new HtmlParser()
            .ParseDocument(mail.HtmlBody!)
            .QuerySelectorAll("a")
            .DistinctBy(link => link.TextContent.Trim())
            .ToDictionary(link => link.TextContent.Trim(), link => link.GetAttribute("href")!);

        Assert.Equal(subject, mail.Subject);
        Assert.Matches(@"/stay/[\w-]{32}$", links[stay]);
        Assert.Matches(@"/u/[\w-]{32}$", links[leave]);
        Assert.Contains(links[stay], mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(links[leave], mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(links[leave], mail.Headers["List-Unsubscribe"], StringComparison.Ordinal);
        Assert.DoesNotContain("<img", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_presses_the_button_consents_anew_to_the_words_of_the_first_time()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.SilenceAsync(months: 7);
        var told = (await member.Site.EventsAsync("subscription.confirmed")).Count;
        var path = await member.AskWhetherToStayAsync();
        var before = await member.RowsAsync();

        var page = await member.Site.OpenAsync(path);
        await member.Site.SendFormAsync(path);
        Assert.Equal(before, await member.RowsAsync());
        var first = Facts((await member.LedgerAsync()).Last(one => one.Kind == ConsentKind.Confirmed));
        Assert.Contains(first["consentText"]!, page.Text, StringComparison.Ordinal);

        var stayed = await member.Site.PressAsync(page, "Yes, I stay");
        Assert.Equal("Thank you, you stay!", stayed.Heading);
        var ledger = await member.LedgerAsync();
        var again = Facts(ledger[^1]);
        Assert.Equal(ConsentKind.Confirmed, ledger[^1].Kind);
        Assert.Equal(first["consentText"], again["consentText"]);
        Assert.NotNull(first["policyUrl"]);
        Assert.DoesNotContain("policyUrl", again.Keys);
        Assert.Equal(("repermission", "stay"), (again["source"], again["confirmedBy"]));
        Assert.NotNull(again["mailMessageId"]);
        Assert.NotNull(again["mailSentAt"]);
        Assert.Equal(0, (int)(await member.Site.HygieneAsync())["silent"]!);

        // To those who welcome new subscribers they are no news.
        Assert.Equal(told, (await member.Site.EventsAsync("subscription.confirmed")).Count);
        Assert.Equal("Thank you, you stay!", (await member.Site.SendFormAsync(path, ("do", "stay"))).Heading);
        Assert.Equal(ledger.Count, (await member.LedgerAsync()).Count);
        var verified = await CommandAsync("consents", "verify", member.Site.PublicId);
        Assert.True(verified.Code == 0, verified.Error);
    }

    [Fact]
    public async Task Who_stays_without_words_that_are_known_is_recorded_without_words()
    {
        var site = await gateway.NewSiteAsync();
        var member = new Subscriber(site, $"ada@{site.Id:N}.example", new MessageSecrets());
        await site.SubscribeAsync(member.Address);
        await member.SilenceAsync(months: 7);
        var path = await member.AskWhetherToStayAsync(mails: 1);

        await site.PressAsync(await site.OpenAsync(path), "Yes, I stay");

        var facts = Facts(Assert.Single(await member.LedgerAsync()));
        Assert.Equal("stay", facts["confirmedBy"]);
        Assert.DoesNotContain(facts.Keys, fact => fact.StartsWith("consentText", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Only_silent_people_who_may_be_written_to_are_asked_and_nobody_twice()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        await member.SilenceAsync(months: 7);
        var today = DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime);
        string Address(string name) => $"{name}@{site.Id:N}.example";
        await site.SubscribeAsync(Address("lively"), change: (_, one) => one.LastSignOn = today.AddMonths(-5));
        await site.SubscribeAsync(
            Address("pending"),
            change: (_, one) => (one.State, one.LastSignOn) = (SubscriptionState.Pending, today.AddYears(-2))
        );
        await site.SubscribeAsync(Address("refused"), change: (_, one) => one.LastSignOn = today.AddYears(-2));
        await site.SuppressAsync(Address("refused"), SuppressionReason.Bounced);

        var dry = await CommandAsync("hygiene", "ask", "--list", site.ListId, "--months", "6", "--dry-run", "--json");
        Assert.Equal(2, dry.Json.GetProperty("people").GetInt32());
        Assert.Empty(await RoundsAsync(site));

        Assert.Equal(0, (await CommandAsync("hygiene", "ask", "--list", site.ListId)).Code);
        Assert.Equal(1, (await EndedAsync(site)).Done);
        await gateway.MailsToAsync(member.Address, 3);

        // Another round, another list, and a round that lost how far it had got.
        await RepeatAsync(site);
        Assert.Equal(1, (await EndedAsync(site)).Done);
        var offers = PublicId.Format(PublicId.List, (await member.JoinAnotherAsync("Offers")).Id);
        await member.SilenceAsync(months: 7);
        var other = await CommandAsync("hygiene", "ask", "--list", offers, "--json");
        Assert.Equal(0, other.Json.GetProperty("people").GetInt32());
        var again = await site.AuthorizedAsync(HttpMethod.Post, "/v1/hygiene/ask", new JsonObject { ["list"] = site.ListId }, "contacts");
        Assert.Equal((HttpStatusCode.Accepted, 1), (again.Status, (int)again.Json["people"]!));
        Assert.Equal(
            2,
            (await Eventually.BecomesAsync(() => RoundsAsync(site), all => all.TrueForAll(one => one.EndedAt != null))).Count
        );
        Assert.Equal(1, await MailsAsync(site));

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Repermissions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.AskedOn, today.AddMonths(-12))),
                CancellationToken.None
            )
        );
        Assert.Equal(2, (int)(await site.HygieneAsync($"?list={site.ListId}"))["lists"]![0]!["toAsk"]!);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Many_are_asked_some_at_a_time_and_each_once()
    {
        var site = await gateway.NewSiteAsync();
        var day = DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime).AddMonths(-7);
        await site.SubscribeAsync(
            [.. Enumerable.Range(0, 205).Select(number => $"a{number}@{site.Id:N}.example")],
            change: (_, one) => one.LastSignOn = day
        );

        Assert.Equal(0, (await CommandAsync("hygiene", "ask", "--list", site.ListId)).Code);
        var first = (await Eventually.BecomesAsync(() => RoundsAsync(site), all => all is [{ Done: > 0 }]))[0];
        Assert.Equal((200, null), (first.Done, first.EndedAt));
        Assert.True(first.DueAt > gateway.Clock.GetUtcNow().UtcDateTime, "The next are asked at once.");

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .HygieneRounds.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.DueAt, DateTime.UnixEpoch)),
                CancellationToken.None
            )
        );
        gateway.Signal();
        Assert.Equal(205, (await EndedAsync(site)).Done);
        Assert.Equal(205, await MailsAsync(site));
        await ListAsync(site, (0, 205, 0));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Who_does_not_answer_is_taken_off_when_somebody_says_so_and_the_ledger_says_who()
    {
        var (gone, stays) = (await Subscriber.JoinAsync(gateway), await Subscriber.JoinAsync(gateway));
        var site = gone.Site;
        await gone.SilenceAsync(months: 7);
        var link = await gone.AskWhetherToStayAsync();
        await ListAsync(site, (0, 1, 0));
        var early = await CommandAsync("hygiene", "remove", "--list", site.ListId, "--unanswered", "--json");
        Assert.Equal(0, early.Json.GetProperty("people").GetInt32());

        await TimeIsOverAsync(site);
        await ListAsync(site, (0, 0, 1));
        Assert.Equal("This link has expired", (await site.OpenAsync(link)).Heading);
        Assert.Equal("This link has expired", (await site.SendFormAsync(link, ("do", "stay"))).Heading);
        Assert.Equal(SubscriptionState.Confirmed, await gone.StateAsync());

        var asked = await CommandAsync("hygiene", "remove", "--list", site.ListId, "--unanswered", "--json");
        Assert.Equal(1, asked.Json.GetProperty("people").GetInt32());
        await Eventually.BecomesAsync(() => gone.StateAsync(), state => state == SubscriptionState.Removed);
        var entry = (await gone.LedgerAsync())[^1];
        Assert.Equal(ConsentKind.Removed, entry.Kind);
        Assert.Equal(("site", "cli"), (Facts(entry)["by"], Facts(entry)["decidedBy"]));
        Assert.Contains("did not answer", Facts(entry)["reason"], StringComparison.Ordinal);
        Assert.Contains("\"by\":\"site\"", Assert.Single(await site.EventsAsync("subscription.unsubscribed")), StringComparison.Ordinal);

        // The list's provider carried out the order, and nothing is left to push.
        await Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.ListSyncs.CountAsync(row => row.SiteId == site.Id)),
            count => count == 0
        );
        Assert.Empty(await gateway.InDatabaseAsync(db => db.Suppressions.Where(row => row.SiteId == site.Id).ToListAsync()));
        Assert.Contains("no longer subscribed", (await site.OpenAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, await stays.StateAsync());
    }

    [Fact]
    public async Task Who_showed_a_sign_of_life_since_is_not_taken_off()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.SilenceAsync(months: 7);
        await member.AskWhetherToStayAsync();
        await TimeIsOverAsync(member.Site);
        await member.Site.PressAsync(await member.Site.OpenAsync(member.Preferences), "Save my choice");

        var body = new JsonObject { ["list"] = member.Site.ListId };
        var answer = await member.Site.AuthorizedAsync(HttpMethod.Post, "/v1/hygiene/remove", body, "contacts");

        Assert.Equal(0, (int)answer.Json["people"]!);
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
    }

    [Fact]
    public async Task Who_is_put_on_the_list_again_by_an_older_consent_has_not_left_the_question_unanswered()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        await member.SilenceAsync(months: 7);
        await member.AskWhetherToStayAsync();
        await TimeIsOverAsync(site);
        Assert.Equal(0, (await CommandAsync("hygiene", "remove", "--list", site.ListId, "--unanswered")).Code);
        await Eventually.BecomesAsync(() => member.StateAsync(), state => state == SubscriptionState.Removed);

        var given = gateway.Clock.GetUtcNow().AddMonths(-2).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        await site.ProveAsync(member.Address, body => body["consent"]!["at"] = given);

        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
        await ListAsync(site, (0, 0, 0));
    }

    [Fact]
    public async Task Who_left_between_the_look_and_the_mail_is_not_asked()
    {
        var site = await gateway.NewSiteAsync();
        var (gone, stays) = (
            await site.SubscribeAsync($"gone@{site.Id:N}.example"),
            await site.SubscribeAsync($"stays@{site.Id:N}.example")
        );
        await site.UnsubscribeAsync(gone);

        var day = DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime).AddMonths(-7);
        SilentPerson Seen(Subscription one) => new(one.Id, one.ContactId, $"{one.Id:N}@{site.Id:N}.example", day);
        var asked = await gateway.InTransactionAsync<AskSilent, int>(ask =>
            ask.AskAsync(site.List, [Seen(gone), Seen(stays)], CancellationToken.None)
        );

        Assert.Equal((1, 1), (asked, await MailsAsync(site)));
        var row = await gateway.InDatabaseAsync(db => db.Repermissions.SingleAsync(one => one.SiteId == site.Id));
        Assert.Equal(stays.ContactId, row.ContactId);
    }

    [Fact]
    public async Task A_person_who_asks_what_is_known_of_them_hears_of_the_question_and_of_what_is_doubtful()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"{Guid.CreateVersion7():N}@gmial.com";
        var member = new Subscriber(site, address, new MessageSecrets());
        var subscription = await site.SubscribeAsync(address, change: (contact, _) => contact.Flaw = AddressFlaw.Typo);
        async Task<string> KnownAsync()
        {
            var body = new JsonObject { ["email"] = address };
            var found = (await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", body, "contacts")).Json["items"]![0]!;
            return $"{found["flaw"]}, {found["bounceDays"]}, {found["askedToStayOn"]}";
        }

        Assert.Equal("typo, , ", await KnownAsync());

        var today = DateOnly.FromDateTime(gateway.Clock.GetUtcNow().UtcDateTime);
        var run = new SoftBounceRun
        {
            ContactId = subscription.ContactId,
            SiteId = site.Id,
            Days = 2,
            LastOn = today,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([run], CancellationToken.None), CancellationToken.None)
        );
        await member.SilenceAsync(months: 7);
        await member.AskWhetherToStayAsync(mails: 1);

        Assert.Equal($"typo, 2, {today:O}", await KnownAsync());
    }

    [Fact]
    public async Task A_form_without_its_button_or_its_months_decides_nothing()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var (site, url) = (member.Site, $"/admin/sites/{member.Site.PublicId}/hygiene/{member.Site.ListId}");
        await member.SilenceAsync(months: 7);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Operator");
        var token = (await browser.OpenAsync($"{url}/ask?months=6")).Document.QuerySelector("form[action$='/ask'] input[type=hidden]")!;
        (string Name, string Value) own = (token.GetAttribute("name")!, token.GetAttribute("value")!);

        (string Path, (string, string)[] Fields)[] incomplete =
        [
            ("/ask", [own, ("months", "6")]),
            ("/ask", [own, ("do", "ask")]),
            ("/ask", [own, ("do", "remove"), ("months", "6")]),
            ("/remove", [own]),
            ("/remove", [own, ("do", "ask")]),
        ];
        foreach (var (path, fields) in incomplete)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(url + path, fields)).Status);
        }

        Assert.Empty(await RoundsAsync(site));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(url + "/ask", own, ("do", "ask"), ("months", "6"))).Status);
        Assert.Single(await RoundsAsync(site));
    }

    [Fact]
    public async Task A_site_has_its_own_words_for_the_mail()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.Site.PublishedAsync(
            "come-back",
            "repermission",
            TemplateCalls.Words(
                "Miss us, {{ contact.email }}?",
                "<p><a href=\"{{ links.stay }}\">Stay</a> <a href=\"{{ links.unsubscribe }}\">Leave</a></p>",
                "{{ links.stay }} \n{{ links.unsubscribe }} \n"
            )
        );
        await member.SilenceAsync(months: 7);
        await member.AskWhetherToStayAsync();

        Assert.Equal($"Miss us, {member.Address}?", (await gateway.MailsToAsync(member.Address, 3))[^1].Subject);
    }

    [Fact]
    public async Task The_page_of_all_sites_goes_on_where_it_ended()
    {
        var sites = new List<SiteUnderTest>();
        for (var number = 10; number < 36; number++)
        {
            sites.Add(await gateway.NewSiteAsync(site => site.Name = $"Site {number}"));
        }

        var browser = await AdminBrowser.SignedInAsync(gateway, "Manager", [.. sites]);

        var first = await browser.OpenAsync("/admin/hygiene");
        var second = await browser.OpenAsync(first.Document.QuerySelector("main a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(sites.Take(25).Select(UrlOf), LinksOf(first));
        Assert.Equal([UrlOf(sites[^1])], LinksOf(second));
        Assert.Null(second.Document.QuerySelector("main a[rel=next]"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/hygiene?after=site_0")).Status);

        static string UrlOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/hygiene";
        static IEnumerable<string> LinksOf(ShownPage page) =>
            page.Document.QuerySelectorAll("main tbody a").Select(link => link.GetAttribute("href")!);
    }

    [Fact]
    public async Task The_page_says_how_many_before_it_asks_or_takes_off_and_shows_a_manager_their_site_alone()
    {
        var (member, other) = (await Subscriber.JoinAsync(gateway), await gateway.NewSiteAsync(site => site.Name = "Elsewhere"));
        var (site, url) = (member.Site, $"/admin/sites/{member.Site.PublicId}/hygiene");
        await member.SilenceAsync(months: 7);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Manager", site);

        Assert.DoesNotContain("Elsewhere", (await browser.OpenAsync("/admin/hygiene")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"/admin/sites/{other.PublicId}/hygiene")).Status);
        var people = await browser.OpenAsync($"{url}?months=6&list={site.ListId}&reason=silent");
        Assert.Contains(member.Address, people.Text, StringComparison.Ordinal);
        Assert.Contains("no image that tells whether they are opened", people.Text, StringComparison.Ordinal);
        var csv = await browser.OpenAsync(url + ".csv");
        Assert.Equal("text/csv; charset=utf-8", $"{csv.Response.Content.Headers.ContentType}");
        Assert.Contains(member.Address, csv.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync(url + "?months=99")).Status);

        var ask = await browser.OpenAsync($"{url}/{site.ListId}/ask?months=6");
        Assert.Contains("At most 1 person.", ask.Text, StringComparison.Ordinal);
        Assert.Empty(await RoundsAsync(site));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PressAsync(ask, "Ask them")).Status);
        await EndedAsync(site);
        await TimeIsOverAsync(site);

        var remove = await browser.OpenAsync($"{url}/{site.ListId}/remove");
        Assert.Contains("1 person.", remove.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("At most", remove.Text, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PressAsync(remove, "Take them off")).Status);
        await Eventually.BecomesAsync(() => member.StateAsync(), state => state == SubscriptionState.Removed);
        Assert.Equal("admin:Manager", Facts((await member.LedgerAsync())[^1])["decidedBy"]);
        Assert.Contains("Nobody is on these lists yet", (await browser.OpenAsync(url)).Text, StringComparison.Ordinal);
        Assert.Contains("nobody to decide about", (await browser.OpenAsync($"{url}/{site.ListId}/ask")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erasure_forgets_that_somebody_was_asked()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.SilenceAsync(months: 7);
        var link = await member.AskWhetherToStayAsync();

        var body = new JsonObject { ["email"] = member.Address };
        await member.Site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/erase", body, "contacts");

        Assert.Empty(await gateway.InDatabaseAsync(db => db.Repermissions.Where(one => one.SiteId == member.Site.Id).ToListAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.OpenAsync(link)).Status);
    }

    private Task<List<HygieneRound>> RoundsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db =>
            db.HygieneRounds.AsNoTracking().Where(one => one.SiteId == site.Id).OrderBy(one => one.Id).ToListAsync()
        );

    private async Task<HygieneRound> EndedAsync(SiteUnderTest site) =>
        (await Eventually.BecomesAsync(() => RoundsAsync(site), all => all is [.., { EndedAt: not null }]))[^1];

    /// <summary>As after a restore: the round begins anew.</summary>
    private async Task RepeatAsync(SiteUnderTest site)
    {
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .HygieneRounds.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(one => one.EndedAt, (DateTime?)null)
                                .SetProperty(one => one.AfterDay, DateOnly.MinValue)
                                .SetProperty(one => one.AfterId, Guid.Empty)
                                .SetProperty(one => one.DueAt, DateTime.UnixEpoch)
                        ),
                CancellationToken.None
            )
        );
        gateway.Signal();
    }

    private Task<int> MailsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Messages.CountAsync(one => one.SiteId == site.Id && one.Template == "repermission"));

    /// <summary>As if all mails that asked somebody had left a month ago, and the people had been on the list before.</summary>
    private async Task TimeIsOverAsync(SiteUnderTest site)
    {
        await Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.Repermissions.AsNoTracking().Where(one => one.SiteId == site.Id).ToListAsync()),
            asked => asked.Count > 0 && asked.TrueForAll(one => one.SentAt is not null)
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    DateTime? past = gateway.Clock.GetUtcNow().UtcDateTime.AddDays(-30).AddSeconds(-1);
                    await db
                        .Subscriptions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.ConfirmedAt, past.Value.AddDays(-1)));
                    return await db
                        .Repermissions.Where(one => one.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, past));
                },
                CancellationToken.None
            )
        );
    }

    private static async Task ListAsync(SiteUnderTest site, (int ToAsk, int Waiting, int Unanswered) expected)
    {
        var list = (await site.HygieneAsync())["lists"]![0]!;
        Assert.Equal(expected, ((int)list["toAsk"]!, (int)list["waiting"]!, (int)list["unanswered"]!));
    }

    private static Dictionary<string, string?> Facts(Consent entry)
    {
        using var json = JsonDocument.Parse(entry.Entry);
        return json.RootElement.GetProperty("facts").Deserialize<Dictionary<string, string?>>()!;
    }

    private Task<CommandResult> CommandAsync(params string[] words) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", words);
}
