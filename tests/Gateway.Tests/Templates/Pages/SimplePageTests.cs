using System.Net;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Simple;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Pages;

/// <summary>
/// Simple mode: a template by its parts, which is a template like any other, and opens by its parts until its source was changed by hand.
/// </summary>
public sealed class SimplePageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string, string> AllBeginnings
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var kind in new[] { "confirmation", "welcome", "repermission", "email" })
            {
                foreach (var language in Languages.All)
                {
                    all.Add(kind, language);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(AllBeginnings))]
    public async Task What_it_begins_with_can_be_published_at_once_in_every_language(string kind, string language)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();

        var page = await BeginAsync(browser, site, kind, language);
        var published = await PublishAsync(browser, page);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Simple mode: it makes the HTML", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("#preview [data-error]"));
        Assert.Contains("It is published", published.Said());
        Assert.EndsWith("/simple", published.Document.QuerySelector("form#simple")!.GetAttribute("action"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_by_parts_is_what_people_get()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Welcome = true);
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "welcome");

        var saved = await browser.PressAsync(
            page,
            "Save draft",
            ("subject", "Hello {{ contact.email }}"),
            ("logo", "https://shop.example/logo.png"),
            ("colour", "#7a1fa2"),
            ("heading", "Tea & <cake>"),
            ("text", "Dear {{ contact.first_name | default: \"friend\" }},\r\nthank you.\r\n\r\nRead https://shop.example/tea?a=1&b=2."),
            ("button", "To the shop"),
            ("link", "https://shop.example/"),
            ("footer", "Ann's Shop Ltd\r\n1 High Street\r\nhttps://shop.example/imprint")
        );
        Assert.Contains("The draft is saved", saved.Said());
        Assert.Contains("nothing new to save", (await browser.PressAsync(saved, "Save draft")).Said());
        await PublishAsync(browser, saved);
        var address = $"{Guid.CreateVersion7():N}@simple.example";
        await site.SubmitAsync(email: address, change: body => body["form"]!["locale"] = "en_US");
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(address)).Confirm);

        var mail = (await gateway.MailsToAsync(address, 2))[^1];
        var text = mail.TextBody!.ReplaceLineEndings("\n");
        Assert.Equal($"Hello {address}", mail.Subject);
        Assert.Contains("Tea &amp; &lt;cake&gt;", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("#7a1fa2", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("src=\"https://shop.example/logo.png\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://shop.example/tea?a=1&amp;b=2\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://shop.example/\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://shop.example/imprint\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("/u/", mail.HtmlBody, StringComparison.Ordinal);
        Assert.StartsWith("Tea & <cake>\n\nDear ", text, StringComparison.Ordinal);
        Assert.Contains(
            ",\nthank you.\n\nRead https://shop.example/tea?a=1&b=2.\n\nTo the shop\nhttps://shop.example/\n",
            text,
            StringComparison.Ordinal
        );
        Assert.EndsWith("Ann's Shop Ltd\n1 High Street\nhttps://shop.example/imprint", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_opens_by_its_parts_until_its_source_is_changed_and_again_once_an_older_version_is_back()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "email");
        await PublishAsync(browser, await browser.PressAsync(page, "Save draft", ("heading", "By parts")));
        var url = site.EditorUrl(IdIn(page));

        var source = await browser.OpenAsync(url);
        Assert.Contains("simple mode cannot open it any more", source.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Contains("nothing new to save", (await browser.PressAsync(source, "Save draft")).Said());
        Assert.Equal("By parts", (await browser.OpenAsync(url + "/simple")).Field("heading"));

        await browser.PressAsync(source, "Save draft", ("subject", "By hand"));
        var closed = await browser.OpenAsync(url + "/simple");
        Assert.Contains("Simple mode cannot open it", closed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("simple mode", (await browser.OpenAsync(url)).TextOf(".notice"), StringComparison.Ordinal);
        var late = await browser.PressAsync(page, "Save draft", ("heading", "Too late"));
        Assert.Contains("Simple mode cannot open it", late.Text, StringComparison.Ordinal);
        Assert.Equal("By hand", (await browser.OpenAsync(url)).Field("subject"));

        Assert.Contains(
            "simple mode",
            (await browser.OpenAsync(url + "/history")).TextOf("tbody tr:last-child"),
            StringComparison.Ordinal
        );
        var back = await browser.FollowAsync(browser.PressAsync(await browser.OpenAsync(url + "/history/1"), "Make it the draft"));
        Assert.Equal("By parts", back.Field("heading"));
    }

    [Fact]
    public async Task A_program_that_changes_the_source_ends_simple_mode_too()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var id = IdIn(await BeginAsync(browser, site, "email"));

        Assert.Equal(HttpStatusCode.OK, (await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words())).Status);

        Assert.Contains(
            "Simple mode cannot open it",
            (await browser.OpenAsync(site.EditorUrl(id) + "/simple")).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("text", "Hello {{ contact.first_name }}", "The text names contact.first_name, which this kind of template does not see.")]
    [InlineData("text", "{% if list.name %}yes", "The text has braces that hold no variable.")]
    [InlineData("heading", "{{ site.name | upcase }}", "The heading has braces that hold no variable.")]
    [InlineData("colour", "red", "The colour is one such as #1a2b3c.")]
    [InlineData("logo", "https://shop.example/{% if x %}.png", "The logo has braces that hold no variable.")]
    [InlineData("logo", "http://shop.example/logo.png", "The logo is an address that begins with https://.")]
    [InlineData("button", "", "The button needs a text: the mail is for it.")]
    public async Task What_cannot_be_made_is_said_and_stays_as_it_was_typed(string field, string typed, string why)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "confirmation");

        var refused = await browser.PressAsync(page, "Save draft", (field, typed));
        var shown = await browser.PressAsync(page, "Preview", (field, typed));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith(why, refused.Alert, StringComparison.Ordinal);
        Assert.Equal(typed, refused.Field(field));
        Assert.Equal("true", refused.Document.GetElementById(field)!.GetAttribute("aria-invalid"));
        Assert.Contains(why, shown.TextOf("#preview"), StringComparison.Ordinal);
        Assert.NotEqual(typed, (await browser.OpenAsync(site.EditorUrl(IdIn(page)) + "/simple")).Field(field));
    }

    [Fact]
    public async Task The_button_of_an_email_needs_a_link_and_the_link_may_be_a_variable()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "email");

        var refused = await browser.PressAsync(page, "Save draft", ("button", "Track it"), ("link", "javascript:alert(1)"));
        var saved = await browser.PressAsync(page, "Save draft", ("button", "Track it"), ("link", "{{ vars.link }}"));

        Assert.StartsWith("The link of the button is an address", refused.Alert, StringComparison.Ordinal);
        Assert.Contains("The draft is saved", saved.Said());
        Assert.Contains(
            "href=\"{{ vars.link }}\"",
            (await browser.OpenAsync(site.EditorUrl(IdIn(page)))).Field("html"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_variable_of_the_menu_goes_to_the_end_of_the_text_without_script()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "welcome");

        var shown = await browser.PressAsync(page, "Insert", ("text", "Hello"), ("variable", "{{ contact.first_name }}"));

        Assert.Equal("Hello {{ contact.first_name }}", shown.Field("text"));
        Assert.Contains("Hello Ada", (await browser.FrameAsync(shown)).TextOf("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_language_begins_with_the_same_parts_and_its_own_words_around_them()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var page = await BeginAsync(browser, site, "welcome");
        await browser.PressAsync(page, "Save draft", ("heading", "Bonjour"));
        var settings = await browser.OpenAsync($"{site.TemplatesUrl()}/{IdIn(page)}/settings");

        var french = await browser.FollowAsync(browser.PressAsync(settings, "Add language", ("language", "fr"), ("from", "en")));

        Assert.Equal("Bonjour", french.Field("heading"));
        Assert.Contains("Me désinscrire", (await browser.FrameAsync(french)).TextOf("body"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_sms_is_nothing_but_a_text_and_opens_as_source()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();

        var page = await BeginAsync(browser, site, "sms");

        Assert.Equal(
            "/editor.js /live.js",
            string.Join(" ", page.Document.QuerySelectorAll("script").Select(one => one.GetAttribute("src")))
        );
    }

    [Fact]
    public void The_same_words_make_the_same_template()
    {
        var typed = WriteSimple.Begin(TemplateKind.Confirmation, "it");

        Assert.Equal(Source(typed), Source(SimpleTemplate.Read(typed.ToJson())!));

        static TemplateSource Source(SimpleTemplate one) =>
            WriteSimple.Write(one, TemplateKind.Confirmation, "it").IsRefused(out var why, out var source)
                ? throw new InvalidOperationException(why.Message)
                : source;
    }

    private static async Task<ShownPage> BeginAsync(AdminBrowser browser, SiteUnderTest site, string kind, string language = "en")
    {
        var form = await browser.OpenAsync($"{site.TemplatesUrl()}/new");
        return await browser.FollowAsync(
            browser.PressAsync(form, "Add template", ("name", "Ours"), ("kind", kind), ("language", language), ("mode", "simple"))
        );
    }

    private static async Task<ShownPage> PublishAsync(AdminBrowser browser, ShownPage page)
    {
        var ask = await browser.FollowAsync(browser.PressAsync(page, "Publish…"));
        return await browser.FollowAsync(browser.PressAsync(ask, "Publish"));
    }

    private static string IdIn(ShownPage page) => page.Document.QuerySelector("form#simple")!.GetAttribute("action")!.Split('/')[^3];
}
