using System.Net;
using AngleSharp.Html.Dom;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Admin;

/// <summary>The linter as a page.</summary>
public sealed class CheckPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_pasted_message_is_looked_at_and_shown_again_as_it_was()
    {
        const string html = "\n<p>Hello {{ contact.first_name }}</p></textarea><script>alert(1)</script>";
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Writer", site);

        var empty = await browser.OpenAsync($"/admin/sites/{site.PublicId}/check");
        var page = await browser.PressAsync(
            empty,
            "Check",
            ("kind", "list"),
            ("language", "en"),
            ("from", "Ann's Shop <news@shop.example>"),
            ("subject", "FREE MONEY!!! CLICK NOW"),
            ("html", html)
        );

        Assert.Empty(empty.Document.QuerySelectorAll(".findings"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(
            page.Document.QuerySelectorAll(".findings code"),
            id => id.TextContent.StartsWith("spam-word:", StringComparison.Ordinal)
        );
        Assert.Equal("FREE MONEY!!! CLICK NOW", ((IHtmlInputElement)page.Document.QuerySelector("#subject")!).Value);
        Assert.Equal(html.Trim(), ((IHtmlTextAreaElement)page.Document.QuerySelector("#html")!).Value);
        Assert.Equal("/editor.js", Assert.Single(page.Document.QuerySelectorAll("script")).GetAttribute("src"));
        Assert.Equal("list", ((IHtmlSelectElement)page.Document.QuerySelector("#kind")!).Value);
    }

    [Fact]
    public async Task What_cannot_be_checked_is_said_and_not_lost()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Writer", site);
        var empty = await browser.OpenAsync($"/admin/sites/{site.PublicId}/check");

        var page = await browser.PressAsync(empty, "Check", ("kind", "telegram"), ("subject", new string('x', 1001)));

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("kind is one of", page.Alert);
        Assert.Equal(1001, ((IHtmlInputElement)page.Document.QuerySelector("#subject")!).Value.Length);
    }
}
