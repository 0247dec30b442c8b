using System.Net;
using Gateway.Console.Layout;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Admin;

/// <summary>The console speaks the language that was chosen, else the browser's. Nothing else follows either.</summary>
public sealed class LanguageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("fr", "fr", "Vue d’ensemble")]
    [InlineData("fr-CA, en;q=0.5", "fr", "Vue d’ensemble")]
    [InlineData("de-AT, fr;q=0.8, en;q=0.1", "fr", "Vue d’ensemble")]
    [InlineData("en, fr;q=0.9", "en", "Overview")]
    [InlineData("de", "en", "Overview")]
    [InlineData("x-y-z;q=nonsense", "en", "Overview")]
    public async Task A_page_speaks_the_language_that_the_browser_prefers(string accepted, string language, string menu)
    {
        var browser = await AdminBrowser.SignedInAsync(gateway);

        var page = await OpenAsync(browser, "/admin", accepted);

        Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(menu, page.Document.QuerySelector(".places a")!.TextContent);
        Assert.StartsWith("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_chosen_counts_more_than_the_browser_and_leads_back_to_the_page()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/templates";

        var chosen = await browser.PressAsync(await OpenAsync(browser, path, "en"), "Français");
        var french = await OpenAsync(browser, Way(chosen), "en");
        var back = await browser.PressAsync(french, "English");
        var english = await OpenAsync(browser, path, "fr");

        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        Assert.Equal(path, Way(chosen));
        Assert.Matches(
            "^gateway-language=c%3Dfr%7Cuic%3Dfr; max-age=31536000; path=/; samesite=lax; httponly$",
            Assert.Single(
                chosen.Response.Headers.GetValues("Set-Cookie"),
                cookie => cookie.StartsWith("gateway-language", StringComparison.Ordinal)
            )
        );
        Assert.Equal("Modèles", french.Heading);
        Assert.Equal("true", french.Document.QuerySelector("button[lang=fr]")!.GetAttribute("aria-pressed"));
        Assert.Equal(path, Way(back));
        Assert.Equal("Templates", english.Heading);
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_chooses_too_and_keeps_where_they_wanted_to_go()
    {
        var browser = new AdminBrowser(gateway);
        var page = await browser.OpenAsync("/admin/sign-in?to=%2Fadmin%2Ffailed");

        var chosen = await browser.PressAsync(page, "Français");
        var french = await browser.OpenAsync(Way(chosen));

        Assert.Equal("/admin/sign-in?to=%2Fadmin%2Ffailed", Way(chosen));
        Assert.Equal("fr", french.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Bienvenue – Gateway", (await browser.OpenAsync("/")).Document.Title);
    }

    [Theory]
    [InlineData("https://evil.example/", "/admin")]
    [InlineData("//evil.example", "/admin")]
    [InlineData("/admin/sign-in/token", "/admin")]
    [InlineData("/admin/sign-in?to=x\r\nSet-Cookie: a", "/admin")]
    [InlineData("", "/admin")]
    [InlineData("/admin/failed?site=all", "/admin/failed?site=all")]
    public async Task The_way_back_is_a_page_of_ours(string to, string expected)
    {
        var browser = await AdminBrowser.SignedInAsync(gateway);

        var chosen = await browser.PressAsync(await browser.OpenAsync("/admin/sessions"), "Français", ("to", to));

        Assert.Equal(expected, Way(chosen));
    }

    [Fact]
    public async Task A_language_that_there_is_not_changes_nothing()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway);
        var page = await browser.OpenAsync("/admin");

        var chosen = await browser.PostAsync(
            LanguagePages.Path,
            ("__RequestVerificationToken", page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!),
            ("language", "de|uic=fr")
        );
        var forged = await browser.PostAsync(LanguagePages.Path, ("language", "fr"));

        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        Assert.False(chosen.Response.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.False(forged.Response.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(cookie => cookie.Contains("language")));
    }

    [Fact]
    public async Task What_goes_wrong_is_told_in_the_language_of_the_console()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway);

        var missing = await OpenAsync(browser, "/admin/nothing", "fr");
        var hidden = await OpenAsync(browser, "/admin/sites/site_0", "fr");
        var stranger = await OpenAsync(browser, "/admin/nothing", "de");

        Assert.Equal("fr", missing.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("fr", hidden.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Cette page n’existe pas", hidden.Heading);
        Assert.Equal("There is no such page", stranger.Heading);
    }

    [Fact]
    public async Task Programs_are_answered_in_English()
    {
        var site = await gateway.NewSiteAsync();
        site.Browser.DefaultRequestHeaders.Add("Accept-Language", "fr");
        site.Browser.DefaultRequestHeaders.Add("Cookie", "gateway-language=c%3Dfr%7Cuic%3Dfr");

        var answer = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/sites/{site.PublicId}/templates/tpl_0");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Matches("^[ -~]+$", (string)answer.Json["detail"]!);
        Assert.Contains("There is no", (string)answer.Json["detail"]!, StringComparison.Ordinal);
    }

    /// <returns>Where an answer leads, with its query.</returns>
    private static string Way(ShownPage answer) => answer.Response.Headers.Location!.ToString();

    private static Task<ShownPage> OpenAsync(AdminBrowser browser, string path, string accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        return browser.SendAsync(request);
    }
}
