using System.Collections;
using System.Globalization;
using System.Net;
using System.Resources;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Http;

/// <summary>What people see when something is wrong: a page in their language, never a problem document.</summary>
public sealed partial class ErrorPageTests
{
    private static readonly int[] Statuses = [400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 429, 431, 500, 503];

    private static readonly ResourceManager Texts = new(typeof(ErrorTexts));
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> AllLanguages => [.. Languages.All];

    [Theory]
    [InlineData("GET", "/admin/nothing", HttpStatusCode.NotFound, "There is no such page")]
    [InlineData("GET", "/c/a/b/c", HttpStatusCode.NotFound, "There is no such page")]
    [InlineData("DELETE", "/c", HttpStatusCode.MethodNotAllowed, "This does not work here")]
    [InlineData("POST", "/", HttpStatusCode.MethodNotAllowed, "This does not work here")]
    [InlineData("GET", "/c/%E2%80%AE", HttpStatusCode.BadRequest, "This page cannot be opened")]
    [InlineData("GET", "/admin/sign-in?to=%00", HttpStatusCode.BadRequest, "This page cannot be opened")]
    [InlineData("GET", "/demo/consents/con_0", HttpStatusCode.NotFound, "There is no such page")]
    public async Task A_person_gets_a_page(string method, string path, HttpStatusCode status, string heading)
    {
        var page = await new AdminBrowser(gateway).SendAsync(new HttpRequestMessage(new(method), path));

        Assert.Equal(status, page.Status);
        Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(heading, page.Heading);
        Assert.Equal("no-store", page.Header("Cache-Control"));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        Assert.StartsWith("default-src 'none'", page.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task An_address_of_nobody_is_a_page_for_browsers_and_a_problem_for_programs()
    {
        var browser = new AdminBrowser(gateway);
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/nothing");
        asked.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        asked.Headers.TryAddWithoutValidation("Accept-Language", "de-AT, en;q=0.5");

        var page = await browser.SendAsync(asked);
        using var client = gateway.CreateClient();
        using var program = await client.GetAsync("/nothing");

        Assert.Equal("Diese Seite gibt es nicht", page.Heading);
        Assert.Equal("de", page.Document.DocumentElement.GetAttribute("lang"));
        await ProgramAnswerTests.IsProblemAsync(program, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task The_first_page_says_where_one_is_and_has_an_icon()
    {
        var browser = new AdminBrowser(gateway);

        var page = await browser.OpenAsync("/");
        using var client = gateway.CreateClient();
        using var icon = await client.GetAsync(page.Document.QuerySelector("link[rel=icon]")!.GetAttribute("href"));
        using var old = await client.GetAsync("/favicon.ico");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("open the link in the email once more", page.Text);
        Assert.NotNull(page.Document.QuerySelector("a[href='/admin']"));
        Assert.Equal("image/svg+xml", icon.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public void Every_error_has_its_words_in_every_language(string language)
    {
        var english = TextsOf(CultureInfo.InvariantCulture);
        var translated = language == "en" ? english : TextsOf(CultureInfo.GetCultureInfo(language));

        Assert.Equal(english.Keys.Order(), translated.Keys.Order());
        Assert.All(translated, text => Assert.Equal(Places().Count(english[text.Key]), Places().Count(text.Value)));
        Assert.True(language == "en" || !translated.Any(text => text.Value == english[text.Key]), "A text was left in English.");
        Assert.All(
            Statuses,
            status => Assert.NotEmpty(new ErrorTexts(language).Title(status) + new ErrorTexts(language).Text(status, 60))
        );
    }

    private static Dictionary<string, string> TextsOf(CultureInfo culture) =>
        Texts
            .GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(text => (string)text.Key, text => (string)text.Value!);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();
}
