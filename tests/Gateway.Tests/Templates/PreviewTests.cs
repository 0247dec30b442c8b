using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates;

/// <summary>POST /v1/templates/{id}/preview: what is shown, what is told, and what cannot be done to it.</summary>
public sealed class PreviewTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_path_of_a_thousand_names_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words())).Id;

        var answer = await site.PreviewAsync(
            id,
            new() { ["simple"] = new JsonObject { ["vars." + string.Join('.', Enumerable.Repeat("a", 2_000))] = "x" } }
        );

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Every_part_is_shown_with_the_values_that_were_given()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words(preheader: "For {{ vars.name }} & Co"))).Id;

        var shown = (
            await site.PreviewAsync(
                id,
                new()
                {
                    ["simple"] = new JsonObject { ["vars.order.number"] = "4711", ["vars.name"] = "Ada <3" },
                }
            )
        ).Json;

        Assert.Equal(
            ("Order 4711", "For Ada <3 & Co", "Hello Ada <3"),
            ((string?)shown["subject"], (string?)shown["preheader"], (string?)shown["text"])
        );
        Assert.Contains("<p style=\"color: #333333\">Hello Ada &lt;3</p>", (string?)shown["html"], StringComparison.Ordinal);
        Assert.Contains(">For Ada &lt;3 &amp; Co</div>", (string?)shown["html"], StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount((string)shown["html"]!), (int)shown["bytes"]!);
        Assert.Empty(shown["warnings"]!.AsArray());
    }

    [Fact]
    public async Task The_variables_are_listed_for_a_form_and_missing_ones_are_warned_of_with_their_place()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(
            id,
            "<p>{{ vars.a }}\n{% for i in vars.items %}{{ i.name }}{{ i.nmae }}{% endfor %}{{ nobody }}{{ contact.city | default: 'x' }}{% "
                + "if vars.b %}{{ vars.c.d }}{% endif %}</p>",
            new() { ["items"] = new JsonArray(new JsonObject { ["name"] = "n" }) }
        );

        Assert.Equal(
            [
                "vars.a text simple",
                "vars.items list",
                "vars.items[].name text",
                "vars.items[].nmae text",
                "nobody text simple",
                "contact.city text simple optional",
                "vars.b text simple optional",
                "vars.c.d text simple",
            ],
            shown["variables"]!
                .AsArray()
                .Select(one =>
                    $"{one!["path"]} {one["type"]}{((bool)one["simple"]! ? " simple" : "")}{((bool)one["optional"]! ? " optional" : "")}"
                )
        );
        Assert.Equal(
            [
                "1:7 vars.a has no value here, so nothing is shown.",
                "2:41 vars.items[].nmae has no value here, so nothing is shown.",
                "2:65 There is no \"nobody\": values stand in contact, list, site, form, vars and links. Nothing is shown.",
                "2:125 vars.c.d has no value here, so nothing is shown.",
            ],
            shown["warnings"]!.AsArray().Select(one => $"{one!["line"]}:{one["column"]} {one["message"]}")
        );
    }

    [Fact]
    public async Task A_confirmation_sees_nothing_that_a_visitor_typed()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("ours", "confirmation")).Id;

        var shown = (
            await site.PreviewAsync(
                id,
                new()
                {
                    ["source"] = Words(
                        "{{ contact.name }}{{ vars.x }}{{ form.title }}|{{ list.name }}|{{ site.name }}",
                        "<p>{{ links.confirm }}</p>",
                        "x"
                    ),
                    ["values"] = new JsonObject
                    {
                        ["contact"] = new JsonObject { ["name"] = "typed" },
                        ["vars"] = new JsonObject { ["x"] = "typed" },
                    },
                }
            )
        ).Json;

        Assert.Equal("|Newsletter|Ann's Shop", (string?)shown["subject"]);
        Assert.Contains(
            "A confirmation mail does not see contact: nothing that a visitor typed may stand in it. Nothing is shown.",
            shown.Messages("warnings")
        );
        Assert.Contains("http://localhost/c/example", (string?)shown["html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_are_kept_and_used()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("{{ vars.a }}{{ vars.b }}{{ contact.name }}"))).Id;
        await site.TemplateAsync(
            HttpMethod.Put,
            id,
            "samples/Big%20order",
            JsonNode.Parse("""{"vars":{"a":"1","b":"2"},"contact":{"name":"Bob"}}""")
        );
        await site.TemplateAsync(HttpMethod.Put, id, "samples/empty", new JsonObject());

        var shown = await site.PreviewAsync(
            id,
            new() { ["sample"] = "Big order", ["values"] = JsonNode.Parse("""{"vars":{"b":"3"}}""") }
        );
        var unknown = await site.PreviewAsync(id, new() { ["sample"] = "no" });
        await site.TemplateAsync(HttpMethod.Delete, id, "samples/empty");

        Assert.Equal("13Bob", (string?)shown.Json["subject"]);
        Assert.NotNull(unknown.Json["errors"]!["sample"]);
        Assert.Equal(
            ["Big order"],
            (await site.TemplateAsync(HttpMethod.Get, id)).Json["samples"]!.AsArray().Select(one => (string?)one!["name"])
        );
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Delete, id, "samples/empty")).Status);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"vars\":[]}")]
    [InlineData("{\"vars\":\"x\"}")]
    [InlineData("{\"links\":{\"confirm\":\"https://evil.example\"}}")]
    [InlineData("{\"site\":{\"name\":\"x\"}}")]
    [InlineData("{\"constructor\":{}}")]
    [InlineData("{\"vars\":{\"x\":\"\\u0000\"}}")]
    [InlineData("{\"vars\":{\"x\":\"\\ud800\"}}")]
    [InlineData("{\"vars\":{\"\\ud800\":1}}")]
    [InlineData("{\"vars\":{\"x\":[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}}")]
    public async Task Values_of_the_wrong_shape_are_refused_by_name(string json)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var preview = await site.RawAsync(HttpMethod.Post, $"/v1/templates/{id}/preview", $$"""{"values":{{json}}}""");
        var kept = await site.RawAsync(HttpMethod.Put, $"/v1/templates/{id}/samples/a", json);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (preview.Status, preview.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (kept.Status, kept.Code));
        Assert.NotNull(preview.Json["errors"]!["values"]);
    }

    [Fact]
    public async Task A_gigantic_sample_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;
        var big = new JsonObject { ["vars"] = new JsonObject { ["x"] = new string('x', 70_000) } };

        Assert.Equal(HttpStatusCode.BadRequest, (await site.TemplateAsync(HttpMethod.Put, id, "samples/a", big)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.PreviewAsync(id, new() { ["values"] = big.DeepClone() })).Status);
    }

    [Fact]
    public async Task Values_of_the_wrong_type_show_nothing_rather_than_fail()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(
            id,
            "<p>{% for i in vars.items %}[{{ i.name }}]{% endfor %}|{{ vars.n.x.y }}|{{ vars.o | times: 2 }}|{{ vars.s | date: '%Y' }}|{{ "
                + "vars.l | plus: 1 }}|{{ vars.__proto__.x }}</p>",
            JsonNode.Parse("""{"items":"text","n":5,"o":{"a":1},"s":"never","l":[1,2],"__proto__":{"x":"own"}}""")!.AsObject()
        );

        Assert.Empty(shown["errors"]!.AsArray());
        Assert.Contains("own", (string?)shown["html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_of_the_site_can_be_looked_at_it_with()
    {
        var site = await gateway.NewSiteAsync();
        var contact = (await site.AddContactAsync($"ada@{Guid.CreateVersion7():N}.example")).Id;
        var id = (await site.AddTemplateAsync("order", words: Words("{{ contact.email }}"))).Id;

        var body = new JsonObject { ["contact"] = contact };

        var shown = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/templates/{id}/preview", body, "mail read");
        var forbidden = await site.PreviewAsync(id, body);
        var stranger = await (await gateway.NewSiteAsync()).AddContactAsync("bob@example.org");
        var refused = await site.AuthorizedAsync(
            HttpMethod.Post,
            $"/v1/templates/{id}/preview",
            new JsonObject { ["contact"] = stranger.Id },
            "mail contacts"
        );

        Assert.StartsWith("ada@", (string?)shown.Json["subject"]);
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (forbidden.Status, forbidden.Code));
        Assert.NotNull(refused.Json["errors"]!["contact"]);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script", "<script> was removed")]
    [InlineData("<p onclick=\"alert(1)\">x</p>", "onclick", "The attribute onclick was removed.")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "javascript", "An address in href was removed")]
    [InlineData("<a href=\"{{ vars.evil }}\">x</a>", "javascript", "An address in href was removed")]
    [InlineData("<a href={{ vars.attribute }}>x</a>", "onmouseover", "The attribute onmouseover was removed.")]
    [InlineData("<a href=\" &#106;avascript:alert(1)\">x</a>", "alert", "An address in href was removed")]
    [InlineData("<img src=\"data:image/svg+xml,x\">", "data:", "An address in src was removed")]
    [InlineData("<p style=\"display:none\">hidden words</p>", "display", "it hides words.")]
    [InlineData("<p style=\"display:/**/no\\ne\">hidden words</p>", "display", "")]
    [InlineData("<style>.h { font-size: 0 }</style><p class=\"h\">hidden words</p>", "font-size", "it hides words.")]
    [InlineData("<p style=\"color:red; background:url(javascript:alert(1))\">x</p>", "javascript", "")]
    [InlineData("<p style=\"width: expression(alert(1))\">x</p>", "expression", "")]
    [InlineData("<style>@import url(https://evil.example/x.css);</style>", "evil", "A rule of the styles was removed")]
    [InlineData("<link rel=\"stylesheet\" href=\"https://evil.example/x.css\">", "evil", "<link> was removed")]
    [InlineData("<form action=\"https://evil.example\"><input name=\"a\"></form>", "<form", "<form> was removed")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>", "iframe", "<iframe> was removed")]
    [InlineData("<svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">x</a></svg>", "alert", "<svg> was removed")]
    [InlineData(
        "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
        "refresh",
        "The attribute http-equiv was removed."
    )]
    [InlineData("<!--[if mso]><script>alert(1)</script><![endif]-->", "alert", "A comment for Outlook was removed")]
    [InlineData("<base href=\"https://evil.example/\">", "evil", "<base> was removed")]
    [InlineData("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>", "onerror", "")]
    public async Task What_does_not_belong_in_a_mail_is_taken_out_and_told(string html, string gone, string told)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(
            id,
            $"<html><body>{html}<p>stays</p></body></html>",
            new() { ["evil"] = "javascript:alert(1)", ["attribute"] = "x onmouseover=alert(1)" }
        );

        Assert.Contains("stays</p>", (string?)shown["html"], StringComparison.Ordinal);
        Assert.DoesNotContain(gone, (string?)shown["html"], StringComparison.OrdinalIgnoreCase);
        Assert.True(
            told.Length == 0 || shown.Messages("removed").Any(one => one.Contains(told, StringComparison.Ordinal)),
            shown["removed"]!.ToJsonString()
        );
    }

    /// <summary>Each would take minutes, or the process, if it were tried.</summary>
    [Theory]
    [InlineData("", "<div>", 300, "elements inside one another")]
    [InlineData("", "<dt><dd>", 10_000, "more than 5,000 elements")]
    [InlineData("<style>", "p { color: red } ", 10_000, "more than 100,000 characters")]
    [InlineData("<style>section div div div div { color: red }</style>", "<div>", 150, "too much to compare")]
    [InlineData("<style>section ~ p ~ p ~ p { color: red }</style>", "<p>x</p>", 1_000, "too much to compare")]
    [InlineData("", "<style>p:nth-child(2) { color: red }</style><p>x</p>", 500, "too much to compare")]
    [InlineData("", "<style>:has(:has(p)) { color: red }</style><p>x</p>", 500, "too much to compare")]
    [InlineData("<style>section div div[a=\"}\"] div div { color: red }</style>", "<div>", 150, "too much to compare")]
    public async Task Html_that_is_more_than_any_mail_has_is_refused_in_a_sentence(string begin, string again, int times, string told)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(id, begin + string.Concat(Enumerable.Repeat(again, times)), []);

        Assert.Contains(told, Assert.Single(shown.Messages("errors")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_for_Outlook_outside_of_all_elements_harms_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(
            id,
            "<!--[if mso]>x<![endif]--><html><body><p>stays</p></body></html><!--[if mso]>y<![endif]-->",
            []
        );

        Assert.Contains("stays", (string?)shown["html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_mail_programs_need_stays()
    {
        const string Html = """
            <!doctype html><html lang="fr"><head><meta name="color-scheme" content="light dark"><style>
            .b { background-color: #1f4e8c; mso-padding-alt: 15px 30px }
            @media (prefers-color-scheme: dark) { .b { background-color: #ffffff !important } }
            </style></head><body><!--[if mso]><table><tr><td><![endif]-->
            <table role="presentation" width="600" cellpadding="0" bgcolor="#ffffff"><tr><td class="b" align="center"><a href="https://shop.example/?a=1&amp;b={{ vars.x }}">{{ vars.x }}</a></td></tr></table>
            <!--[if mso]></td></tr></table><![endif]--><a href="mailto:a@shop.example">m</a><a href="tel:+331">t</a><img src="https://shop.example/x.png" alt="x" width="10"></body></html>
            """;
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var shown = await site.PreviewOfAsync(id, Html, new() { ["x"] = "שלום 🙂" });

        Assert.Empty(shown["removed"]!.AsArray());
        string[] kept =
        [
            "<!DOCTYPE html><html lang=\"fr\">",
            "@media (prefers-color-scheme: dark)",
            "<td class=\"b\" align=\"center\" style=\"background-color: #1F4E8C; mso-padding-alt: 15px 30px\">",
            "<!--[if mso]><table><tr><td><![endif]-->",
            "bgcolor=\"#ffffff\"",
            "mailto:a@shop.example",
            "tel:+331",
            "https://shop.example/?a=1&amp;b=שלום 🙂",
            ">שלום 🙂</a>",
            "width=\"10\"",
        ];
        Assert.All(kept, part => Assert.Contains(part, (string?)shown["html"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_built_in_mails_pass_their_own_rules()
    {
        var site = await gateway.NewSiteAsync();
        foreach (var kind in new[] { "confirmation", "welcome", "email" })
        {
            var id = (await site.AddTemplateAsync(kind + "-copy", kind)).Id;

            var shown = (
                await site.PreviewAsync(id, new() { ["values"] = JsonNode.Parse("""{"vars":{"subject":"s","body":"b"}}""") })
            ).Json;

            Assert.Empty(shown["removed"]!.AsArray());
            Assert.Empty(shown["warnings"]!.AsArray());
            Assert.Empty(shown["errors"]!.AsArray());
        }
    }

    [Fact]
    public async Task Errors_are_an_answer_so_that_an_editor_can_ask_while_somebody_types()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var broken = await site.PreviewOfAsync(id, "<p>{{ vars.x </p>");
        var endless = await site.PreviewOfAsync(id, "{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}");

        Assert.Null(broken["html"]);
        Assert.Equal("html", (string?)broken["errors"]![0]!["part"]);
        Assert.Equal(
            ["The template takes more than 100,000 steps. Does a loop go on for longer than meant?"],
            endless.Messages("errors")
        );
    }

    [Fact]
    public async Task An_sms_is_counted()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("code", "sms", SmsWords("Your code: {{ vars.code }} 🙂"))).Id;

        var shown = (await site.PreviewAsync(id, new() { ["simple"] = new JsonObject { ["vars.code"] = "123" } })).Json;

        Assert.Equal(("Your code: 123 🙂", 1, "ucs2"), ((string?)shown["text"], (int)shown["parts"]!, (string?)shown["encoding"]));
    }
}
