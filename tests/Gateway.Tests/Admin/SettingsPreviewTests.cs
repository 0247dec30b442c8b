using System.Net;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Gateway.Tests.Templates.Pages;
using Microsoft.EntityFrameworkCore;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Admin;

/// <summary>Beside a site's settings stand the mail and the page that people would get with what is typed.</summary>
public sealed class SettingsPreviewTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task What_is_typed_is_shown_as_mail_and_page_and_nothing_is_saved()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(PathOf(site));

        var typed = await browser.PressAsync(
            page,
            "Preview",
            ("name", "Anns Laden"),
            ("colour", "#7a1fa2"),
            ("language", "de"),
            ("logo", "https://shop.example/logo.png"),
            ("footer", "Ann <Shop> GmbH\r\n10115 Berlin\r\nhttps://shop.example/impressum")
        );

        Assert.Equal(HttpStatusCode.OK, typed.Status);
        Assert.Equal("Anns Laden", typed.Field("name"));
        Assert.Contains("Bitte bestätigen: Newsletter von Anns Laden", typed.TextOf(".inbox"), StringComparison.Ordinal);
        foreach (var frame in await FramesAsync(browser, typed))
        {
            Assert.Equal("de", frame.Document.DocumentElement.GetAttribute("lang"));
            Assert.Contains("#7a1fa2", frame.Html, StringComparison.Ordinal);
            Assert.Equal("https://shop.example/logo.png", frame.Document.QuerySelector("img")!.GetAttribute("src"));
            Assert.Contains("Ann <Shop> GmbH", frame.TextOf("body"), StringComparison.Ordinal);
            Assert.Equal(
                "https://shop.example/impressum",
                frame.Document.QuerySelector("a[href='https://shop.example/impressum']")?.TextContent
            );
        }

        var row = await RowAsync(site);
        Assert.Equal(("Ann's Shop", null, "en", null), (row.Name, row.Colour, row.Language, row.Footer));
    }

    [Fact]
    public async Task A_frame_runs_nothing_sends_nothing_and_is_nobody_elses()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var other = await AdminBrowser.SignedInAsync(gateway, "Bob", site);
        var page = await browser.OpenAsync(PathOf(site));
        var addresses = page.Document.QuerySelectorAll("iframe").Select(frame => frame.GetAttribute("src")!).ToList();

        Assert.Equal(2, addresses.Count);
        foreach (var address in addresses)
        {
            var policy = (await browser.OpenAsync(address)).Response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.Contains("form-action 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("sandbox", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync(address)).Status);
        }

        Assert.Equal("", page.Document.QuerySelector("iframe[title='The confirmation page']")!.GetAttribute("sandbox"));
    }

    [Fact]
    public async Task What_cannot_be_saved_is_not_shown_and_says_why()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var typed = await browser.PressAsync(await browser.OpenAsync(PathOf(site)), "Preview", ("colour", "red"));

        Assert.Contains(
            "It cannot be shown: The colour is a colour such as #1a2b3c.",
            typed.TextOf("#preview"),
            StringComparison.Ordinal
        );
        Assert.Equal("red", typed.Field("colour"));
        Assert.Empty(typed.Document.QuerySelectorAll("iframe"));
    }

    [Fact]
    public async Task A_template_of_the_sites_own_and_a_list_in_the_sites_language_are_what_is_shown()
    {
        var site = await gateway.NewSiteAsync(list: list =>
            list.Texts = """{"fr":{"name":"Lettre du mois","description":"Une fois par mois."}}"""
        );
        await site.PublishedAsync(
            "ours",
            "confirmation",
            Words("On y va : {{ list.name }}", "<p>{{ site.name }} {{ links.confirm }}</p>", "{{ links.confirm }}")
        );
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        var typed = await browser.PressAsync(await browser.OpenAsync(PathOf(site)), "Preview", ("name", "Chez Ann"), ("language", "fr"));

        Assert.Contains("On y va : Lettre du mois", typed.TextOf(".inbox"), StringComparison.Ordinal);
        var frames = await FramesAsync(browser, typed);
        Assert.Contains("Chez Ann", frames[0].TextOf("body"), StringComparison.Ordinal);
        Assert.Contains("Une fois par mois.", frames[1].TextOf("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_footer_that_is_saved_stands_in_mails_and_on_pages()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        await browser.PressAsync(
            await browser.OpenAsync(PathOf(site)),
            "Save",
            ("footer", "Ann's Shop Ltd\r\n1 High Street, York YO1 9XX")
        );
        var address = $"{Guid.CreateVersion7():N}@footer.example";
        await site.SubmitAsync(email: address);

        var mail = await gateway.MailToAsync(address);
        var page = await site.OpenAsync("/c/" + (await site.LinksForAsync(address)).Confirm);

        Assert.EndsWith(
            "\nAnn's Shop Ltd\n1 High Street, York YO1 9XX",
            mail.TextBody!.ReplaceLineEndings("\n").TrimEnd(),
            StringComparison.Ordinal
        );
        Assert.Contains("<br>1 High Street, York YO1 9XX</p>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("1 High Street, York YO1 9XX", page.TextOf("footer"), StringComparison.Ordinal);
    }

    private static string PathOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/settings";

    private static async Task<List<ShownPage>> FramesAsync(AdminBrowser browser, ShownPage page)
    {
        var frames = new List<ShownPage>();
        foreach (var frame in page.Document.QuerySelectorAll("iframe"))
        {
            frames.Add(await browser.OpenAsync(frame.GetAttribute("src")!));
        }

        return frames;
    }

    private Task<Site> RowAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Sites.AsNoTracking().SingleAsync(row => row.Id == site.Id));
}
