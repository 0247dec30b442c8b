using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Admin;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;

namespace Gateway.Tests.OptIn;

/// <summary>A list has a name and a description in each language; people see their own, and the ledger keeps it.</summary>
public sealed partial class ListTextTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> AllLanguages => [.. Languages.All];

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public async Task Whoever_signs_up_sees_the_list_in_their_language_from_the_mail_to_the_proof(string language)
    {
        var (name, said) = ($"Bulletin {language}", $"Two <letters> a month, {language}.");
        var site = await gateway.NewSiteAsync();
        await SaveAsync(site, ($"name.{language}", name), ($"description.{language}", said));
        var member = await SignUpAsync(site, language);

        var mail = await gateway.MailToAsync(member.Address);
        Assert.Contains(name, mail.Subject, StringComparison.Ordinal);
        Assert.Contains(said, mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"Two &lt;letters&gt; a month, {language}.", mail.HtmlBody, StringComparison.Ordinal);
        AssertShown(await site.OpenAsync(member.Confirm), name, said);
        Assert.Contains(name, (await site.ConfirmAsync(member.Confirm)).Text, StringComparison.Ordinal);
        member = member with { Links = await site.LinksForAsync(member.Address, mails: 2) };
        AssertShown(await site.OpenAsync(member.Preferences), name, said);
        AssertShown(await site.OpenAsync(member.Leave), name, said);
        await site.SendFormAsync(member.Preferences, ("do", "data"));
        var link = Link().Match((await gateway.MailsToAsync(member.Address, 3))[^1].TextBody!).Value;
        AssertShown(await site.OpenAsync(link), name, said);

        var facts = JsonNode.Parse(Assert.Single(await member.LedgerAsync()).Entry)!["facts"]!;
        Assert.Equal(
            ("Newsletter", name, said),
            ((string?)facts["listName"], (string?)facts["listNameShown"], (string?)facts["listDescription"])
        );
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Where_a_language_has_no_text_the_lists_own_name_is_shown()
    {
        var site = await gateway.NewSiteAsync();
        await SaveAsync(site, ("name.fr", "Lettre du mois"), ("description.de", "Zweimal im Monat."));
        var member = await SignUpAsync(site, "de");

        var page = await site.OpenAsync(member.Confirm);
        await site.ConfirmAsync(member.Confirm);

        AssertShown(page, "Newsletter", "Zweimal im Monat.");
        Assert.DoesNotContain("Lettre du mois", page.Text, StringComparison.Ordinal);
        var facts = JsonNode.Parse(Assert.Single(await member.LedgerAsync()).Entry)!["facts"]!;
        Assert.Equal(("Newsletter", "Zweimal im Monat."), ((string?)facts["listNameShown"], (string?)facts["listDescription"]));
    }

    [Fact]
    public async Task What_somebody_was_shown_stays_in_the_proof_when_the_site_changes_its_words()
    {
        var site = await gateway.NewSiteAsync();
        await SaveAsync(site, ("name.en", "Monthly letter"), ("description.en", "Once a month."));
        var member = await SignUpAsync(site, "en");
        await site.ConfirmAsync(member.Confirm);

        await SaveAsync(site, ("name.en", "Daily offers"), ("description.en", ""));

        var facts = JsonNode.Parse(Assert.Single(await member.LedgerAsync()).Entry)!["facts"]!;
        Assert.Equal(("Monthly letter", "Once a month."), ((string?)facts["listNameShown"], (string?)facts["listDescription"]));
        var preferences = await site.OpenAsync("/p/" + (await site.LinksForAsync(member.Address, mails: 2)).Preferences);
        Assert.Contains("Daily offers", preferences.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Once a month.", preferences.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_several_lists_has_its_line_with_its_own_words()
    {
        var site = await gateway.NewSiteAsync();
        await SaveAsync(site, ("name.fr", "Lettre du mois"), ("description.fr", "Une fois par mois."));
        var other = await AddAsync(site, "Offers");
        await SaveAsync(site, other, ("description.fr", "Des remises."));
        var address = $"{Guid.CreateVersion7():N}@texts.example";
        await site.SubmitAsync(
            email: address,
            change: body =>
            {
                body["form"]!["locale"] = "fr_FR";
                var first = body["subscribe"]![0]!.DeepClone();
                first["list"] = other;
                body["subscribe"]!.AsArray().Add(first);
            }
        );

        var page = await site.OpenAsync("/c/" + (await site.LinksForAsync(address)).Confirm);
        var mail = await gateway.MailToAsync(address);

        Assert.Equal(
            [("Lettre du mois", "Une fois par mois."), ("Offers", "Des remises.")],
            page.Document.QuerySelectorAll("label.choice")
                .Select(line => (line.QuerySelector("bdi")!.TextContent, line.QuerySelector("small")!.TextContent))
        );
        Assert.Contains("Lettre du mois: Une fois par mois.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Offers: Des remises.", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_gives_and_takes_words_and_programs_read_them()
    {
        var site = await gateway.NewSiteAsync();

        var set = await SetAsync(site, "--name-in", "fr=Lettre", "--description", "fr=Deux fois par mois.", "--name-in", "it=Lettera");
        var taken = await SetAsync(site, "--name-in", "it=");
        var refused = await SetAsync(site, "--name-in", "nl=Brief");
        var unread = await SetAsync(site, "--description", "fr");

        Assert.Equal((0, 0), (set.Code, taken.Code));
        Assert.Contains("\"nl\" is no language of pages: en, fr, de, es, it.", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--description has a language, an equals sign and a text", unread.Error, StringComparison.Ordinal);
        var list = Assert.Single((await site.AuthorizedAsync(HttpMethod.Get, "/v1/lists", scope: "read")).Json["items"]!.AsArray())!;
        Assert.Equal("""{"fr":{"name":"Lettre","description":"Deux fois par mois."}}""", Regex.Unescape(list["texts"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("name.fr", 201)]
    [InlineData("description.fr", 1001)]
    public async Task What_is_too_long_is_refused_and_what_was_typed_stays(string field, int length)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(PathOf(site, site.ListId));

        var refused = await browser.PressAsync(page, "Save", (field, new string('x', length)), ("name.de", "Brief"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("of a list in a language has at most", refused.Alert, StringComparison.Ordinal);
        Assert.Equal("Brief", refused.Document.GetElementById("name.de")!.GetAttribute("value"));
        Assert.Null((await browser.OpenAsync(PathOf(site, site.ListId))).Document.GetElementById("name.de")!.GetAttribute("value"));
    }

    private static void AssertShown(ShownPage page, string name, string said)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(name, page.Text, StringComparison.Ordinal);
        Assert.Contains(said, page.Text, StringComparison.Ordinal);
    }

    private Task SaveAsync(SiteUnderTest site, params (string Name, string Value)[] typed) => SaveAsync(site, site.ListId, typed);

    private async Task SaveAsync(SiteUnderTest site, string list, params (string Name, string Value)[] typed)
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync(PathOf(site, list));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PressAsync(page, "Save", [("welcome", "1"), .. typed])).Status);
    }

    private async Task<string> AddAsync(SiteUnderTest site, string name)
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var form = await browser.OpenAsync($"/admin/sites/{site.PublicId}/lists/new");
        return (await browser.PressAsync(form, "Add list", ("name", name))).Location()!.Split('/', '?')[5];
    }

    private static async Task<Subscriber> SignUpAsync(SiteUnderTest site, string language)
    {
        var address = $"{Guid.CreateVersion7():N}@texts.example";
        await site.SubmitAsync(email: address, change: body => body["form"]!["locale"] = language);
        return new(site, address, await site.LinksForAsync(address));
    }

    private Task<CommandResult> SetAsync(SiteUnderTest site, params string[] options) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["list", "set", site.ListId, .. options]);

    private static string PathOf(SiteUnderTest site, string list) => $"/admin/sites/{site.PublicId}/lists/{list}";

    [GeneratedRegex("/d/[A-Za-z0-9_-]+")]
    private static partial Regex Link();
}
