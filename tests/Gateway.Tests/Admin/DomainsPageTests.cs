using System.Net;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Admin;

/// <summary>Who manages a site sees what mailbox providers see of its sender domains.</summary>
public sealed class DomainsPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"shop-{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task The_findings_stand_there_with_what_to_publish()
    {
        gateway.Dns.Script($"{domain} A 192.0.2.1\n{domain} TXT v=spf1 a -all\n{domain} MX 0 .");
        var (browser, site) = await VisitAsync();

        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/domains");

        Assert.Equal("mail is refused or counts as forged", page.Document.QuerySelector("h2 .badge")!.TextContent);
        var row = page.Document.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("th")!.TextContent == "DMARC");
        Assert.Equal("error", row.QuerySelector(".badge")!.TextContent);
        Assert.StartsWith($"_dmarc.{domain} TXT v=DMARC1", row.QuerySelector("code")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_looks_anew_at_the_sites_own_domains_alone()
    {
        gateway.Dns.Script($"{domain} A 192.0.2.1");
        var (browser, site) = await VisitAsync();
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/domains");

        gateway.Dns.Script($"{domain} MX 0 .\n_dmarc.{domain} TXT v=DMARC1; p=reject; rua=mailto:a@{domain}");
        var done = await browser.PressAsync(page, "Look now");
        var foreign = await browser.PressAsync(page, "Look now", ("domain", "other.example"));

        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        var shown = await browser.OpenAsync(done.Response.Headers.Location!.ToString());
        Assert.Equal("This is what is seen now.", shown.Document.QuerySelector("[role=status]")!.TextContent.Trim());
        Assert.NotEqual("error", SeverityOf(shown, "DMARC"));
        Assert.Equal("error", SeverityOf(page, "DMARC"));
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.DoesNotContain(gateway.Dns.AskedSoFar(), question => question.StartsWith("other.example ", StringComparison.Ordinal));
    }

    private static string SeverityOf(ShownPage page, string topic) =>
        page
            .Document.QuerySelectorAll("tbody tr")
            .Single(row => row.QuerySelector("th")!.TextContent == topic)
            .QuerySelector(".badge")!
            .TextContent;

    private async Task<(AdminBrowser Browser, SiteUnderTest Site)> VisitAsync()
    {
        var site = await gateway.NewSiteAsync(one => one.FromEmail = $"news@{domain}");
        return (await AdminBrowser.SignedInAsync(gateway, "Dora", site), site);
    }
}
