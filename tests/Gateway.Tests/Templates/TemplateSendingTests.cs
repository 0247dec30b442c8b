using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates;

/// <summary>What was published is what goes out, and it is what the preview showed.</summary>
public sealed class TemplateSendingTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task The_mail_equals_the_preview()
    {
        var site = await gateway.NewSiteAsync();
        var vars = JsonNode.Parse(
            """{"name":"Ada <b>","order":{"number":4711},"items":[{"name":"Tea","url":"javascript:alert(1)"},{"name":"Café ☕","url":"https://shop.example/café"}]}"""
        )!;
        var id = await site.PublishedAsync(
            "order",
            words: Words(
                "Order {{ vars.order.number }} 🎁",
                "<html><head><style>a { color: #112233 }</style></head><body>{% for i in vars.items %}<a href=\"{{ i.url }}\">{{ i.name "
                    + "}}</a>{% endfor %}<script>1</script>{{ vars.name }}</body></html>",
                "{{ vars.name }}: {% for i in vars.items %}{{ i.name }} {% endfor %}",
                "Pre {{ vars.name }}"
            )
        );

        var preview = (
            await site.PreviewAsync(
                id,
                new()
                {
                    ["version"] = "published",
                    ["values"] = new JsonObject { ["vars"] = vars.DeepClone() },
                }
            )
        ).Json;
        var accepted = await site.MailAsync(
            address,
            change: body => (body["template"], body["variables"], body["vars"]) = ("order", null, vars)
        );
        var mail = await gateway.MailToAsync(address);

        Assert.Equal("order", (string?)accepted.Json["template"]);
        Assert.Equal((string?)preview["subject"], mail.Subject);
        Assert.Equal((string?)preview["html"], mail.HtmlBody!.ReplaceLineEndings("\n"));
        Assert.Equal((string?)preview["text"], mail.TextBody!.ReplaceLineEndings("\n").TrimEnd('\n'));
        Assert.DoesNotContain("script", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_by_path_fill_it_too_and_the_list_tells_their_names()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words());
        await site.AddTemplateAsync("unfinished", words: Words());
        await site.PublishedAsync("code", "sms");

        var listed = (await site.AuthorizedAsync(HttpMethod.Get, "/v1/templates?kind=email&published=true", scope: "read")).Json[
            "items"
        ]!.AsArray();
        await site.MailAsync(
            address,
            change: body => (body["template"], body["variables"]) = (id, new JsonObject { ["order.number"] = "7", ["name"] = "Ada" })
        );
        var mail = await gateway.MailToAsync(address);

        Assert.Equal(["plain", "order"], listed.Select(one => (string?)one!["key"]));
        Assert.Equal(
            """[{"name":"order.number","label":"Order number","required":true,"multiline":false},{"name":"name","label":"Name","required":true,"multiline":false}]""",
            listed[1]!["variables"]!.ToJsonString()
        );
        Assert.Equal(("Order 7", "Hello Ada"), (mail.Subject, mail.TextBody!.Trim()));
    }

    [Fact]
    public async Task A_confirmation_and_a_welcome_are_made_of_the_sites_templates()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Welcome = true);
        await site.PublishedAsync(
            "ask",
            "confirmation",
            Words(
                "Ours: {{ list.name }}",
                "<p><a href=\"{{ links.confirm }}\">Go</a> {{ links.code }}</p>",
                "{{ links.confirm }} \n{{ links.code }} \n"
            )
        );
        await site.PublishedAsync(
            "hi",
            "welcome",
            Words(
                "Hello {{ contact.first_name }} of {{ contact.city }}",
                "<p>{{ form.title }} {{ links.preferences }}</p>",
                "{{ links.unsubscribe }} \n{{ links.preferences }} \n"
            )
        );

        await site.SubmitAsync(email: address);
        var links = await site.LinksForAsync(address);
        await site.ConfirmAsync("/c/" + links.Confirm);
        var mails = await gateway.MailsToAsync(address, 2);

        Assert.Equal(["Ours: Newsletter", "Hello Ada of Turin"], mails.Select(mail => mail.Subject));
        Assert.Contains("Contact http://localhost/p/", mails[1].HtmlBody, StringComparison.Ordinal);
        Assert.NotNull(mails[1].Headers["List-Unsubscribe"]);
    }

    [Fact]
    public async Task The_lists_own_template_comes_before_the_sites()
    {
        var site = await gateway.NewSiteAsync();
        await site.PublishedAsync("first", "confirmation", Words("First", "{{ links.confirm }}", "{{ links.confirm }}"));
        await site.PublishedAsync("second", "confirmation", Words("Second", "{{ links.confirm }}", "{{ links.confirm }}"));
        await site.UseAsync(confirmation: "second");

        await site.SubmitAsync(email: address);

        Assert.Equal("Second", (await gateway.MailToAsync(address)).Subject);
    }

    [Theory]
    [InlineData("fr_FR", "fr")]
    [InlineData("de_DE", "it")]
    [InlineData("en_GB", "it")]
    public async Task The_language_falls_back_to_the_sites(string locale, string language)
    {
        var site = await gateway.NewSiteAsync(one => one.Language = "it");
        var words = Words(
            "{{ language }}",
            "<html lang=\"{{ language }}\"><body>{{ links.confirm }}</body></html>",
            "{{ links.confirm }}"
        );
        var id = await site.PublishedAsync("ask", "confirmation", words, "fr");
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/it", words);
        await site.TemplateAsync(HttpMethod.Post, id, "drafts/it/publish");

        await site.SubmitAsync(email: address, change: body => body["form"]!["locale"] = locale);
        var mail = await gateway.MailToAsync(address);

        Assert.Equal((language, language), (mail.Subject, mail.Body!.Headers["Content-Language"]));
    }

    [Fact]
    public async Task What_waits_is_made_of_what_is_published_when_it_leaves()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        var due = gateway.Clock.GetUtcNow().AddMinutes(5);
        var waiting = await site.MailAsync(
            address,
            change: body => (body["template"], body["variables"], body["sendAt"]) = ("order", null, $"{due:O}")
        );

        var refused = await site.TemplateAsync(HttpMethod.Delete, id);
        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Two"));
        await site.TemplateAsync(HttpMethod.Post, id, "drafts/en/publish");
        gateway.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("scheduled", waiting.Status());
        Assert.Equal((HttpStatusCode.Conflict, "in_use"), (refused.Status, refused.Code));
        Assert.Equal("Two", (await gateway.MailToAsync(address)).Subject);
    }

    [Theory]
    [InlineData("unknown", null, "template")]
    [InlineData("draft", null, "template")]
    [InlineData("ask", null, "template")]
    [InlineData("order", "[1]", "vars")]
    [InlineData("order", "{\"a\":\"\\ud800\"}", "vars")]
    [InlineData("plain", "{}", "vars")]
    public async Task A_mail_that_cannot_be_made_is_refused_by_name(string template, string? vars, string field)
    {
        var site = await gateway.NewSiteAsync();
        await site.PublishedAsync("order", words: Words());
        await site.PublishedAsync("ask", "confirmation");
        await site.AddTemplateAsync("draft");

        var refused = await site.RawAsync(
            HttpMethod.Post,
            "/v1/messages",
            $$"""{"to":"ada@example.org","template":"{{template}}","variables":{"subject":"s","body":"b"}{{(vars is null ? "" : $",\"vars\":{vars}")}}}""",
            "k"
        );

        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Json["errors"]![field]);
    }

    [Fact]
    public async Task The_same_values_in_another_order_are_the_same_mail()
    {
        var site = await gateway.NewSiteAsync();
        await site.PublishedAsync("order", words: Words());
        Task<Answer> SendAsync(string vars) =>
            site.MailAsync(
                address,
                "k",
                body => (body["template"], body["variables"], body["vars"]) = ("order", null, JsonNode.Parse(vars))
            );

        var first = await SendAsync("""{"name":"Ada","order":{"number":1,"x":[{"a":1,"b":2}]}}""");
        var same = await SendAsync("""{"order":{"x":[{"b":2,"a":1}],"number":1},"name":"Ada"}""");
        var other = await SendAsync("""{"order":{"x":[{"b":2,"a":1}],"number":2},"name":"Ada"}""");

        Assert.Equal((first.Id, true), (same.Id, same.IsReplayed()));
        Assert.Equal((HttpStatusCode.Conflict, "key_reused"), (other.Status, other.Code));
    }

    [Fact]
    public async Task A_test_goes_to_an_allowed_address_only_and_is_marked()
    {
        var site = await gateway.NewSiteAsync(one => one.TestRecipients = $"bob@example.org {address}");
        var id = (
            await site.AddTemplateAsync(
                "ask",
                "confirmation",
                Words("Ask {{ list.name }}", "<p>{{ links.confirm }}</p>", "{{ links.confirm }}")
            )
        ).Id;

        var sent = await site.TemplateAsync(
            HttpMethod.Post,
            id,
            "test",
            new JsonObject
            {
                ["to"] = address,
                ["values"] = new JsonObject { ["list"] = new JsonObject { ["name"] = "Sample" } },
            }
        );
        var stranger = await site.TemplateAsync(HttpMethod.Post, id, "test", new JsonObject { ["to"] = "eve@example.org" });
        var mail = await gateway.MailToAsync(address);

        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Equal("[Test] Ask Sample", mail.Subject);
        Assert.Contains("http://localhost/c/example", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, "recipient_not_allowed"), (stranger.Status, stranger.Code));
    }

    [Fact]
    public async Task Tests_are_few()
    {
        var site = await gateway.NewSiteAsync(one => one.TestRecipients = address);
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;

        var answers = new List<HttpStatusCode>();
        for (var at = 0; at < 31; at++)
        {
            answers.Add((await site.TemplateAsync(HttpMethod.Post, id, "test", new JsonObject { ["to"] = address })).Status);
        }

        Assert.Equal(Enumerable.Repeat(HttpStatusCode.Accepted, 30).Append(HttpStatusCode.TooManyRequests), answers);
    }

    [Fact]
    public async Task An_sms_is_made_of_a_template()
    {
        var site = await gateway.NewSiteAsync();
        await site.PublishedAsync("code", "sms", SmsWords("{{ site.name }}: {{ vars.code }} <b>"));

        var sent = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject
            {
                ["to"] = "+33612345678",
                ["template"] = "code",
                ["vars"] = new JsonObject { ["code"] = "<123>" },
            },
            "sms",
            "k"
        );
        var both = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject
            {
                ["to"] = "+33612345678",
                ["template"] = "code",
                ["text"] = "x",
            },
            "sms",
            "l"
        );
        var none = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject { ["to"] = "+33612345678", ["template"] = "order" },
            "sms",
            "m"
        );

        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Equal(
            "Ann's Shop: <123> <b>",
            await gateway.InDatabaseAsync(db => db.Sms.Where(row => row.SiteId == site.Id).Select(row => row.Text).SingleAsync())
        );
        Assert.NotNull(both.Json["errors"]!["text"]);
        Assert.Equal("template_invalid", none.Code);
    }
}
