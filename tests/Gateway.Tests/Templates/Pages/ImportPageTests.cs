using System.Net;
using System.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates.Pages;

/// <summary>Bringing a template from Mailjet.</summary>
public sealed class ImportPageTests
{
    private const string Html = "<p>Hello {{var:name:\"friend\"}}</p>\n<p>{{NoSuchFunction(var:x)}}</p>";
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task What_was_changed_and_lost_is_shown_with_its_place_before_a_draft_is_made()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();

        var asked = await browser.OpenAsync(site.TemplatesUrl() + "/import");
        var converted = await browser.PressAsync(
            asked,
            "Convert",
            ("kind", "email"),
            ("name", "Order"),
            ("subject", "Hi {{var:name}}"),
            ("html", Html),
            ("text", "Hello")
        );
        var editor = await browser.FollowAsync(browser.PressAsync(converted, "Make the draft"));

        Assert.Contains("NoSuchFunction", converted.TextOf(".findings"));
        Assert.Contains("html, line 2, column 4", converted.TextOf(".findings"));
        Assert.Equal(Html, converted.Field("html"));
        Assert.Equal("Hi {{ vars.name }}", editor.Field("subject"));
        Assert.StartsWith("<p>Hello {{ vars.name | default: \"friend\" }}</p>", editor.Field("html"), StringComparison.Ordinal);
        Assert.Contains("{% comment %}", editor.Field("html"));
    }

    [Fact]
    public async Task A_file_takes_the_place_of_what_is_pasted()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var asked = await browser.OpenAsync(site.TemplatesUrl() + "/import");

        var page = await UploadAsync(Encoding.UTF8.GetBytes("\ufeff<p>{{var:café}}</p>"));
        var unreadable = await UploadAsync([0x3c, 0xe9, 0x3e]);

        Assert.Equal("<p>{{var:café}}</p>", page.Field("html"));
        Assert.Equal(HttpStatusCode.BadRequest, unreadable.Status);
        Assert.Contains("not in UTF-8", unreadable.Alert);

        Task<OptIn.ShownPage> UploadAsync(byte[] file) =>
            browser.SendAsync(
                new(HttpMethod.Post, site.TemplatesUrl() + "/import")
                {
                    Content = new MultipartFormDataContent
                    {
                        { new StringContent(asked.Field("__RequestVerificationToken")), "__RequestVerificationToken" },
                        { new StringContent("Pasted"), "html" },
                        { new ByteArrayContent(file), "file", "letter.html" },
                    },
                }
            );
    }

    [Theory]
    [InlineData("Order", "", "", "Paste the HTML")]
    [InlineData("Order", "<p>{% endfor %}</p>{% for x in var:y %}", "make", null)]
    [InlineData("", "<p>x</p>", "make", "name has 1 to 100")]
    [InlineData("Order", "<p>{{ '{% if %}' }}</p>", "make", null)]
    public async Task Whatever_is_pasted_becomes_a_draft_or_a_sentence(string name, string html, string press, string? reason)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await site.AuthorAsync();
        var asked = await browser.OpenAsync(site.TemplatesUrl() + "/import");

        var answer = await browser.PostAsync(
            site.TemplatesUrl() + "/import",
            ("__RequestVerificationToken", asked.Field("__RequestVerificationToken")),
            ("kind", "email"),
            ("name", name),
            ("html", html),
            ("do", press)
        );

        if (reason is not null)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(reason, answer.Alert);
            Assert.Equal((name, html), (answer.Field("name"), answer.Field("html")));
        }
        else
        {
            Assert.True(answer.Status is HttpStatusCode.SeeOther or HttpStatusCode.BadRequest, answer.Html);
        }
    }
}
