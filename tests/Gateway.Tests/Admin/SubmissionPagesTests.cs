using System.Net;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>What came in from forms is found in a browser, with the whole story of each.</summary>
public sealed class SubmissionPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_whole_story_of_a_submission_is_on_one_page_and_leads_to_all_it_belongs_to()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);

        var form = await browser.OpenAsync(UrlOf(member.Site));
        var found = await browser.PressAsync(form, "Find", ("search", member.Address.ToUpperInvariant()));
        var page = await Eventually.BecomesAsync(
            () => browser.OpenAsync(found.Location()!),
            shown => shown.Text.Contains("kept by this gateway", StringComparison.Ordinal)
        );

        Assert.DoesNotContain("@", found.Location(), StringComparison.Ordinal);
        var steps = page.Document.QuerySelectorAll(".story li").Select(step => step.TextContent).ToList();
        string[] inOrder =
        [
            "Received",
            "Understood: somebody wants “Newsletter”",
            "Email queued",
            "Handed over",
            "Confirmed “Newsletter”",
        ];
        var places = inOrder.Select(step => steps.FindIndex(text => text.Contains(step, StringComparison.Ordinal))).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Contains("Yes, send me the newsletter.", page.Text, StringComparison.Ordinal);
        Assert.Equal(member.Address, (await browser.OpenAsync(HrefOf(page, member.Address))).Heading);

        var mail = await browser.OpenAsync(HrefOf(page, "Email queued"));
        Assert.Equal("Email “confirmation”", mail.Heading);
        Assert.Equal(found.Location(), HrefOf(mail, "A sign-up by a form"));
        Assert.EndsWith("/evidence", HrefOf(page, "Confirmed “Newsletter”"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_has_another_name_by_now_leads_to_its_evidence_all_the_same()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var list = $"/admin/sites/{member.Site.PublicId}/lists/{member.Site.ListId}";
        await browser.PressAsync(await browser.OpenAsync(list), "Save", ("name", "Offers"));

        var found = await browser.PressAsync(await browser.OpenAsync(UrlOf(member.Site)), "Find", ("search", member.Address));
        var page = await browser.OpenAsync(found.Location()!);

        Assert.EndsWith("/evidence", HrefOf(page, "Confirmed “Offers”"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_says_why_and_leads_to_the_decision()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(email: "astray@example.org", change: body => body["subscribe"]![0]!["email"] = "nosuch");
        await site.ProcessedAsync(submitted.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var list = await browser.OpenAsync($"{UrlOf(site)}?state=failed");
        var page = await browser.OpenAsync(list.Document.QuerySelector("tbody th a")!.GetAttribute("href")!);

        Assert.Contains("did not come, or is empty", page.Alert, StringComparison.Ordinal);
        var decide = await browser.OpenAsync(HrefOf(page, "Try again, with another field or list"));
        await browser.PressAsync(decide, "Try again", ("email", "your-email"));
        await site.LinksForAsync("astray@example.org");
        Assert.Contains(
            "The address is taken from the field “your-email”.",
            (await browser.OpenAsync($"{UrlOf(site)}/{submitted.Id}")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_was_typed_is_shown_to_who_asks_for_it_and_that_is_recorded()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(email: "typed@example.org");
        await site.ProcessedAsync(submitted.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Curious", site);

        var page = await browser.OpenAsync($"{UrlOf(site)}/{submitted.Id}");
        var shown = await browser.PressAsync(page, "Show what came in");

        Assert.DoesNotContain("Turin", page.Html, StringComparison.Ordinal);
        Assert.Contains("Turin", shown.Document.QuerySelector("pre")!.TextContent, StringComparison.Ordinal);
        var recorded = await gateway.InDatabaseAsync(db =>
            db.Audit.Where(row => row.SiteId == site.Id && row.Actor == "admin:Curious").Select(row => row.Action).ToListAsync()
        );
        Assert.Equal(["submission.body_shown"], recorded);
    }

    [Theory]
    [InlineData("submissions")]
    [InlineData("messages")]
    [InlineData("sms")]
    public async Task A_filter_that_there_is_not_is_said_to_be_none(string list)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        foreach (var query in new[] { "state=nonsense", "after=nonsense", "state=done&after=msg_1" })
        {
            var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/{list}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Contains("There is no such filter", page.Alert, StringComparison.Ordinal);
        }

        var none = await browser.OpenAsync($"/admin/sites/{site.PublicId}/{list}");
        Assert.Equal(HttpStatusCode.OK, none.Status);
        Assert.NotNull(none.Document.QuerySelector(".empty .headline"));
        var unknown = await browser.PressAsync(none, "Find", ("search", "no address at all"));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_long_list_is_read_page_by_page_and_filtered_by_form_and_list()
    {
        var site = await gateway.NewSiteAsync();
        var now = gateway.Clock.GetUtcNow().AddHours(-1);

        // Many of one moment, as a plugin sends them that was offline.
        var rows = Enumerable.Range(0, 120).Select(number => Row(site, now.AddSeconds(number / 40), $"{number % 2}")).ToList();
        await gateway.InDatabaseAsync(db => db.WriteAsync(() => db.InsertNewAsync(rows, CancellationToken.None), CancellationToken.None));
        await site.SubmitAsync(email: $"asked@{Guid.CreateVersion7():N}.example");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        Assert.Equal(121, (await ReadAsync(browser, UrlOf(site))).Distinct().Count());
        Assert.Equal(60, (await ReadAsync(browser, $"{UrlOf(site)}?form=1")).Count);
        Assert.Equal(121, (await ReadAsync(browser, $"{UrlOf(site)}?time=all")).Count);
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync(browser, $"{UrlOf(site)}?list={site.ListId}")).Count == 1);
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync(browser, $"{UrlOf(site)}?state=waiting")).Count == 0);
        Assert.Equal(121, (await ReadAsync(browser, $"{UrlOf(site)}?state=done")).Count);
        Assert.Empty(await ReadAsync(browser, $"{UrlOf(site)}?state=failed"));
    }

    [Fact]
    public async Task Another_site_has_no_such_submission()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var address = $"theirs@{Guid.CreateVersion7():N}.example";
        var submitted = await site.SubmitAsync(email: address);
        await site.ProcessedAsync(submitted.Id);
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", other);
        var list = await bob.OpenAsync(UrlOf(other));

        Assert.Equal(HttpStatusCode.NotFound, (await bob.OpenAsync($"{UrlOf(other)}/{submitted.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.OpenAsync($"{UrlOf(site)}/{submitted.Id}")).Status);
        Assert.Contains(
            "No submission names this address",
            (await bob.PressAsync(list, "Find", ("search", address))).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await bob.PressAsync(list, "Find", ("search", submitted.Id))).Status);
    }

    private static Submission Row(SiteUnderTest site, DateTimeOffset at, string form) =>
        new()
        {
            Id = Guid.CreateVersion7(at),
            SiteId = site.Id,
            Key = Guid.CreateVersion7().ToString(),
            ContentHash = [1],
            Body = "{}"u8.ToArray(),
            FormId = form,
            State = SubmissionState.Done,
            ReceivedAt = at.UtcDateTime,
        };

    /// <returns>The links of all pages of a list.</returns>
    private static async Task<List<string>> ReadAsync(AdminBrowser browser, string url)
    {
        var links = new List<string>();
        for (var next = url; next is not null;)
        {
            var page = await browser.OpenAsync(next);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            links.AddRange(page.Document.QuerySelectorAll("tbody th a").Select(link => link.GetAttribute("href")!));
            next = page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        return links;
    }

    private static string UrlOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/submissions";

    private static string HrefOf(ShownPage page, string text) =>
        page.Document.QuerySelectorAll("main a").First(link => link.TextContent == text).GetAttribute("href")!;
}
