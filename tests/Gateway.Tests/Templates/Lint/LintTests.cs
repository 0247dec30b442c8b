using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates.Lint;

public sealed class LintTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("en", "URGENT", "spam-word:urgent", "warning")]
    [InlineData("en", "Your free seat in our workshop", "spam-word:free", "info")]
    [InlineData("fr", "Vous avez GAGNÉ un lot", "spam-word:vous avez gagne", "warning")]
    [InlineData("fr", "Un atelier gratuit en mai", "spam-word:gratuit*", "info")]
    [InlineData("en", "Re: our talk", "subject-fake-reply", "error")]
    [InlineData("fr", "TR : notre rendez-vous", "subject-fake-reply", "error")]
    [InlineData("en", "News from the workshop!!", "subject-punctuation", "warning")]
    [InlineData("en", "READ THIS BEFORE MONDAY", "subject-capitals", "warning")]
    [InlineData("en", "Get your v1agra here", "subject-disguised", "warning")]
    [InlineData("en", "F R E E tickets", "subject-disguised", "warning")]
    [InlineData("en", "", "subject-missing", "error")]
    public async Task A_subject_is_judged_by_words_and_tone(string language, string subject, string finding, string severity)
    {
        var found = await LintAsync(
            new()
            {
                ["kind"] = "list",
                ["language"] = language,
                ["subject"] = subject,
                ["text"] = "Hello. Unsubscribe: https://shop.example/u/1",
            }
        );

        Assert.Equal(severity, SeverityOf(found, finding));
    }

    [Theory]
    [InlineData("en", "Your order 4711 is on its way")]
    [InlineData("en", "NASA and ESA: what our readers asked")]
    [InlineData("fr", "Votre commande n° 4711 est en route")]
    [InlineData("fr", "🌻 Notre lettre de mai")]
    public async Task An_ordinary_subject_is_left_in_peace(string language, string subject)
    {
        var found = await LintAsync(
            new()
            {
                ["kind"] = "email",
                ["language"] = language,
                ["subject"] = subject,
                ["preheader"] = "Everything that you need to know about it is in here.",
                ["text"] = "Hello Ada.",
            }
        );

        Assert.Empty(found);
    }

    [Fact]
    public async Task A_word_in_every_subject_wears_out()
    {
        var found = await LintAsync(
            new()
            {
                ["kind"] = "list",
                ["language"] = "en",
                ["subject"] = "A gift for May",
                ["text"] = "Unsubscribe: https://shop.example/u/1",
                ["recentSubjects"] = new JsonArray("A gift for April", "News", "Our March gift"),
            }
        );

        Assert.Equal("warning", SeverityOf(found, "spam-word-again:gift"));
    }

    [Fact]
    public async Task One_good_button_is_what_a_mail_needs()
    {
        Assert.Empty(
            await LintHtmlAsync(
                "<p>The workshop begins in May.</p>" + Button("https://shop.example/may", "Book a seat", "#1f4e8c", "#ffffff")
            )
        );
    }

    [Theory]
    [InlineData(
        "<a href=\"https://shop.example/a\" style=\"background:#ffcc00;color:#ffffff\">Book a seat</a>",
        "cta-contrast:Book a seat",
        "warning"
    )]
    [InlineData("<a class=\"button\" href=\"https://shop.example/a\"><img src=\"a.png\" alt=\"Book\"></a>", "cta-image", "warning")]
    [InlineData("<a class=\"button\" href=\"https://shop.example/a\">Here</a>", "cta-verb:Here", "info")]
    [InlineData(
        "<a class=\"button\" href=\"https://shop.example/a\">Book your own seat in the workshop now</a>",
        "cta-long:Book your own seat in the workshop now",
        "info"
    )]
    [InlineData(
        "<a class=\"button\" href=\"https://shop.example/a\">Book</a><a class=\"button\" href=\"https://shop.example/b\">Read</a><a "
            + "class=\"button\" href=\"https://shop.example/c\">See</a>",
        "cta-several",
        "warning"
    )]
    [InlineData(
        "<img src=\"a.png\" alt=\"Our hall\" height=\"700\"><a class=\"button\" href=\"https://shop.example/a\">Book</a>",
        "cta-below-fold",
        "warning"
    )]
    [InlineData("<a href=\"http://shop.example/a\">Our page</a>", "link-http:shop.example", "warning")]
    [InlineData("<a href=\"https://evil.example/a\">www.bank.example</a>", "link-mismatch:www.bank.example", "error")]
    [InlineData("<a href=\"https://bit.ly/a\">Our page</a>", "link-shortened:bit.ly", "warning")]
    [InlineData("<a href=\" java\nscript:alert(1)\">Our page</a>", "link-script", "error")]
    [InlineData("<img src=\"a.png\">", "image-alt", "warning")]
    [InlineData("<script>alert(1)</script>", "html-active:script", "error")]
    [InlineData("<p onclick=\"alert(1)\">Hello</p>", "html-event", "error")]
    [InlineData("<p>Hello</p><div style=\"display:none\">cheap watches</div>", "hidden-text", "error")]
    [InlineData("<p>Hello</p><p style=\"font-size:0\">cheap watches</p>", "hidden-text", "error")]
    [InlineData("<style>.x{visibility:hidden}</style><p>Hello</p><p class=\"x\">cheap watches</p>", "hidden-text", "error")]
    [InlineData("<p>Hello</p><p style=\"color:#fefefe\">cheap watches</p>", "invisible-text", "error")]
    public async Task Html_is_judged_as_its_reader_would_see_it(string html, string finding, string severity)
    {
        Assert.Equal(severity, SeverityOf(await LintHtmlAsync(html), finding));
    }

    [Theory]
    [InlineData("<div style=\"display:none;max-height:0\">What is new in May</div><p>Hello</p>")]
    [InlineData("<p>Hello. <a href=\"https://www.shop.example/a\">shop.example</a></p>")]
    [InlineData(
        "<p>Hello {{ contact.first_name }}. <a href=\"{{ links.preferences }}\">{{ links.preferences }}</a>{% if vars.x %} More.{% endif "
            + "%}</p>"
    )]
    [InlineData("<p style=\"background:{{ site.colour }};color:#fff\">Hello</p>")]
    public async Task What_is_no_trick_is_not_taken_for_one(string html)
    {
        Assert.DoesNotContain(await LintHtmlAsync(html), finding => (string?)finding!["severity"] != "info");
    }

    [Theory]
    [InlineData("confirmation", "error")]
    [InlineData("email", "warning")]
    public async Task Advertising_has_no_place_in_mail_that_nobody_subscribed_to(string kind, string severity)
    {
        var found = await LintAsync(
            new()
            {
                ["kind"] = kind,
                ["language"] = "en",
                ["subject"] = "Please confirm",
                ["text"] = "Confirm here and get 20% off your first order.",
            }
        );

        Assert.Equal(severity, SeverityOf(found, "promotion"));
    }

    [Fact]
    public async Task Mail_to_a_list_offers_a_way_out()
    {
        var without = await LintAsync(
            new()
            {
                ["kind"] = "welcome",
                ["language"] = "en",
                ["subject"] = "Welcome",
                ["html"] = "<p>Hello</p>",
                ["text"] = "Hello",
            }
        );
        var with = await LintAsync(
            new()
            {
                ["kind"] = "welcome",
                ["language"] = "en",
                ["subject"] = "Welcome",
                ["html"] = "<p>Hello</p><a href=\"{{ links.unsubscribe }}\">Leave</a>",
                ["text"] = "Hello",
            }
        );

        Assert.Equal("error", SeverityOf(without, "unsubscribe-missing"));
        Assert.Null(SeverityOf(with, "unsubscribe-missing"));
    }

    [Theory]
    [InlineData("news@shop.example", "from-name-missing", "warning")]
    [InlineData("🎁 Shop <news@shop.example>", "from-emoji", "error")]
    [InlineData("Shop <no-reply@shop.example>", "from-noreply", "info")]
    [InlineData("service@paypal.example <a@b.example>", "from-name-address", "warning")]
    public async Task A_sender_is_a_name_that_people_know(string from, string finding, string severity)
    {
        var found = await LintAsync(
            new()
            {
                ["kind"] = "email",
                ["subject"] = "Your order",
                ["from"] = from,
                ["text"] = "Hello",
            }
        );

        Assert.Equal(severity, SeverityOf(found, finding));
    }

    [Theory]
    [InlineData("Ann's Shop: your code is 4711 https://bit.ly/3x", "sms-shortener:bit.ly", "error")]
    [InlineData("Ann's Shop: ready ✅", "sms-ucs2", "info")]
    [InlineData("Your code is 4711", "sms-sender", "info")]
    [InlineData("Ann's Shop: 20% off today only", "sms-promotion", "warning")]
    [InlineData(" ", "sms-empty", "error")]
    public async Task An_sms_is_short_signed_and_no_advertisement(string text, string finding, string severity)
    {
        Assert.Equal(
            severity,
            SeverityOf(
                await LintAsync(
                    new()
                    {
                        ["kind"] = "sms",
                        ["language"] = "en",
                        ["text"] = text,
                    }
                ),
                finding
            )
        );
    }

    [Fact]
    public async Task An_sms_of_many_parts_is_dear()
    {
        var found = await LintAsync(new() { ["kind"] = "sms", ["text"] = "Ann's Shop: " + new string('a', 400) });

        Assert.Equal("warning", SeverityOf(found, "sms-long"));
    }

    [Theory]
    [InlineData("<div>", "html-too-much")]
    [InlineData("<b><p>", "html-too-much")]
    [InlineData("cancelar ", null)]
    [InlineData("{{ ", null)]
    [InlineData("a.a", null)]
    public async Task An_endless_text_ends(string again, string? finding)
    {
        var text = string.Concat(Enumerable.Repeat(again, 400_000 / again.Length));

        var mail = await LintAsync(
            new()
            {
                ["kind"] = "welcome",
                ["language"] = "en",
                ["subject"] = text[..900],
                ["html"] = text,
                ["text"] = "Hello",
            }
        );
        await LintAsync(
            new()
            {
                ["kind"] = "sms",
                ["language"] = "en",
                ["text"] = text,
            }
        );

        Assert.Equal(finding is not null, SeverityOf(mail, "html-too-much") is not null);
    }

    [Theory]
    [InlineData("kind", "newsletter")]
    [InlineData("kind", null)]
    [InlineData("recentSubjects", 7)]
    public async Task Bad_input_is_a_problem_that_names_the_field(string field, object? value)
    {
        var body = new JsonObject { ["kind"] = "list", ["subject"] = "News" };
        body[field] = value is null ? null : JsonValue.Create(value);

        var answer = await (await gateway.NewSiteAsync()).AuthorizedAsync(HttpMethod.Post, "/v1/templates/lint", body, scope: "read");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
    }

    private static string Button(string url, string words, string ground, string ink) =>
        $"<table><tr><td bgcolor=\"{ground}\" style=\"background-color:{ground}\"><a href=\"{url}\" "
        + $"style=\"color:{ink}\">{words}</a></td></tr></table>";

    private static string? SeverityOf(JsonArray found, string id) =>
        (string?)found.SingleOrDefault(finding => (string?)finding!["id"] == id)?["severity"];

    private async Task<JsonArray> LintHtmlAsync(string html) =>
        await LintAsync(
            new()
            {
                ["kind"] = "email",
                ["language"] = "en",
                ["subject"] = "The workshop in May",
                ["preheader"] = "Where it takes place, and what to bring with you.",
                ["html"] = $"<html><body>{html}</body></html>",
                ["text"] = "The workshop begins in May.",
            }
        );

    private async Task<JsonArray> LintAsync(JsonObject body)
    {
        var site = await gateway.NewSiteAsync();
        var answer = await site.AuthorizedAsync(HttpMethod.Post, "/v1/templates/lint", body, scope: "read");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json["findings"]!.AsArray();
    }
}
