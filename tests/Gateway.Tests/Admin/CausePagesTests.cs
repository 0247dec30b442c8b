using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>What failed alike is decided at once, after it was said how many that are, and a dismissal is undone with one press.</summary>
[Trait("Database", "both")]
public sealed class CausePagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task All_that_failed_for_one_reason_is_tried_again_with_another_field()
    {
        var site = await gateway.NewSiteAsync();
        var addresses = await FailAsync(site, 3);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var list = await browser.OpenAsync(UrlOf(site));
        var page = await browser.OpenAsync(Decide(list));
        var refused = await browser.PressAsync(page, "Try all 3 again", ("email", "nosuch"));
        var done = await browser.PressAsync(page, "Try all 3 again", ("email", "your-email"));

        Assert.Contains("3 × Submission", page.Heading, StringComparison.Ordinal);
        Assert.Equal(
            ["", "your-name", "your-email", "your-city"],
            page.Document.QuerySelectorAll("select#email option").Select(option => option.GetAttribute("value"))
        );
        Assert.Equal("your-email", page.Document.QuerySelector("select#email option[selected]")!.GetAttribute("value"));
        var warning = page.Document.QuerySelector(".notice.warn")!;
        Assert.Contains("the next sign-ups fail alike until the form itself is changed", warning.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/admin/sites/{site.PublicId}/forms", warning.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("0 are tried again, 3 are not", refused.Alert, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        foreach (var address in addresses)
        {
            Assert.NotNull((await site.LinksForAsync(address)).Confirm);
        }

        Assert.Contains("Nothing has failed", (await browser.OpenAsync(UrlOf(site))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(Decide(list))).Status);
    }

    [Fact]
    public async Task A_name_whose_field_was_renamed_too_is_taken_from_the_new_one()
    {
        var site = await gateway.NewSiteAsync();
        for (var number = 0; number < 2; number++)
        {
            var submitted = await site.SubmitAsync(
                email: $"{Guid.CreateVersion7():N}@causes.example",
                change: body => (body["subscribe"]![0]!["email"], body["subscribe"]![0]!["name"]) = ("old-email", "old-name")
            );
            await site.ProcessedAsync(submitted.Id);
        }

        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(Decide(await browser.OpenAsync(UrlOf(site))));

        var offered = page.Document.QuerySelector("select#name option[selected]")!.GetAttribute("value");
        var refused = await browser.PressAsync(page, "Try all 2 again", ("email", "your-email"), ("name", "nosuch"));
        await browser.PressAsync(page, "Try all 2 again", ("email", "your-email"), ("name", offered!));

        Assert.Equal("your-name", offered);
        Assert.Contains("There is no field", refused.Alert, StringComparison.Ordinal);
        var evidence = await Eventually.BecomesAsync(
            () =>
                gateway.InDatabaseAsync(db =>
                    db.Set<OptInRequest>().Where(row => row.SiteId == site.Id).Select(row => row.Evidence).ToListAsync()
                ),
            found => found.Count == 2
        );
        Assert.All(evidence, one => Assert.Equal("Ada Lovelace", (string?)JsonNode.Parse(one!)!["name"]));
    }

    [Fact]
    public async Task All_that_failed_for_one_reason_is_dismissed_with_a_reason_and_brought_back()
    {
        var site = await gateway.NewSiteAsync();
        await FailAsync(site, 2);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(Decide(await browser.OpenAsync(UrlOf(site))));

        var without = await browser.PressAsync(page, "Dismiss all 2");
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.Equal("Say why.", without.Alert);

        var done = await browser.PressAsync(page, "Dismiss all 2", ("reason", "A test form."));
        var after = await browser.OpenAsync(done.Response.Headers.Location!.ToString());
        Assert.Empty(after.Document.QuerySelectorAll(".rows"));
        Assert.Equal(
            ["A test form."],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Action == "failed.dismissed").Select(row => row.Reason).ToListAsync()
            )
        );

        await browser.PressAsync(after, "Undo");
        Assert.Equal(2, (await browser.OpenAsync(UrlOf(site))).Document.QuerySelectorAll(".rows")[^1].QuerySelectorAll("li").Length);

        await browser.PressAsync(page, "Dismiss all 2", ("reason", "A test form."));
        var dismissed = await browser.OpenAsync($"{UrlOf(site)}?dismissed=true");
        await browser.PressAsync(dismissed, "Bring back");
        Assert.Equal(2, (await browser.OpenAsync(UrlOf(site))).Document.QuerySelectorAll(".rows")[^1].QuerySelectorAll("li").Length);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task More_than_a_request_may_change_go_on_beside_the_pages_and_can_be_undone()
    {
        var site = await gateway.NewSiteAsync();
        const int many = (FailedItems.AtOnce * 2) + 50;
        await FailMailsAsync(site, many);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(Decide(await browser.OpenAsync(UrlOf(site))));

        var begun = await browser.PressAsync(page, $"Dismiss all {many}", ("reason", "A test."));
        var ended = await EndedAsync(browser, begun);
        Assert.Equal(["450", "0", "450"], Figures(ended));
        Assert.Contains("Nothing has failed", (await browser.OpenAsync(UrlOf(site))).Text, StringComparison.Ordinal);
        var other = await AdminBrowser.SignedInAsync(gateway, "Bob", await gateway.NewSiteAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync(begun.Location()!)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync($"/admin/failed{begun.Location()!.Split("/failed")[1]}")).Status);

        var back = await EndedAsync(browser, await browser.PressAsync(ended, "Undo"));
        Assert.Equal(["450", "0", "450"], Figures(back));
        Assert.Contains("450 × Mail", (await browser.OpenAsync(UrlOf(site))).Text, StringComparison.Ordinal);

        // Nobody is there any more to be written to, so none can be tried again.
        var replayed = await EndedAsync(browser, await browser.PressAsync(page, $"Try all {many} again"));
        Assert.Equal(["0", "450", "450"], Figures(replayed));
        Assert.Contains("450 stay as they are: It is not needed any more", replayed.Text, StringComparison.Ordinal);
        Assert.Equal(
            many,
            await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id && row.State == MessageState.Failed))
        );
    }

    private async Task FailMailsAsync(SiteUnderTest site, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var mails = Enumerable
            .Range(0, count)
            .Select(_ => Guid.CreateVersion7(now.AddMinutes(-1)))
            .Select(id => new Message
            {
                Id = id,
                SiteId = site.Id,
                Key = $"gone:{id:N}",
                Template = "welcome",
                Language = "en",
                ContactId = Guid.CreateVersion7(now),
                ListId = site.List.Id,
                MessageId = id.ToString("N"),
                State = MessageState.Failed,
                Answer = "550 5.1.1 is refused",
                CreatedAt = now.UtcDateTime,
            })
            .ToList();
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync(mails, CancellationToken.None), CancellationToken.None)
        );
    }

    private static Task<ShownPage> EndedAsync(AdminBrowser browser, ShownPage begun) =>
        Eventually.BecomesAsync(
            () => browser.OpenAsync(begun.Location()!),
            page => page.Text.Contains("It ended", StringComparison.Ordinal)
        );

    private static IEnumerable<string> Figures(ShownPage page) =>
        page.Document.QuerySelectorAll(".figures dd").Select(one => one.TextContent.Trim());

    [Fact]
    public async Task Undoing_brings_back_only_what_was_dismissed_by_that_press()
    {
        var site = await gateway.NewSiteAsync();
        await FailAsync(site, 2);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(Decide(await browser.OpenAsync(UrlOf(site))));
        await browser.PressAsync(page, "Dismiss all 2", ("reason", "Yesterday's."));

        // The clock goes on while the next ones fail.
        await FailAsync(site, 2);
        var later = await browser.PressAsync(page, "Dismiss all 2", ("reason", "Today's."));
        await browser.PressAsync(await browser.OpenAsync(later.Response.Headers.Location!.ToString()), "Undo");

        Assert.Contains("2 × Submission", (await browser.OpenAsync(UrlOf(site))).Text, StringComparison.Ordinal);
        Assert.Contains("2 × Submission", (await browser.OpenAsync($"{UrlOf(site)}?dismissed=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undoing_leaves_what_others_dismissed_later()
    {
        var site = await gateway.NewSiteAsync();
        await FailAsync(site, 2);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(Decide(await browser.OpenAsync(UrlOf(site))));
        var first = await browser.PressAsync(page, "Dismiss all 2", ("reason", "Ann's."));
        await FailAsync(site, 2);
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", site);
        var theirs = await bob.OpenAsync(Decide(await bob.OpenAsync(UrlOf(site))));
        await bob.PressAsync(theirs, "Dismiss all 2", ("reason", "Bob's."));

        await browser.PressAsync(await browser.OpenAsync(first.Response.Headers.Location!.ToString()), "Undo");

        Assert.Contains("2 × Submission", (await browser.OpenAsync(UrlOf(site))).Text, StringComparison.Ordinal);
        Assert.Contains("2 × Submission", (await browser.OpenAsync($"{UrlOf(site)}?dismissed=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manager_decides_about_their_sites_alone()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await FailAsync(site, 2);
        await FailAsync(other, 2);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var list = await browser.OpenAsync("/admin/failed");
        var named = list.Document.QuerySelector(".rows .hint a")!;
        Assert.Equal($"/admin/sites/{site.PublicId}", named.GetAttribute("href"));
        var page = await browser.OpenAsync(Decide(list));
        await browser.PressAsync(page, "Dismiss all 2", ("reason", "Mine."));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(Decide(list))).Status);
        var theirs = await AdminBrowser.SignedInAsync(gateway, "Bob", other);
        Assert.Contains("2 × Submission", (await theirs.OpenAsync(UrlOf(other))).Text, StringComparison.Ordinal);
    }

    /// <returns>The addresses of submissions that failed alike.</returns>
    private static async Task<List<string>> FailAsync(SiteUnderTest site, int count)
    {
        var addresses = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var address = $"{Guid.CreateVersion7():N}@causes.example";
            var submitted = await site.SubmitAsync(email: address, change: body => body["subscribe"]![0]!["email"] = "no-such-field");
            await site.ProcessedAsync(submitted.Id);
            addresses.Add(address);
        }

        return addresses;
    }

    private static string Decide(ShownPage page) =>
        page.Document.QuerySelectorAll("a").First(link => link.TextContent == "Decide about all").GetAttribute("href")!;

    private static string UrlOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/failed";
}
