using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Pages;

/// <summary>The editor: words, values and preview in one form, of which nothing typed is lost.</summary>
public sealed class EditPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Words_are_saved_as_a_draft_of_whoever_is_signed_in()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));
        var browser = await site.AuthorAsync("Anna");

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var saved = await browser.PressAsync(editor, "Save draft", ("subject", "Two"), ("text", "A line\r\nand  another\r\n"));
        var draft = (await site.TemplateAsync(HttpMethod.Get, id, "versions/en/draft", scope: "read")).Json;

        Assert.Equal(
            "/editor.js /live.js",
            string.Join(" ", editor.Document.QuerySelectorAll("script").Select(script => script.GetAttribute("src")))
        );
        Assert.Contains("The draft is saved", saved.Said());
        Assert.Equal(
            ("Two", "A line\nand  another\n", "admin:Anna"),
            ((string?)draft["subject"], (string?)draft["text"], (string?)draft["author"])
        );
        Assert.Equal("Two", saved.Field("subject"));
        Assert.Contains("nothing new to save", (await browser.PressAsync(saved, "Save draft")).Said());
        Assert.Equal(
            "One",
            (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/published", scope: "read")).Json["subject"]
        );
    }

    [Fact]
    public async Task What_cannot_be_read_is_marked_with_its_place_and_not_lost()
    {
        const string broken = "<p>\n  {% if vars.x %}never closed {{ vars.name | nonsense }}</p></textarea><script>alert(1)</script>";
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();

        var refused = await browser.PressAsync(
            await browser.OpenAsync(site.EditorUrl(id)),
            "Save draft",
            ("html", broken),
            ("subject", "Kept"),
            ("value.vars.name", "Ada")
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Nothing was saved", refused.Alert);
        Assert.Equal((broken, "Kept"), (refused.Field("html"), refused.Field("subject")));
        Assert.Contains("html, line 2", refused.TextOf(".errors"));
        var marks = JsonNode.Parse(refused.Document.QuerySelector("#html")!.GetAttribute("data-errors")!)!.AsArray();
        Assert.Contains(marks, mark => (int)mark!["line"]! == 2 && ((string)mark["message"]!).Length > 0);
        Assert.Equal("""{"vars":{"name":"Ada"}}""", JsonNode.Parse(refused.Field("json"))!.ToJsonString());
        Assert.Equal(2, refused.Document.QuerySelectorAll("script").Length);
        Assert.Equal(
            "Order {{ vars.order.number }}",
            (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/draft", scope: "read")).Json["subject"]
        );
    }

    [Fact]
    public async Task The_preview_shows_an_inbox_row_the_parts_and_what_will_be_empty()
    {
        var site = await gateway.NewSiteAsync(one => one.FromEmail = "news@shop.example");
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "Order {{ vars.number }}",
                    "<html><head></head><body><p>Hi {{ vars.name }} {{ vars.city }}</p><script>alert(1)</script></body></html>",
                    "Hi {{ vars.name }}",
                    "Wake"
                )
            )
        ).Id;
        var browser = await site.AuthorAsync();

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var page = await browser.PressAsync(editor, "Update preview", ("value.vars.number", "4711"), ("value.vars.name", "<b>Ada</b>"));
        var frame = await browser.FrameAsync(page);

        Assert.Equal(
            ["value.vars.number", "value.vars.name", "value.vars.city"],
            editor.Document.QuerySelectorAll("#inputs input").Select(input => input.GetAttribute("name"))
        );
        Assert.Contains("news@shop.example", page.TextOf(".inbox"));
        Assert.Contains("Order 4711 Wake", page.TextOf(".inbox"));
        Assert.Contains("vars.city has no value here", page.TextOf("#preview"));
        Assert.Contains("script", page.TextOf("#preview"));
        Assert.Contains("Hi <b>Ada</b>", page.Document.QuerySelector(".screen pre")!.TextContent);
        Assert.Contains("Hi &lt;b&gt;Ada&lt;/b&gt;", frame.Html);
        Assert.DoesNotContain("<script", frame.Html);
        Assert.Equal("4711", page.Field("value.vars.number"));
        Assert.Null(page.Alert);
    }

    [Fact]
    public async Task The_frame_is_shut_in_and_for_nobody_else()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync("Anna");
        var page = await browser.OpenAsync(site.EditorUrl(id));
        var url = page.Document.QuerySelector("iframe")!.GetAttribute("src")!;

        var frame = await browser.OpenAsync(url);
        var nobody = await new Admin.AdminBrowser(gateway).OpenAsync(url);
        var colleague = await (await site.AuthorAsync("Bea")).OpenAsync(url);
        var stranger = await (await other.AuthorAsync("Eve")).OpenAsync(
            url.Replace(site.PublicId, other.PublicId, StringComparison.Ordinal)
        );

        Assert.Equal(HttpStatusCode.OK, frame.Status);
        var policy = frame.Header("Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'self'", policy);
        Assert.Contains("sandbox allow-popups", policy);
        Assert.DoesNotContain("script", policy);
        Assert.DoesNotContain("allow-same-origin", policy);
        Assert.True(Admin.AdminCalls.IsSentToSignIn(nobody));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (colleague.Status, stranger.Status));
        for (var at = 0; at < 4; at++)
        {
            await browser.OpenAsync(site.EditorUrl(id));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(url)).Status);
    }

    [Fact]
    public async Task Fields_and_json_show_the_same_values()
    {
        var site = await gateway.NewSiteAsync();
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "{{ vars.order.number }}",
                    "<p>{{ contact.first_name }}{% for item in vars.items %}{{ item.name }}: {{ item.price }}{% endfor %}</p>",
                    "x"
                )
            )
        ).Id;
        var browser = await site.AuthorAsync();

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var json = await browser.PressAsync(editor, "Update preview", ("value.vars.order.number", "4711"), ("mode", "expert"));
        var typed = JsonNode.Parse(json.Field("json"))!;
        typed["vars"]!["items"] = new JsonArray(new JsonObject { ["name"] = "Tea", ["price"] = 3 });
        typed["vars"]!["order"]!["number"] = 5;
        var fields = await browser.PressAsync(json, "Update preview", ("json", typed.ToJsonString()), ("mode", "normal"));
        var kept = await browser.PressAsync(fields, "Update preview", ("value.contact.first_name", "Grace"));

        Assert.Equal("Ada", editor.Document.QuerySelector("#value\\.contact\\.first_name")!.GetAttribute("placeholder"));
        Assert.Contains("vars.items", editor.TextOf("#inputs .hint"));
        Assert.Contains("vars.items[].price", editor.TextOf(".expert table"));
        Assert.Equal("""{"vars":{"order":{"number":"4711"}}}""", JsonNode.Parse(json.Field("json"))!.ToJsonString());
        Assert.Contains("as-json", json.Document.QuerySelector("#values")!.ClassName);
        Assert.Equal("5", fields.Field("value.vars.order.number"));
        Assert.Contains("as-fields", fields.Document.QuerySelector("#values")!.ClassName);
        Assert.Equal(
            """{"vars":{"order":{"number":5},"items":[{"name":"Tea","price":3}]},"contact":{"first_name":"Grace"}}""",
            JsonNode.Parse(kept.Field("json"))!.ToJsonString()
        );
        Assert.Contains("GraceTea: 3", (await browser.FrameAsync(kept)).Html);
    }

    [Fact]
    public async Task The_shape_of_what_is_asked_for_is_filled_in_around_what_was_typed()
    {
        var site = await gateway.NewSiteAsync();
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "{{ vars.order.number }}",
                    "<p>{% for item in vars.items %}{{ item.name }}{% endfor %}{{ links.unsubscribe }}</p>",
                    "x"
                )
            )
        ).Id;
        var browser = await site.AuthorAsync();

        var page = await browser.PressAsync(
            await browser.OpenAsync(site.EditorUrl(id)),
            "Fill in what is missing",
            ("value.vars.order.number", "7")
        );

        Assert.Equal("""{"vars":{"order":{"number":"7"},"items":[{"name":""}]}}""", JsonNode.Parse(page.Field("json"))!.ToJsonString());
    }

    [Theory]
    [InlineData("{\"vars\": {\n  nonsense", "line 2, column")]
    [InlineData("[]", "is a JSON object")]
    [InlineData("{\"vars\":\"text\"}", "vars is a JSON object")]
    [InlineData("{\"site\":{\"name\":\"x\"}}", "site is the gateway's own")]
    [InlineData("{\"vars\":{\"x\":\"\\ud800\"}}", "Unicode")]
    [InlineData("{\"vars\":{\"x\":\"\\u0000\"}}", "NUL")]
    [InlineData(
        "{\"vars\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":"
            + "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}}}}}",
        "nested"
    )]
    public async Task Json_that_cannot_be_used_is_said_where_and_kept_as_it_was_typed(string json, string reason)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();

        var editor = await browser.PressAsync(await browser.OpenAsync(site.EditorUrl(id)), "Update preview", ("mode", "expert"));
        var page = await browser.PressAsync(editor, "Update preview", ("json", json));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(reason, page.TextOf("#json-error"));
        Assert.Equal(json, page.Field("json"));
        Assert.NotNull(page.Document.QuerySelector("iframe"));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PressAsync(page, "Keep", ("sample-name", "bad"))).Status);
    }

    [Fact]
    public async Task Values_of_any_size_and_name_are_a_sentence_at_the_worst()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();
        var editor = await browser.OpenAsync(site.EditorUrl(id));

        foreach (
            var (name, value) in new[]
            {
                ("value." + string.Join('.', Enumerable.Repeat("a", 900)), "x"),
                ("value.vars.name", new string('x', 100_000)),
                ("value.vars.name.deeper", "x"),
                ("value.__proto__.x", "x"),
                ("value.vars..", "x"),
                ("contact", "con_nonsense"),
                ("contact", "nobody@example.org"),
                ("contact", new string('c', 10_000)),
            }
        )
        {
            var page = await browser.PressAsync(editor, "Update preview", (name, value));
            Assert.True(page.Status == HttpStatusCode.OK, $"{name}: {page.Heading}");
        }

        Assert.Contains("no such contact", (await browser.PressAsync(editor, "Update preview", ("contact", "nobody@example.org"))).Alert);
        Assert.Equal("This page was too old", (await browser.PressAsync(editor, "Update preview", ("value.vars.name", "\0"))).Heading);
        Assert.Equal(
            "This page was too old",
            (await browser.PressAsync(editor, "Update preview", ("html", new string('<', 5_000_000)))).Heading
        );
    }

    [Fact]
    public async Task Values_are_kept_as_samples_and_come_back()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var kept = await browser.PressAsync(
            editor,
            "Keep",
            ("value.vars.name", "Ada"),
            ("sample-name", "<b>Ann's</b>"),
            ("subject", "Not saved")
        );
        await browser.PressAsync(kept, "Keep", ("value.vars.name", "Bob"), ("sample-name", "Second"));
        var later = await browser.OpenAsync(site.EditorUrl(id));
        var loaded = await browser.PressAsync(later, "Load", ("sample", "<b>Ann's</b>"));
        var gone = await browser.PressAsync(loaded, "Delete");

        Assert.Contains("kept as “<b>Ann's</b>”", kept.Said());
        Assert.Equal("Not saved", kept.Field("subject"));
        Assert.Equal(("Bob", "Second"), (later.Field("value.vars.name"), later.Field("sample")));
        Assert.Equal("Ada", loaded.Field("value.vars.name"));
        Assert.Contains("Hello Ada", (await browser.FrameAsync(loaded)).Html);
        Assert.Contains("is deleted", gone.Said());
        Assert.Equal("Ada", gone.Field("value.vars.name"));
        Assert.Equal(
            ["Second"],
            (await site.TemplateAsync(HttpMethod.Get, id)).Json["samples"]!.AsArray().Select(one => (string?)one!["name"])
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PressAsync(loaded, "Keep", ("sample-name", new string('x', 61)))).Status);
    }

    [Fact]
    public async Task It_is_shown_as_somebody_of_the_site()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var contact = (await site.AddContactAsync(address)).Id;
        await other.AddContactAsync("eve@example.org");
        var id = (await site.AddTemplateAsync("order", words: Words("s", "<p>{{ contact.email }}</p>", "x"))).Id;
        var browser = await site.AuthorAsync();
        var editor = await browser.OpenAsync(site.EditorUrl(id));

        Assert.Contains(
            address,
            (await browser.FrameAsync(await browser.PressAsync(editor, "Update preview", ("contact", address.ToUpperInvariant())))).Html
        );
        Assert.Contains(
            address,
            (await browser.FrameAsync(await browser.PressAsync(editor, "Update preview", ("contact", contact)))).Html
        );
        Assert.Contains("no such contact", (await browser.PressAsync(editor, "Update preview", ("contact", "eve@example.org"))).Alert);
    }

    [Fact]
    public async Task A_test_carries_the_words_and_the_values_to_an_allowed_address()
    {
        var address = $"ann@{Guid.CreateVersion7():N}.example";
        var site = await gateway.NewSiteAsync(one => (one.FromEmail, one.TestRecipients) = ("news@shop.example", address));
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();

        var editor = await browser.OpenAsync(site.EditorUrl(id));
        var sent = await browser.PressAsync(
            editor,
            "Save and send a test",
            ("subject", "Just typed {{ vars.name }}"),
            ("value.vars.name", "Ada")
        );
        Assert.Contains($"on its way to {address}", sent.Said());
        var mail = await gateway.MailToAsync(address);
        var refused = await browser.PressAsync(sent, "Save and send a test", ("to", "eve@example.org"));

        Assert.Equal("[Test] Just typed Ada", mail.Subject);
        Assert.Equal(
            (await browser.FrameAsync(sent)).Html.Replace("<base target=\"_blank\">", "", StringComparison.Ordinal),
            mail.HtmlBody!.ReplaceLineEndings("\n")
        );
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("only to addresses that your administrator allowed", refused.Alert);
    }

    [Fact]
    public async Task An_sms_shows_the_parts_it_takes_and_has_a_text_only()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("code", "sms", SmsWords("Your code is {{ vars.code }}"))).Id;
        var browser = await site.AuthorAsync();

        var page = await browser.PressAsync(await browser.OpenAsync(site.EditorUrl(id)), "Update preview", ("value.vars.code", "4711"));
        var emoji = await browser.PressAsync(page, "Update preview", ("text", "Your code 🎁"));

        Assert.Contains("Your code is 4711", page.TextOf(".bubble"));
        Assert.Contains("1 part, 17 characters, GSM-7", page.TextOf("[role=status]"));
        Assert.Contains("UCS-2", emoji.TextOf("[role=status]"));
        Assert.Empty(page.Document.QuerySelectorAll("iframe, #subject, #html"));
    }

    [Fact]
    public async Task A_language_that_is_not_there_is_not_shown()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;
        var browser = await site.AuthorAsync();

        foreach (var language in new[] { "fr", "xx", "nonsense", "EN" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(site.EditorUrl(id, language))).Status);
        }
    }
}
