using System.Net;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>A site's settings, its forms, its suppressions and its audit, in a browser.</summary>
public sealed class SettingsPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Settings_are_changed_and_what_is_wrong_is_a_sentence()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/settings";
        var page = await browser.OpenAsync(path);

        var wrong = await browser.PressAsync(page, "Save", ("time-zone", "Paris"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("The time zone is a name of the IANA time zones, such as Europe/Paris.", wrong.Alert);
        var saved = await browser.PressAsync(
            page,
            "Save",
            ("name", "Ann's Store"),
            ("colour", "#1a2b3c"),
            ("time-zone", "Europe/Paris"),
            ("mail-quiet", "22:00-07:00"),
            ("ip", "none"),
            ("keep-days", "90"),
            ("from", "ceo@other.example"),
            ("brake", "1")
        );

        Assert.Equal(path, saved.Location());
        var row = await RowAsync(site);
        Assert.Equal(("Ann's Store", "#1a2b3c", "Europe/Paris"), (row.Name, row.Colour, row.TimeZone));
        Assert.Equal(("22:00-07:00", IpStorage.None, 90), (row.MailQuiet, row.IpStorage, row.KeepDays));

        // What others would suffer from is an operator's.
        Assert.Equal(("news@shop.example", false), (row.FromEmail, row.Brake));
        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Olga");
        await operatorsBrowser.PressAsync(await operatorsBrowser.OpenAsync(path), "Save", ("from", "hello@shop.example"), ("brake", "1"));
        Assert.Equal(("hello@shop.example", true), ((await RowAsync(site)).FromEmail, (await RowAsync(site)).Brake));
    }

    [Fact]
    public async Task Of_two_who_save_the_same_form_the_second_is_told_of_the_first_and_keeps_what_they_typed()
    {
        var site = await gateway.NewSiteAsync();
        var path = $"/admin/sites/{site.PublicId}/settings";
        var (ann, bob) = (await AdminBrowser.SignedInAsync(gateway, "Ann", site), await AdminBrowser.SignedInAsync(gateway, "Bob", site));
        var (hers, his) = (await ann.OpenAsync(path), await bob.OpenAsync(path));

        var wrong = await bob.PressAsync(his, "Save", ("name", "Bob's Store"), ("time-zone", "Paris"));
        await ann.PressAsync(hers, "Save", ("colour", "#1a2b3c"));
        var late = await bob.PressAsync(wrong, "Save", ("time-zone", "Europe/Paris"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Conflict), (wrong.Status, late.Status));
        Assert.Contains("Ann changed this", late.Alert, StringComparison.Ordinal);
        Assert.Equal("Bob's Store", late.Document.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("#1a2b3c", (await RowAsync(site)).Colour);

        // Now he knows.
        Assert.Equal(path, (await bob.PressAsync(late, "Save", ("colour", "#1a2b3c"))).Location());
        var row = await RowAsync(site);
        Assert.Equal(("Bob's Store", "#1a2b3c", "Europe/Paris"), (row.Name, row.Colour, row.TimeZone));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Forms_are_found_by_what_they_sent_and_a_renamed_field_is_told()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(email: "ada@example.org", change: body => body["subscribe"]![0]!["email"] = "e-mail");
        await site.ProcessedAsync(submitted.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/forms");

        Assert.Contains("Contact", page.Document.QuerySelector("tbody th")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Newsletter", page.Text, StringComparison.Ordinal);
        Assert.Contains("“e-mail”, which did not come with the last submission", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@example.org", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_is_suppressed_looked_up_and_lifted_with_a_reason_each()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var path = $"/admin/sites/{member.Site.PublicId}/suppressions";
        var page = await browser.OpenAsync(path);

        var without = await browser.PressAsync(page, "Write to it no more", ("email", member.Address), ("reason", "bounced"));
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        var added = await browser.PressAsync(
            page,
            "Write to it no more",
            ("email", member.Address),
            ("reason", "bounced"),
            ("note", "A letter came back too.")
        );
        Assert.Equal(path, added.Location());
        Assert.NotEqual(Gateway.Features.Contacts.SubscriptionState.Confirmed, await member.StateAsync());

        var found = await browser.PressAsync(page, "Look up", ("email", member.Address));
        Assert.Contains("Emails to this address came back.", found.Text, StringComparison.Ordinal);
        var lifted = await browser.PressAsync(found, "Lift", ("reason", "The mailbox works again."));
        Assert.Equal(path, lifted.Location());
        var after = await browser.PressAsync(page, "Look up", ("email", member.Address));
        Assert.Contains("Nothing keeps this address", after.Text, StringComparison.Ordinal);

        var audit = await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/audit?action=suppression.added");
        Assert.Contains("A letter came back too.", audit.Text, StringComparison.Ordinal);
        Assert.Single(audit.Document.QuerySelectorAll("tbody tr"));
        Assert.DoesNotContain(member.Address, audit.Html, StringComparison.Ordinal);
        var nobody = await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/audit?until=2001-01-01");
        Assert.Empty(nobody.Document.QuerySelectorAll("tbody tr"));
        var by = audit.Document.QuerySelectorAll("#by option").Single(option => option.TextContent == "admin:Ann").GetAttribute("value")!;
        Assert.DoesNotContain("Ann", by, StringComparison.Ordinal);
        var hers = await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/audit?by={by}");
        Assert.All(hers.Document.QuerySelectorAll("tbody th"), who => Assert.Equal("admin:Ann", who.TextContent));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Operators_see_the_health_of_the_gateway_and_the_audit_of_all_sites()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Olga");

        var health = await browser.OpenAsync("/admin/health");
        var audit = await browser.OpenAsync("/admin/audit?action=admin.signed_in");

        Assert.Equal(HttpStatusCode.OK, health.Status);
        Assert.Contains("The database answers", health.Text, StringComparison.Ordinal);
        Assert.Contains(health.Document.QuerySelectorAll("th"), cell => cell.TextContent == "Emails to be sent");
        Assert.Contains(
            health.Document.QuerySelectorAll("[aria-label='Planned work'] th"),
            cell => cell.TextContent == "Sign-ups that run out unless they are confirmed"
        );
        Assert.DoesNotContain(health.Document.QuerySelectorAll("[aria-label=Queues] th"), cell => cell.TextContent == "expiry");
        Assert.Contains("admin:Olga", audit.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_last_backup_was_made_stands_on_the_page_of_health()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.CreateVersion7():N}.backup");
        try
        {
            var made = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["backup", file, "--json"]);
            Assert.Equal(0, made.Code);

            var health = await (await AdminBrowser.SignedInAsync(gateway, "Olga")).OpenAsync("/admin/health");

            Assert.Contains("The last backup was made", health.Text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<Site> RowAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Sites.AsNoTracking().SingleAsync(row => row.Id == site.Id));
}
