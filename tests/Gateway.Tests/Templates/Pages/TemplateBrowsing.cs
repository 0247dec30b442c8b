using AngleSharp.Html.Dom;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Templates.Pages;

/// <summary>What an author of templates does on the admin pages.</summary>
internal static class TemplateBrowsing
{
    public static string TemplatesUrl(this SiteUnderTest site) => $"/admin/sites/{site.PublicId}/templates";

    public static string EditorUrl(this SiteUnderTest site, string id, string language = "en") =>
        $"{site.TemplatesUrl()}/{id}/{language}";

    public static Task<AdminBrowser> AuthorAsync(this SiteUnderTest site, string name = "Author") =>
        AdminBrowser.SignedInAsync(site.Gateway, name, site);

    /// <summary>The page that an answer leads to.</summary>
    public static async Task<ShownPage> FollowAsync(this AdminBrowser browser, Task<ShownPage> answer)
    {
        var response = (await answer).Response;
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, response.StatusCode);
        return await browser.OpenAsync(response.Headers.Location!.ToString());
    }

    /// <summary>What a field of the page holds.</summary>
    public static string Field(this ShownPage page, string name) =>
        page.Document.QuerySelector($"[name='{name}']") switch
        {
            IHtmlTextAreaElement text => text.Value,
            IHtmlInputElement input => input.Value,
            IHtmlSelectElement select => select.Value ?? "",
            _ => throw new InvalidOperationException($"The page has no field {name}."),
        };

    public static string? Said(this ShownPage page) => page.Document.QuerySelector(".notice.good")?.TextContent.Trim();

    public static string TextOf(this ShownPage page, string selector) =>
        string.Join(" ", page.Document.QuerySelectorAll(selector).Select(one => one.TextContent));

    /// <summary>The HTML that the preview's frame shows.</summary>
    public static async Task<ShownPage> FrameAsync(this AdminBrowser browser, ShownPage page) =>
        await browser.OpenAsync(page.Document.QuerySelector("iframe")!.GetAttribute("src")!);
}
