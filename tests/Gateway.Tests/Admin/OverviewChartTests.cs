using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Admin;

/// <summary>The overview shows how a site is doing, by day, as a picture and in numbers.</summary>
[Trait("Database", "both")]
public sealed class OverviewChartTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Sign_ups_and_emails_of_a_site_are_drawn_and_stand_in_a_table()
    {
        var member = await Subscriber.JoinAsync(gateway);
        await member.Site.SubmitAsync(email: "second@example.org");
        await member.Site.LinksForAsync("second@example.org");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var site = $"/admin/sites/{member.Site.PublicId}";

        // The charts are remembered for some seconds.
        var page = await Eventually.BecomesAsync(
            () => browser.OpenAsync(site),
            shown => Row(shown, "Sign-ups by day") is ["2", "1", "0"] && Row(shown, "Emails by day") is ["3", "0", "0"]
        );

        var pictures = page.Document.QuerySelectorAll("figure.chart svg");
        Assert.Equal(
            ["Sign-ups, 30 days: 2 submissions, 1 confirmed, 0 unsubscribed", "Emails, 30 days: 3 sent, 0 came back, 0 called spam"],
            pictures.Select(picture => picture.GetAttribute("aria-label"))
        );
        Assert.Equal(2, pictures[0].QuerySelectorAll("rect").Length);
        Assert.Equal(30, page.Document.QuerySelectorAll("[aria-label='Sign-ups by day'] tbody tr").Length);
        Assert.Single((await browser.OpenAsync("/admin")).Document.QuerySelectorAll("figure.chart"));
    }

    [Fact]
    public async Task What_waits_is_named()
    {
        var site = await gateway.NewSiteAsync();
        var tomorrow = gateway.Clock.GetUtcNow().AddDays(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        await site.MailAsync($"{Guid.CreateVersion7():N}@waits.example", change: body => body["sendAt"] = tomorrow);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}");

        Assert.Equal(
            ["Emails to be sent", "1", "planned for later"],
            page.Document.QuerySelectorAll("[aria-label='What waits'] tbody :is(th, td)").Select(cell => cell.TextContent.Trim())
        );
    }

    /// <returns>Today's numbers.</returns>
    private static string[] Row(ShownPage page, string table) =>
        [.. page.Document.QuerySelectorAll($"[aria-label='{table}'] tbody tr:first-child td").Select(cell => cell.TextContent)];
}
