using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates.Segments;

/// <summary>/v1/segments: described, changed, and kept as long as a template names them.</summary>
public sealed class SegmentTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_segment_is_added_changed_and_deleted()
    {
        var site = await gateway.NewSiteAsync();
        var added = await site.AddSegmentAsync("loyal", "member and created < 6 months ago", "Loyal readers");
        await site.SegmentAsync("french", "country = \"FR\"");

        var listed = await site.AuthorizedAsync(HttpMethod.Get, "/v1/segments?limit=1", scope: "read");
        var changed = await site.SegmentAsync(HttpMethod.Put, added.Id, new JsonObject { ["condition"] = "member" });
        var read = await site.SegmentAsync(HttpMethod.Get, added.Id);
        var deleted = await site.SegmentAsync(HttpMethod.Delete, added.Id);

        Assert.Equal((HttpStatusCode.Created, $"/v1/segments/{added.Id}"), (added.Status, added.Headers.Location?.OriginalString));
        Assert.Equal(["loyal"], listed.Json["items"]!.AsArray().Select(one => (string?)one!["key"]));
        Assert.Equal(added.Id, (string?)listed.Json["next"]);
        Assert.Equal(
            ("loyal", "Loyal readers", "member"),
            ((string?)changed.Json["key"], (string?)changed.Json["name"], (string?)changed.Json["condition"])
        );
        Assert.Equal("member", (string?)read.Json["condition"]);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.SegmentAsync(HttpMethod.Get, added.Id)).Status);
    }

    [Theory]
    [InlineData("{}", "invalid_request", "key")]
    [InlineData("""{"key":"Loyal","condition":"member"}""", "invalid_request", "key")]
    [InlineData("""{"key":"loyal","condition":"member","name":" "}""", "invalid_request", "name")]
    [InlineData("""{"key":"loyal"}""", "segment_invalid", "condition")]
    [InlineData("""{"key":"loyal","condition":"country = \"FR\"\n and city"}""", "segment_invalid", "condition")]
    [InlineData("""{"key":"loyal","condition":"a = \"\u0000\""}""", "segment_invalid", "condition")]
    [InlineData("""{"key":"loyal","condition":"member of \"Nobody's\""}""", "segment_invalid", "condition")]
    public async Task What_cannot_be_a_segment_is_refused_by_name(string json, string code, string field)
    {
        var site = await gateway.NewSiteAsync();

        var refused = await site.RawAsync(HttpMethod.Post, "/v1/segments", json);

        Assert.Equal((HttpStatusCode.BadRequest, code), (refused.Status, refused.Code));
        Assert.NotNull(refused.Json["errors"]![field]);
    }

    [Fact]
    public async Task A_fault_of_a_condition_has_its_place_and_a_change_with_one_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.SegmentAsync("loyal", "member");

        var refused = await site.SegmentAsync(
            HttpMethod.Put,
            id,
            new JsonObject { ["name"] = "Other", ["condition"] = "member\nand of" }
        );

        Assert.Equal("segment_invalid", refused.Code);
        Assert.Equal(
            """[{"part":"condition","line":2,"column":5,"message":"A condition is missing behind \u201Cand\u201D.","code":"invalid"}]""",
            refused.Json["locations"]!.ToJsonString()
        );
        Assert.Equal(
            ("loyal", "member"),
            await site.SegmentAsync(HttpMethod.Get, id) is var read
                ? ((string?)read.Json["name"], (string?)read.Json["condition"])
                : default
        );
    }

    [Fact]
    public async Task A_key_belongs_to_one_segment_of_a_site()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = await site.SegmentAsync("loyal", "member");

        var taken = await site.AddSegmentAsync("loyal", "member");
        await other.SegmentAsync("loyal", "member");

        Assert.Equal((HttpStatusCode.Conflict, "key_taken"), (taken.Status, taken.Code));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await other.SegmentAsync(method, id, method == HttpMethod.Put ? new JsonObject() : null)).Status
            );
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await site.SegmentAsync(HttpMethod.Delete, id, scope: "read")).Status);
    }

    [Fact]
    public async Task A_segment_that_a_draft_or_what_is_published_names_stays()
    {
        var site = await gateway.NewSiteAsync();
        var segment = await site.SegmentAsync("loyal", "member");
        var words = Words(text: "{% section \"Code\", segment: \"loyal\" %}Only you{% endsection %} loyal");
        var template = (await site.AddTemplateAsync("order", words: words)).Id;

        var inDraft = await site.SegmentAsync(HttpMethod.Delete, segment);
        await site.TemplateAsync(HttpMethod.Post, template, "drafts/en/publish");
        var inPublished = await site.SegmentAsync(HttpMethod.Delete, segment);
        var read = await site.SegmentAsync(HttpMethod.Get, segment);
        await site.TemplateAsync(HttpMethod.Put, template, "drafts/en", Words(text: "loyal"));
        await site.TemplateAsync(HttpMethod.Post, template, "drafts/en/publish");
        var free = await site.SegmentAsync(HttpMethod.Delete, segment);
        var restored = await site.TemplateAsync(HttpMethod.Post, template, "versions/en/1/restore");

        Assert.Equal((HttpStatusCode.Conflict, "in_use"), (inDraft.Status, inDraft.Code));
        Assert.Equal((HttpStatusCode.Conflict, "in_use"), (inPublished.Status, inPublished.Code));
        Assert.Equal([template], read.Json["templates"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(HttpStatusCode.NoContent, free.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (restored.Status, restored.Code));
    }

    [Fact]
    public async Task A_segment_is_never_deleted_from_under_a_draft_that_is_being_saved()
    {
        var site = await gateway.NewSiteAsync();
        var template = (await site.AddTemplateAsync("order")).Id;
        for (var round = 0; round < 5; round++)
        {
            var segment = await site.SegmentAsync("loyal", "member");
            var saving = site.TemplateAsync(
                HttpMethod.Put,
                template,
                "drafts/en",
                Words(text: "{% section \"Code\", segment: \"loyal\" %}x{% endsection %}")
            );
            var deleting = site.SegmentAsync(HttpMethod.Delete, segment);
            var (saved, deleted) = (await saving, await deleting);

            Assert.True(
                (saved.Status == HttpStatusCode.OK) != (deleted.Status == HttpStatusCode.NoContent),
                $"{saved.Status} {deleted.Status}"
            );
            await site.TemplateAsync(HttpMethod.Put, template, "drafts/en", Words());
            await site.SegmentAsync(HttpMethod.Delete, segment);
        }
    }
}
