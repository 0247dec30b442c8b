using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn.Pages;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn.Hygiene;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

/// <summary>What holds for each page in each state: headers, languages, encoding, accessibility.</summary>
public sealed partial class EveryPageTests
{
    private static readonly ResourceManager Texts = new(typeof(PageTexts));
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> AllLanguages => [.. Languages.All];

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public async Task Every_state_is_shown_in_the_language_of_the_form(string language)
    {
        var pages = await EveryStateAsync(language);

        Assert.All(
            pages,
            page =>
            {
                Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
                Assert.NotEmpty(page.Document.Title!);
                Assert.StartsWith(page.Heading, page.Document.Title);
                Assert.Single(page.Document.QuerySelectorAll("main"));
                Assert.DoesNotMatch(@"\{\d\}|[A-Z][a-z]+_[A-Z]", page.Text);
                Assert.All(
                    page.Document.QuerySelectorAll("input:not([type=hidden])"),
                    input =>
                        Assert.True(
                            input.Closest("label") is not null || page.Document.QuerySelector($"label[for={input.Id}]") is not null,
                            "An input has no label."
                        )
                );
            }
        );
        Assert.Equal(15, pages.Select(page => page.Heading + page.Alert).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public void Every_text_exists_in_every_language_with_the_same_places_for_names(string language)
    {
        var (english, translated) = (
            TextsOf(CultureInfo.InvariantCulture),
            TextsOf(language == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language))
        );

        Assert.Equal(english.Keys.Order(), translated.Keys.Order());
        Assert.All(
            translated,
            text =>
            {
                Assert.NotEmpty(text.Value.Trim());
                Assert.Subset(
                    Places().Matches(english[text.Key]).Select(place => place.Value).ToHashSet(),
                    Places().Matches(text.Value).Select(place => place.Value).ToHashSet()
                );
            }
        );
        Assert.True(language == "en" || !translated.Any(text => text.Value == english[text.Key]), "A text was left in English.");
    }

    [Fact]
    public async Task Every_page_forbids_script_caching_framing_indexing_and_passing_on_its_address()
    {
        var pages = await EveryStateAsync("en");

        Assert.All(
            pages,
            page =>
            {
                var nonce = page.Document.QuerySelector("style")!.GetAttribute("nonce");
                Assert.Equal(
                    $"default-src 'none'; style-src 'self' 'nonce-{nonce}'; img-src 'self' https: data:; form-action 'self'; base-uri "
                        + "'none'; frame-ancestors 'none'",
                    page.Header("Content-Security-Policy")
                );
                Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
                Assert.Equal("no-store", page.Header("Cache-Control"));
                Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
                Assert.Equal("noindex", page.Header("X-Robots-Tag"));
                Assert.False(page.Response.Headers.Contains("Set-Cookie"));
                Assert.Empty(page.Document.QuerySelectorAll("script, [style], [onload], [onclick], [onsubmit]"));
            }
        );
        Assert.Equal(pages.Count, pages.Select(page => page.Document.QuerySelector("style")!.GetAttribute("nonce")).Distinct().Count());
    }

    [Fact]
    public async Task Names_are_text_whatever_they_hold()
    {
        const string hostile = "<script>alert(1)</script> \"><img src=x> {{ 7 | times: 7 }} {0}";
        var reader = await Subscriber.SignUpAsync(gateway, site: site => site.Name = hostile, list: list => list.Name = hostile + "!");

        var page = await reader.Site.OpenAsync(reader.Confirm);

        Assert.Equal([hostile, hostile + "!", hostile], page.Document.QuerySelectorAll("bdi").Select(name => name.TextContent));
        Assert.Empty(page.Document.QuerySelectorAll("script, img"));
        Assert.EndsWith(hostile, page.Document.Title);
    }

    [Fact]
    public async Task What_was_typed_comes_back_as_text()
    {
        var site = await gateway.NewSiteAsync();

        var page = await site.SendFormAsync("/c", ("email", "\"><script>alert(1)</script>"), ("code", "<b>"));

        Assert.Equal("\"><script>alert(1)</script>", ((IHtmlInputElement)page.Document.QuerySelector("#email")!).Value);
        Assert.Empty(page.Document.QuerySelectorAll("script, b"));
    }

    [Theory]
    [InlineData("#FFD400", "#ffd400", "#000000")]
    [InlineData("#7a1f5c", "#7a1f5c", "#ffffff")]
    [InlineData("red; } body { display: none", "#1f4e8c", "#ffffff")]
    [InlineData(null, "#1f4e8c", "#ffffff")]
    public async Task The_button_has_the_brands_colour_and_readable_words(string? colour, string shown, string words)
    {
        var reader = await Subscriber.SignUpAsync(gateway, site: site => site.Colour = colour);

        var page = await reader.Site.OpenAsync(reader.Confirm);

        Assert.Equal($":root {{ --brand: {shown}; --on-brand: {words}; }}", page.Document.QuerySelector("style")!.TextContent);
    }

    [Theory]
    [InlineData("https://shop.example/logo.svg", true)]
    [InlineData("http://shop.example/logo.svg", false)]
    [InlineData("javascript:alert(1)", false)]
    public async Task A_logo_is_shown_from_https_only_and_the_name_otherwise(string url, bool shown)
    {
        var reader = await Subscriber.SignUpAsync(gateway, site: site => site.LogoUrl = url);

        var header = (await reader.Site.OpenAsync(reader.Confirm)).Document.QuerySelector("header")!;

        Assert.Equal(shown ? "Ann's Shop" : null, header.QuerySelector("img")?.GetAttribute("alt"));
        Assert.Equal(shown ? "" : "Ann's Shop", header.TextContent.Trim());
    }

    [Fact]
    public async Task The_look_comes_with_the_program()
    {
        var site = await gateway.NewSiteAsync();
        var address = (await site.OpenAsync("/c")).Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;

        using var answer = await site.Browser.GetAsync(address);

        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("button.main", await answer.Content.ReadAsStringAsync());
    }

    private async Task<List<ShownPage>> EveryStateAsync(string language)
    {
        var reader = await Subscriber.SignUpAsync(gateway, language);
        var late = await Subscriber.SignUpAsync(gateway, language);
        await late.PassAsync(TimeSpan.FromDays(8));
        var stranger = await Subscriber.SignUpAsync(gateway, language);
        var member = await Subscriber.JoinAsync(gateway, language);
        var site = member.Site;
        var left = await Subscriber.SignUpAsync(gateway, language);
        await left.Site.ConfirmAsync(left.Confirm);
        await gateway.InDatabaseAsync(db =>
            db.Subscriptions.Where(row => row.SiteId == left.Site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Unsubscribed))
        );
        var silent = await Subscriber.JoinAsync(gateway, language);
        await silent.SilenceAsync(months: 7);
        var stay = await silent.AskWhetherToStayAsync();
        return
        [
            await site.OpenAsync(stay),
            await site.SendFormAsync(stay, ("do", "stay")),
            await site.OpenAsync(reader.Confirm),
            await site.OpenAsync(reader.Confirm + "/cancel"),
            await site.ConfirmAsync(reader.Confirm),
            await site.OpenAsync(reader.Confirm),
            await site.CancelAsync(stranger.Confirm),
            await site.OpenAsync(late.Confirm),
            await site.SendFormAsync(late.Confirm + "/renew", ("do", "renew")),
            await site.SendFormAsync(late.Confirm + "/renew", ("do", "renew")),
            await site.OpenAsync(late.Confirm),
            await site.OpenAsync(left.Confirm),
            await site.OpenAsync("/c/unknown", language),
            await site.OpenAsync("/c", language),
            await site.OpenAsync(member.Preferences),
            await site.OpenAsync(member.Leave),
            await site.SendFormAsync(member.Leave),
            await site.SendFormAsync(member.Preferences, ("do", "all")),
            await site.OpenAsync("/u/unknown", language),
            await site.PostAsync(member.Preferences, new StringContent("{}")),
        ];
    }

    private static Dictionary<string, string> TextsOf(CultureInfo culture) =>
        Texts
            .GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>()
            .ToDictionary(text => (string)text.Key, text => (string)text.Value!);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();
}
