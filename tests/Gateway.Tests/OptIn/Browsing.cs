using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.OptIn;

/// <summary>A page as a browser shows it.</summary>
internal sealed record ShownPage(HttpResponseMessage Response, string Html, IHtmlDocument Document)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string Heading => Assert.Single(Document.QuerySelectorAll("h1")).TextContent;

    public string Text => Document.QuerySelector("main")!.TextContent;

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    public string? Alert => Document.QuerySelector("[role=alert]")?.TextContent.Trim();

    public IHtmlFormElement Form => (IHtmlFormElement)Document.QuerySelector("form")!;

    public string Header(string name) => Assert.Single(Response.Headers.GetValues(name));

    /// <summary>The body without what differs by design: the nonce, and the address that was typed.</summary>
    public string Comparable(string typed) =>
        Html.Replace(Document.QuerySelector("style")!.GetAttribute("nonce")!, "").Replace(typed, "");
}

/// <summary>What people do on pages, without a cookie and without following redirects: there are none.</summary>
internal static class Browsing
{
    private static readonly HtmlParser Parser = new();

    public static Task<ShownPage> OpenAsync(this SiteUnderTest site, string path, string? languages = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (languages is not null)
        {
            request.Headers.Add("Accept-Language", languages);
        }

        return site.ShowAsync(request);
    }

    public static Task<ShownPage> SendFormAsync(this SiteUnderTest site, string path, params (string Name, string Value)[] fields) =>
        site.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public static Task<ShownPage> PostAsync(this SiteUnderTest site, string path, HttpContent? body) =>
        site.ShowAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body });

    /// <summary>Confirms as the page's button does.</summary>
    public static Task<ShownPage> ConfirmAsync(this SiteUnderTest site, string path) => site.SendFormAsync(path, ("do", "confirm"));

    /// <summary>"This wasn't me", as the page's button says it.</summary>
    public static Task<ShownPage> CancelAsync(this SiteUnderTest site, string path) =>
        site.SendFormAsync(path + "/cancel", ("do", "cancel"));

    /// <summary>Presses a button of the page, sending what its form holds.</summary>
    public static Task<ShownPage> PressAsync(this SiteUnderTest site, ShownPage page, string button, params string[] untick)
    {
        var pressed = Assert.Single(page.Document.QuerySelectorAll<IHtmlButtonElement>("button"), one => one.TextContent == button);
        var form = pressed.Form!;
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Type != "checkbox" || (input.IsChecked && !untick.Any(input.ParentElement!.TextContent.Contains)))
            .Select(input => (input.Name!, input.Value));
        return site.SendFormAsync(
            form.GetAttribute("action")!,
            [.. fields, .. pressed.Name is { } name ? [(name, pressed.Value)] : Array.Empty<(string, string)>()]
        );
    }

    private static async Task<ShownPage> ShowAsync(this SiteUnderTest site, HttpRequestMessage request)
    {
        var response = await site.Browser.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();
        return new(response, html, Parser.ParseDocument(html));
    }
}
