using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Admin;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

/// <summary>Whoever has not answered a confirmation mail gets another one, inside the budgets, from a page or by the API.</summary>
[Trait("Database", "both")]
public sealed class ResendTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Who_presses_twice_sends_one_more_mail_and_both_links_confirm_the_same_request()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromHours(1));
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", reader.Site);
        var page = await ContactAsync(browser, reader);

        var sent = await browser.PressAsync(page, "Send the confirmation again");
        var twice = await browser.PressAsync(page, "Send the confirmation again");

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (sent.Status, twice.Status));
        var told = await browser.OpenAsync(sent.Response.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, told.Status);
        Assert.Contains("on its way, with a fresh link", told.Text, StringComparison.Ordinal);
        var links = await reader.Site.LinksForAsync(reader.Address, mails: 2);
        Assert.NotEqual(reader.Links.Confirm, links.Confirm);
        Assert.Equal(2, (await reader.Site.SubscriptionAsync()).MailsSent);
        Assert.Single(await RequestsAsync(reader));
        Assert.Equal(1, await AuditedAsync(reader.Site, "confirmation.resent"));

        await reader.Site.ConfirmAsync(reader.Confirm);
        Assert.Equal(SubscriptionState.Confirmed, await reader.StateAsync());
        Assert.Equal("Already confirmed", (await reader.Site.OpenAsync("/c/" + links.Confirm)).Heading);
        Assert.Equal(2, (await gateway.MailsToAsync(reader.Address, 2)).Count);
    }

    [Fact]
    public async Task The_time_to_answer_begins_anew_with_the_new_mail_for_the_link_before_too()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromDays(6));
        Assert.Equal(HttpStatusCode.Accepted, (await ResendAsync(reader)).Status);
        var links = await reader.Site.LinksForAsync(reader.Address, mails: 2);

        await reader.PassAsync(TimeSpan.FromDays(6));
        Assert.Equal("Confirm your subscription", (await reader.Site.OpenAsync("/c/" + links.Confirm)).Heading);
        await reader.Site.ConfirmAsync(reader.Confirm);

        Assert.Equal(SubscriptionState.Confirmed, await reader.StateAsync());
        await reader.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Right_after_a_mail_another_one_is_refused_with_the_time_when_it_is_possible()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", reader.Site);

        var refused = await ResendAsync(reader);
        var page = await ContactAsync(browser, reader);

        Assert.Equal((HttpStatusCode.Conflict, "too_soon"), (refused.Status, refused.Code));
        var next = (await DetailsAsync(reader))["subscriptions"]![0]!;
        Assert.Equal(1, (int)next["mails"]!);
        Assert.Contains(
            $"possible at {(DateTime)next["nextMailAt"]!:yyyy-MM-dd HH:mm} UTC",
            (string?)refused.Json["detail"],
            StringComparison.Ordinal
        );
        Assert.Contains("Another confirmation email is possible at", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Document.QuerySelectorAll("button"), one => one.TextContent == "Send the confirmation again");
        Assert.Single(await gateway.MailsToAsync(reader.Address, 1));
    }

    [Fact]
    public async Task Who_answered_or_must_not_be_written_to_gets_none()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromHours(1));
        var key = await gateway.InDatabaseAsync(db =>
            db.Contacts.Where(row => row.SiteId == reader.Site.Id).Select(row => row.AddressKey).SingleAsync()
        );
        Task<bool> SuppressAsync(bool add) =>
            gateway.InTransactionAsync<Suppressions, bool>(suppressions =>
                add
                    ? suppressions.AddAsync(
                        reader.Site.Id,
                        SuppressionChannel.Email,
                        key,
                        SuppressionReason.Complained,
                        "tests",
                        CancellationToken.None
                    )
                    : suppressions.LiftAsync(
                        reader.Site.Id,
                        SuppressionChannel.Email,
                        key,
                        SuppressionReason.Complained,
                        CancellationToken.None
                    )
            );

        await SuppressAsync(add: true);
        Assert.Equal("suppressed", (await ResendAsync(reader)).Code);
        await SuppressAsync(add: false);
        await reader.Site.AuthorizedAsync(HttpMethod.Post, $"/v1/lists/{reader.Site.ListId}/archive", scope: "contacts");
        Assert.Equal("list_archived", (await ResendAsync(reader)).Code);
        await reader.Site.AuthorizedAsync(HttpMethod.Post, $"/v1/lists/{reader.Site.ListId}/restore", scope: "contacts");
        await reader.Site.ConfirmAsync(reader.Confirm);
        Assert.Equal("not_pending", (await ResendAsync(reader)).Code);

        var other = await gateway.NewSiteAsync();
        var contact = (string)(await DetailsAsync(reader))["id"]!;
        var body = new JsonObject { ["list"] = other.ListId };
        var path = $"/v1/contacts/{contact}/resend";
        Assert.Equal(HttpStatusCode.NotFound, (await other.AuthorizedAsync(HttpMethod.Post, path, body, "contacts")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await reader.Site.AuthorizedAsync(HttpMethod.Post, path, body, "contacts")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Site.AuthorizedAsync(HttpMethod.Post, path, body, "read")).Status);
        Assert.Equal(0, await AuditedAsync(reader.Site, "confirmation.resent"));
    }

    [Fact]
    public async Task A_mail_for_several_lists_asks_for_all_that_nobody_answered_once_more()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var offers = new ContactList
        {
            Id = Guid.CreateVersion7(),
            SiteId = reader.Site.Id,
            Name = "Offers",
            CreatedAt = gateway.Clock.GetUtcNow().UtcDateTime,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([offers], CancellationToken.None), CancellationToken.None)
        );
        var address = $"{Guid.CreateVersion7():N}@several.example";
        await reader.Site.SubmitAsync(
            email: address,
            change: body =>
            {
                var second = body["subscribe"]![0]!.DeepClone();
                second["list"] = PublicId.Format(PublicId.List, offers.Id);
                body["subscribe"]!.AsArray().Add(second);
            }
        );
        var both = reader with { Address = address, Links = await reader.Site.LinksForAsync(address) };
        await both.PassAsync(TimeSpan.FromDays(1));

        Assert.Equal(HttpStatusCode.Accepted, (await ResendAsync(both, PublicId.Format(PublicId.List, offers.Id))).Status);
        var links = await both.Site.LinksForAsync(address, mails: 2);
        var page = await both.Site.OpenAsync("/c/" + links.Confirm);

        Assert.Equal(["Newsletter", "Offers"], page.Document.QuerySelectorAll("label bdi").Select(label => label.TextContent));
        Assert.Equal("too_soon", (await ResendAsync(both)).Code);
        await both.Site.PressAsync(page, "Yes, subscribe me");
        Assert.Equal(
            ["confirmed", "confirmed"],
            (await DetailsAsync(both))["subscriptions"]!.AsArray().Select(one => (string?)one!["status"])
        );
    }

    [Fact]
    public async Task Everybody_who_got_one_mail_and_did_not_answer_is_asked_again_with_one_press()
    {
        var first = await Subscriber.SignUpAsync(gateway);
        var confirmed = await AnotherAsync(first);
        var late = await AnotherAsync(first);
        await first.PassAsync(TimeSpan.FromDays(3));
        Assert.Equal(HttpStatusCode.Accepted, (await ResendAsync(late)).Status);
        var fresh = await AnotherAsync(first);
        await first.Site.ConfirmAsync(confirmed.Confirm);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", first.Site);
        var list = $"/admin/sites/{first.Site.PublicId}/lists/{first.Site.ListId}";

        var pending = await browser.OpenAsync(list + "/members/pending");
        Assert.Equal(
            [first.Address, late.Address, fresh.Address],
            pending.Document.QuerySelectorAll("tbody th").Select(one => one.TextContent.Trim())
        );
        Assert.Equal(["1", "2", "1"], pending.Document.QuerySelectorAll("tbody td.number").Select(one => one.TextContent.Trim()));
        var all = await browser.OpenAsync(list + "/resend?days=1");
        Assert.Contains("At most 1 person.", all.Text, StringComparison.Ordinal);
        Assert.Contains("nobody to ask again", (await browser.OpenAsync(list + "/resend?days=5")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PressAsync(all, "Ask them again", ("days", "0"))).Status);
        var asked = await browser.PressAsync(all, "Ask them again");
        await browser.PressAsync(all, "Ask them again");

        Assert.StartsWith(list + "/members/pending", asked.Location(), StringComparison.Ordinal);
        await first.Site.LinksForAsync(first.Address, mails: 2);
        await Eventually.BecomesAsync(
            async () => (await browser.OpenAsync(list + "/members/pending")).Text,
            text => !text.Contains("being asked again", StringComparison.Ordinal)
        );
        Assert.Equal(2, (await gateway.MailsToAsync(first.Address, 2)).Count);
        Assert.Equal(2, (await gateway.MailsToAsync(late.Address, 2)).Count);
        Assert.Single(await gateway.MailsToAsync(fresh.Address, 1));
        Assert.InRange(await AuditedAsync(first.Site, "confirmations.resent"), 1, 2);
    }

    [Fact]
    public async Task Who_is_pending_or_left_is_read_in_pages()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var (one, two) = (await AnotherAsync(member), await AnotherAsync(member));
        await member.Site.UnsubscribeAsync((string)(await DetailsAsync(member))["id"]!, new() { ["list"] = member.Site.ListId });
        var path = $"/v1/lists/{member.Site.ListId}/members";

        var begin = await member.Site.GetAsync($"{path}?status=pending&limit=1", scope: "contacts");
        var end = await member.Site.GetAsync($"{path}?status=pending&limit=1&after={begin.Json["next"]}", scope: "contacts");
        var left = await member.Site.GetAsync($"{path}?status=unsubscribed", scope: "contacts");

        Assert.Equal(
            (one.Address, two.Address, null),
            ((string?)begin.Json["items"]![0]!["email"], (string?)end.Json["items"]![0]!["email"], (string?)end.Json["next"])
        );
        Assert.Equal(("pending", 1), ((string?)begin.Json["items"]![0]!["status"], (int)begin.Json["items"]![0]!["mails"]!));
        Assert.Equal(member.Address, (string?)Assert.Single(left.Json["items"]!.AsArray())!["email"]);
        Assert.Empty((await member.Site.GetAsync(path, scope: "contacts")).Json["items"]!.AsArray());
        foreach (var wrong in new[] { "status=gone", "status=pending&after=20260101-x", "after=" + begin.Json["next"] })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await member.Site.GetAsync($"{path}?{wrong}", scope: "contacts")).Status);
        }

        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var pages = $"/admin/sites/{member.Site.PublicId}/lists/{member.Site.ListId}/members";
        Assert.Contains(member.Address, (await browser.OpenAsync(pages + "/unsubscribed")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(pages + "/gone")).Status);
    }

    [Fact]
    public async Task The_pages_of_a_list_and_its_people_speak_french_to_who_reads_it()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromDays(2));
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", reader.Site);
        var site = $"/admin/sites/{reader.Site.PublicId}";
        Task<ShownPage> FrenchAsync(string path) =>
            browser.SendAsync(new(HttpMethod.Get, site + path) { Headers = { { "Accept-Language", "fr-FR,fr;q=0.9" } } });

        var pending = await FrenchAsync($"/lists/{reader.Site.ListId}/members/pending");
        var contact = await FrenchAsync($"/contacts/{(await DetailsAsync(reader))["id"]}");
        var list = await FrenchAsync($"/lists/{reader.Site.ListId}");
        var hygiene = await FrenchAsync("/hygiene");
        var suppressions = await FrenchAsync("/suppressions");

        Assert.Equal("Qui doit encore confirmer Newsletter", pending.Heading);
        Assert.Equal("fr", pending.Document.DocumentElement.GetAttribute("lang"));
        Assert.Contains("aujourd’hui", pending.Text, StringComparison.Ordinal);
        Assert.Contains(contact.Document.QuerySelectorAll("button"), one => one.TextContent == "Renvoyer la confirmation");
        Assert.Contains("E-mail «\u00a0confirmation\u00a0» ", contact.Text, StringComparison.Ordinal);
        Assert.Contains("Conservée chez\u00a0: cette passerelle", list.Text, StringComparison.Ordinal);
        Assert.Equal(("Hygiène des listes", "Exclusions"), (hygiene.Heading, suppressions.Heading));
    }

    private static async Task<Subscriber> AnotherAsync(Subscriber one)
    {
        var address = $"{Guid.CreateVersion7():N}@pages.example";
        await one.Site.SubmitAsync(email: address);
        return new(one.Site, address, await one.Site.LinksForAsync(address));
    }

    private static async Task<ShownPage> ContactAsync(AdminBrowser browser, Subscriber reader) =>
        await browser.OpenAsync($"/admin/sites/{reader.Site.PublicId}/contacts/{(await DetailsAsync(reader))["id"]}");

    private static async Task<JsonNode> DetailsAsync(Subscriber reader) =>
        (
            await reader.Site.AuthorizedAsync(
                HttpMethod.Post,
                "/v1/contacts/search",
                new JsonObject { ["email"] = reader.Address },
                "contacts"
            )
        ).Json["items"]![0]!;

    private static async Task<Answer> ResendAsync(Subscriber reader, string? list = null) =>
        await reader.Site.AuthorizedAsync(
            HttpMethod.Post,
            $"/v1/contacts/{(await DetailsAsync(reader))["id"]}/resend",
            new JsonObject { ["list"] = list ?? reader.Site.ListId },
            "contacts"
        );

    private Task<List<OptInRequest>> RequestsAsync(Subscriber reader) =>
        gateway.InDatabaseAsync(db => db.OptInRequests.AsNoTracking().Where(row => row.SiteId == reader.Site.Id).ToListAsync());

    private Task<int> AuditedAsync(SiteUnderTest site, string action) =>
        gateway.InDatabaseAsync(db => db.Audit.CountAsync(row => row.SiteId == site.Id && row.Action == action));
}
