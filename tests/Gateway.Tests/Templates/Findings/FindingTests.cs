using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Gateway.Tests.Templates.Segments;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Findings;

/// <summary>What is found about a template, and what somebody decided to live with.</summary>
public sealed class FindingTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    private static Task<Answer> MuteAsync(
        SiteUnderTest site,
        string id,
        string finding,
        string? note = "The brand is called so.",
        string scope = "mail"
    ) => site.TemplateAsync(HttpMethod.Put, id, $"mutes/{finding}", new JsonObject { ["note"] = note }, scope);

    private static Dictionary<string, JsonNode?> ById(JsonNode answer) =>
        answer["findings"]!
            .AsArray()
            .DistinctBy(one => (string)one!["id"]!)
            .ToDictionary(one => (string)one!["id"]!, one => one!["muted"]);

    [Fact]
    public async Task What_is_found_is_answered_with_every_save_until_it_is_muted()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("Your casino order {{ vars.order.number }}"))).Id;

        var before = ById((await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Your casino order"))).Json);
        var muted = await MuteAsync(site, id, "spam-word%3Acasino");
        var saved = ById((await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Your casino order"))).Json);
        var published = (await site.TemplateAsync(HttpMethod.Post, id, "drafts/en/publish")).Json;
        var all = (await site.TemplateAsync(HttpMethod.Get, id, "findings", scope: "read")).Json;
        var preview = (await site.PreviewAsync(id)).Json;

        Assert.Contains("spam-word:casino", before.Keys);
        Assert.Equal(HttpStatusCode.OK, muted.Status);
        Assert.DoesNotContain("spam-word:casino", saved.Keys);
        Assert.Equal(before.Keys.Except(["spam-word:casino"]), saved.Keys);
        Assert.DoesNotContain("spam-word:casino", ById(published).Keys);
        Assert.Equal(("en", 1), ((string?)all["language"], (int?)all["version"]));
        Assert.Equal(
            ("The brand is called so.", site.Keys.ClientId),
            ((string?)ById(all)["spam-word:casino"]!["note"], (string?)ById(all)["spam-word:casino"]!["author"])
        );
        Assert.Equal("The brand is called so.", (string?)ById(preview)["spam-word:casino"]!["note"]);
    }

    [Fact]
    public async Task A_muted_finding_is_heard_again_when_somebody_wants()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("Your casino order"))).Id;
        await MuteAsync(site, id, "spam-word:casino");
        await MuteAsync(site, id, "spam-word:casino", " Otherwise ");

        var renamed = ById((await site.TemplateAsync(HttpMethod.Get, id, "findings")).Json);
        var unmuted = await site.TemplateAsync(HttpMethod.Delete, id, "mutes/spam-word:casino");
        var again = await site.TemplateAsync(HttpMethod.Delete, id, "mutes/spam-word:casino");

        Assert.Equal("Otherwise", (string?)renamed["spam-word:casino"]!["note"]);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (unmuted.Status, again.Status));
        Assert.Null(ById((await site.TemplateAsync(HttpMethod.Get, id, "findings")).Json)["spam-word:casino"]);
    }

    [Fact]
    public async Task A_section_that_nobody_can_see_is_a_finding_which_can_be_muted()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("nobody", "country = \"FR\" and country = \"DE\"");
        await site.SegmentAsync("french", "country = \"FR\"");
        await site.SegmentAsync("german", "country = \"DE\"");
        await site.SegmentAsync("fine", "country = \"FR\" or member");
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    text: "{% section \"A/B\", segment: \"nobody\" %}1{% endsection %}{% section \"Outer\", segment: \"french\" %}2{% "
                        + "section \"Inner\", segment: \"german\" %}3{% endsection %}{% endsection %}{% section \"Fine\", segment: "
                        + "\"fine\" %}4{% endsection %}"
                )
            )
        ).Id;

        var found = (await site.TemplateAsync(HttpMethod.Get, id, "findings")).Json["findings"]!
            .AsArray()
            .Where(one => (string?)one!["family"] == "section")
            .ToList();
        var muted = await MuteAsync(site, id, "section-unseen%3AA%2FB", "For later.");

        Assert.Equal(
            [
                "section-unseen:A/B warning text Nobody can see the section “A/B”: the condition of “nobody” is true for no reader of such "
                    + "a message.",
                "section-unseen:Inner warning text Nobody can see the section “Inner”: nobody belongs to “french” and “german” at once.",
            ],
            found.Select(one => $"{one!["id"]} {one["severity"]} {one["place"]} {one["reason"]}")
        );
        Assert.Equal(HttpStatusCode.OK, muted.Status);
        Assert.NotNull(ById((await site.TemplateAsync(HttpMethod.Get, id, "findings")).Json)["section-unseen:A/B"]);
    }

    [Fact]
    public async Task An_sms_has_no_sections_for_people_it_cannot_know()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("french", "country = \"FR\" or member");
        await site.SegmentAsync("large", "vars.total > 100");
        var id = (
            await site.AddTemplateAsync(
                "code",
                "sms",
                SmsWords(
                    "{% section \"F\", segment: \"french\" %}a{% endsection %}{% section \"L\", segment: \"large\" %}b{% endsection %}"
                )
            )
        ).Id;

        var found = (await site.TemplateAsync(HttpMethod.Get, id, "findings")).Json["findings"]!
            .AsArray()
            .Select(one => (string)one!["id"]!);

        Assert.Equal(["section-unseen:F"], found.Where(one => one.StartsWith("section", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_whole_message_is_looked_at_with_every_section_and_words_for_what_is_missing()
    {
        var site = await gateway.NewSiteAsync();
        await site.SegmentAsync("nobody", "country = \"XX\"");
        var id = (
            await site.AddTemplateAsync(
                "order",
                words: Words(
                    "{{ vars.subject }}",
                    "<html><body>{% section \"S\", segment: \"nobody\" %}<p>casino</p>{% endsection %}<a href=\"{{ vars.order.url }}\">See "
                        + "your order</a></body></html>",
                    "See {{ vars.order.url }}"
                )
            )
        ).Id;

        var preview = (await site.PreviewAsync(id)).Json;

        Assert.DoesNotContain("casino", (string?)preview["html"], StringComparison.Ordinal);
        Assert.Contains("spam-word:casino", ById(preview).Keys);
        Assert.DoesNotContain("subject-missing", ById(preview).Keys);
    }

    [Theory]
    [InlineData("spam-word:casino", null, "note")]
    [InlineData("spam-word:casino", "", "note")]
    [InlineData("spam-word:casino", "  ", "note")]
    [InlineData("spam-word:casino", "line\nbreak", "note")]
    [InlineData("spam-word:casino", "long", "note")]
    [InlineData("long", "note", "findingId")]
    public async Task What_cannot_be_a_mute_is_refused_by_name(string finding, string? note, string field)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var refused = await MuteAsync(
            site,
            id,
            finding == "long" ? new string('x', 201) : finding,
            note == "long" ? new string('x', 201) : note
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.True(refused.Json["errors"]?[field] is not null, refused.Text);
    }

    [Fact]
    public async Task Findings_and_mutes_of_another_site_are_not_there()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;
        var other = await gateway.NewSiteAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await other.TemplateAsync(HttpMethod.Get, id, "findings")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await MuteAsync(other, id, "spam-word:casino")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.TemplateAsync(HttpMethod.Delete, id, "mutes/spam-word:casino")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await MuteAsync(site, id, "spam-word:casino", scope: "read")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Get, id, "findings?version=7")).Status);
    }
}
