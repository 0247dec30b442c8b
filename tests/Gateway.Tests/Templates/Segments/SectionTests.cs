using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Segments;

/// <summary>Sections of templates: what may be written, who is shown what, and what is known about it before anything is sent.</summary>
public sealed class SectionTests
{
    private const string Sections = """
        <p>Hello</p>
        {% section "Promotion", segment: "loyal" %}<p>LOYAL{% section 'Paris', segment: "french" %}-PARIS{% endsection %}</p>{% endsection %}
        {% section "All" %}<p>ALL</p>{% endsection %}
        """;

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData(
        "a\n {% section \"P\", segment: \"loyl\" %}x{% endsection %}",
        "text 2:27 The site has no segment \"loyl\". Is loyal meant?"
    )]
    [InlineData("{% section \"P\", segment: \"__proto__\" %}x{% endsection %}", "text 1:26 The site has no segment \"__proto__\".")]
    [InlineData(
        "{% section \"P\" %}x{% endsection %}\n{% section 'p' %}y{% endsection %}",
        "text 2:1 There is another section \"p\" in this part. Give each a name of its own."
    )]
    [InlineData("{% section vars.name %}x{% endsection %}", "text 1:11 A name in quotes was expected")]
    [InlineData("{% section %}x{% endsection %}", "text 1:11 A name in quotes was expected")]
    [InlineData("{% section \"\" %}x{% endsection %}", "text 1:1 A section's name has 1 to 60 characters")]
    [InlineData("{% section \"P\", segment: vars.key %}x{% endsection %}", "text 1:16 Behind the comma, a segment was expected")]
    [InlineData("{% section \"P\", \"loyal\" %}x{% endsection %}", "text 1:16 Behind the comma, a segment was expected")]
    [InlineData("{% section \"P\" segment: \"loyal\" %}x{% endsection %}", "text 1:15 The end of the tag was expected, or a segment")]
    [InlineData("{% section \"P\", segment: \"loyal\" %}x", "text 1:37 '{% endsection %}' was expected, but the text ends here.")]
    [InlineData("x{% endsection %}", "text 1:2 \"endsection\" belongs to no block that is open here.")]
    [InlineData("{% sektion \"P\" %}x{% endsection %}", "text 1:1 There is no tag \"sektion\". Is section meant?")]
    public async Task What_is_wrong_with_a_section_is_told_when_it_is_saved(string text, string expected)
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "member");
        var id = (await site.AddTemplateAsync("order")).Id;

        Assert.StartsWith(expected, Assert.Single(await site.FaultsOfAsync(id, Words(text: text))), StringComparison.Ordinal);
        Assert.NotEmpty((await site.PreviewOfAsync(id, "x", text: text))["errors"]!.AsArray());
    }

    [Fact]
    public async Task Endless_sections_are_ended()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;
        string Nested(int times) =>
            string.Concat(Enumerable.Range(0, times).Select(at => $"{{% section \"{at}\" %}}"))
            + string.Concat(Enumerable.Repeat("{% endsection %}", times));
        string Many(int times) => string.Concat(Enumerable.Range(0, times).Select(at => $"{{% section \"{at}\" %}}{{% endsection %}}"));

        Assert.Contains(
            "more than 60 deep",
            Assert.Single(await site.FaultsOfAsync(id, Words(text: Nested(5_000)))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "at most 50 sections",
            Assert.Single(await site.FaultsOfAsync(id, Words(text: Many(5_000)))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_confirmation_mail_has_no_segments_since_it_knows_nothing_about_its_reader()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "member");
        var words = Words(
            "s",
            "{% section \"A\" %}{{ links.confirm }}{% endsection %}",
            "{% section \"A\", segment: \"loyal\" %}x{% endsection %}{{ links.confirm }}"
        );

        var refused = await site.AddTemplateAsync("ask", "confirmation", words.DeepClone().AsObject());
        words["text"] = "{% section \"A\" %}{{ links.confirm }}{% endsection %}";
        await site.PublishedAsync("ask", "confirmation", words);

        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (refused.Status, refused.Code));
        Assert.StartsWith(
            "A confirmation mail knows nothing about its reader",
            (string?)refused.Json["locations"]![0]!["message"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Everybody_must_be_able_to_leave_a_list()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "member");
        var id = (
            await site.AddTemplateAsync(
                "hi",
                "welcome",
                Words(
                    "s",
                    "<p>{% section \"A\", segment: \"loyal\" %}{{ links.unsubscribe }}{% endsection %}</p>",
                    "{{ links.unsubscribe }}"
                )
            )
        ).Id;

        var refused = await site.TemplateAsync(HttpMethod.Post, id, "drafts/en/publish");

        Assert.Equal(
            "The html part needs {{ links.unsubscribe }} or {{ links.preferences }} where everybody sees it: whoever is on a list must be "
                + "able to unsubscribe.",
            (string?)Assert.Single(refused.Json["locations"]!.AsArray())!["message"]
        );
    }

    [Theory]
    [InlineData("""{"sections":"all"}""", "Hello LOYAL-PARIS ALL", "True True True", null)]
    [InlineData("""{"segments":["loyal"]}""", "Hello LOYAL ALL", "True False True", "loyal")]
    [InlineData("""{"segments":["french"]}""", "Hello ALL", "False False True", "french")]
    [InlineData("""{"segments":["french","loyal"],"sections":"as_sent"}""", "Hello LOYAL-PARIS ALL", "True True True", "french loyal")]
    [InlineData("""{"segments":[]}""", "Hello ALL", "False False True", "")]
    [InlineData("""{}""", "Hello ALL", "False False True", "")]
    [InlineData(
        """{"values":{"contact":{"country":"FR"},"vars":{"points":150}}}""",
        "Hello LOYAL-PARIS ALL",
        "True True True",
        "french loyal"
    )]
    [InlineData("""{"simple":{"vars.points":"150"}}""", "Hello LOYAL ALL", "True False True", "loyal")]
    public async Task A_preview_shows_what_is_asked_for(string json, string shown, string sections, string? segments)
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "vars.points > 100 or member");
        await site.SegmentAsync("french", "country = \"FR\"");
        var id = (await site.AddTemplateAsync("order", words: Words("s", Sections, "t"))).Id;

        var preview = (await site.PreviewAsync(id, JsonNode.Parse(json)!.AsObject())).Json;

        Assert.Equal(
            shown,
            string.Join(
                ' ',
                System
                    .Text.RegularExpressions.Regex.Matches((string)preview["html"]!, "Hello|LOYAL(-PARIS)?|ALL")
                    .Select(found => found.Value)
            )
        );
        Assert.Equal(sections, string.Join(' ', preview["sections"]!.AsArray().Select(one => (bool)one!["shown"]!)));
        Assert.Equal(segments, preview["inSegments"] is JsonArray keys ? string.Join(' ', keys.Select(key => (string?)key)) : null);
        Assert.Equal(
            "html Promotion loyal",
            string.Join(' ', preview["sections"]![0]!["part"], preview["sections"]![0]!["name"], preview["sections"]![0]!["segment"])
        );
    }

    [Theory]
    [InlineData("""{"segments":["unknown"]}""", "segments")]
    [InlineData("""{"segments":[null]}""", "segments")]
    [InlineData("""{"segments":["loyal"],"sections":"all"}""", "segments")]
    [InlineData("""{"sections":"none"}""", "sections")]
    public async Task A_preview_for_nobody_there_is_is_refused_by_name(string json, string field)
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "member");
        await (await gateway.NewSiteAsync()).SegmentAsync("unknown", "member");
        var id = (await site.AddTemplateAsync("order")).Id;

        var refused = await site.RawAsync(HttpMethod.Post, $"/v1/templates/{id}/preview", json);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Json["errors"]![field]);
    }

    [Fact]
    public async Task The_matrix_says_who_sees_what_without_asking_anybody()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("loyal", "member and created < 6 months ago");
        await site.SegmentAsync("french", "country = \"FR\"");
        await site.SegmentAsync("german", "country = \"DE\"");
        await site.SegmentAsync("unused", "member");
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "s",
                    Sections
                        + "{% section \"Berlin\", segment: \"german\" %}B{% section \"Never\", segment: \"french\" %}N{% endsection %}{% "
                        + "endsection %}",
                    "t"
                )
            )
        ).Id;

        var answer = (await site.TemplateAsync(HttpMethod.Get, id, "sections", scope: "read")).Json;

        Assert.Equal(["loyal", "french", "german"], answer["segments"]!.AsArray().Select(one => (string?)one!["key"]));
        Assert.Equal(
            [
                "Promotion: loyal always, french depends, german depends, - never",
                "Paris in Promotion: loyal depends, french depends, german never, - never",
                "All: loyal always, french always, german always, - always",
                "Berlin: loyal depends, french never, german always, - never",
                "Never in Berlin: loyal never, french never, german never, - never",
            ],
            answer["sections"]!
                .AsArray()
                .Select(row =>
                    $"{row!["name"]}{(row["inside"] is { } inside ? $" in {inside}" : "")}: "
                    + string.Join(", ", row["seenBy"]!.AsArray().Select(one => $"{one!["segment"] ?? "-"} {one["seen"]}"))
                )
        );
    }

    [Fact]
    public async Task The_matrix_of_another_site_and_of_no_version_is_not_there()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await (await gateway.NewSiteAsync()).TemplateAsync(HttpMethod.Get, id, "sections")).Status
        );
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Get, id, "sections?version=published")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Get, id, "sections?language=xx")).Status);
    }
}
