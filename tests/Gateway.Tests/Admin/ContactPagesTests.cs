using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Who manages a site finds a person, sees and proves what happened, and does what the person asks for, in a browser.</summary>
public sealed class ContactPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_person_is_found_by_a_form_and_their_story_and_evidence_are_shown()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);

        var page = await FindAsync(browser, member.Site, $" {member.Address.ToUpperInvariant()} ");

        Assert.Equal(member.Address, page.Heading);
        Assert.Contains("Subscribed to “Newsletter”", page.Text, StringComparison.Ordinal);
        Assert.Contains("Email “confirmation” handed over", page.Text, StringComparison.Ordinal);
        Assert.Contains("Yes, send me the newsletter.", page.Text, StringComparison.Ordinal);
        var evidence = await browser.OpenAsync(HrefOf(page, "Evidence of consent, to print"));
        Assert.Equal("Consent record", evidence.Heading);
        var json = await browser.OpenAsync(HrefOf(page, "Evidence as signed JSON"));
        Assert.Equal("confirmed", (string?)JsonNode.Parse(json.Html)!["evidence"]!["entries"]![0]!["kind"]);
        Assert.StartsWith("attachment", json.Response.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_by_telephone_is_unsubscribed_from_one_list_or_from_everything()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var offers = await member.JoinAnotherAsync("Offers");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var page = await FindAsync(browser, member.Site, member.Address);

        await browser.PressAsync(page, "Unsubscribe", ("list", PublicId.Format(PublicId.List, offers.Id)));
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync(offers.Id));
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());

        await browser.PressAsync(page, "Unsubscribe from everything");
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        var after = await FindAsync(browser, member.Site, member.Address);
        Assert.Contains("Only their own confirmation lifts that.", after.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(after.Document.QuerySelectorAll("#reason"));
        await member.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Who_refused_by_mistake_may_be_asked_again_for_a_reason_which_is_kept()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.Site.CancelAsync(reader.Confirm);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", reader.Site);
        var page = await FindAsync(browser, reader.Site, reader.Address);
        Assert.Contains("answered “this wasn't me” about “Newsletter”", page.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PressAsync(page, "Lift")).Status);
        var lifted = await browser.PressAsync(page, "Lift", ("reason", "She pressed the wrong link."));

        Assert.Equal(HttpStatusCode.SeeOther, lifted.Status);
        Assert.NotEqual(SubscriptionState.Cancelled, await reader.StateAsync());
        Assert.Contains(
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == reader.Site.Id).Select(row => $"{row.Action}: {row.Reason}").ToListAsync()
            ),
            said => said == "refusal.lifted: She pressed the wrong link."
        );
    }

    [Fact]
    public async Task A_complaint_is_lifted_by_an_operator_alone()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var key = await gateway.InDatabaseAsync(db =>
            db.Contacts.Where(row => row.SiteId == member.Site.Id).Select(row => row.AddressKey).SingleAsync()
        );
        await gateway.InTransactionAsync<Suppressions, bool>(suppressions =>
            suppressions.AddAsync(
                member.Site.Id,
                SuppressionChannel.Email,
                key,
                SuppressionReason.Complained,
                "tests",
                CancellationToken.None
            )
        );
        var manager = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var refused = await manager.PressAsync(
            await FindAsync(manager, member.Site, member.Address),
            "Lift",
            ("reason", "They called and apologised.")
        );
        Assert.Contains("Only an operator lifts a complaint.", refused.Alert, StringComparison.Ordinal);

        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Operator");
        var lifted = await operatorsBrowser.PressAsync(
            await FindAsync(operatorsBrowser, member.Site, member.Address),
            "Lift",
            ("reason", "They called and apologised.")
        );
        Assert.Equal(HttpStatusCode.SeeOther, lifted.Status);
    }

    [Fact]
    public async Task Erasing_needs_the_address_typed_and_what_was_refused_is_remembered()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var page = await FindAsync(browser, member.Site, member.Address);

        var wrong = await browser.PressAsync(page, "Erase this person", ("email", "somebody@else.example"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        await browser.PressAsync(page, "Unsubscribe from everything");
        var erased = await browser.PressAsync(page, "Erase this person", ("email", member.Address));

        Assert.Equal(HttpStatusCode.SeeOther, erased.Status);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == member.Site.Id)));
        var form = await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/contacts");
        var found = await browser.PressAsync(form, "Find", ("email", member.Address));
        Assert.Contains("it is remembered not to write to it", found.Text, StringComparison.Ordinal);
        await member.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task A_person_of_another_site_is_not_found_and_no_address_is_a_sentence()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var other = await gateway.NewSiteAsync();
        var ann = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var id = (await FindAsync(ann, member.Site, member.Address)).Document.QuerySelector("code")!.TextContent;
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", other);
        var theirs = $"/admin/sites/{other.PublicId}/contacts";

        foreach (var path in new[] { "", "/evidence", "/evidence.json" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await bob.OpenAsync($"{theirs}/{id}{path}")).Status);
        }

        var unknown = await bob.PressAsync(await bob.OpenAsync(theirs), "Find", ("email", member.Address));
        Assert.Contains("Nobody by this address is known here", unknown.Text, StringComparison.Ordinal);
        var none = await bob.PressAsync(await bob.OpenAsync(theirs), "Find", ("email", "ada at home"));
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);
        Assert.NotNull(none.Alert);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == member.Site.Id)));
    }

    private static async Task<ShownPage> FindAsync(AdminBrowser browser, SiteUnderTest site, string address)
    {
        var form = await browser.OpenAsync($"/admin/sites/{site.PublicId}/contacts");
        var found = await browser.PressAsync(form, "Find", ("email", address));
        Assert.Equal(HttpStatusCode.SeeOther, found.Status);
        Assert.DoesNotContain("@", found.Location(), StringComparison.Ordinal);
        return await browser.OpenAsync(found.Location()!);
    }

    private static string HrefOf(ShownPage page, string text) =>
        page.Document.QuerySelectorAll("a").Single(link => link.TextContent == text).GetAttribute("href")!;
}
