using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Templates;

/// <summary>Templates and their versions: added, saved, published, brought back, deleted.</summary>
[Trait("Database", "both")]
public sealed class TemplateHistoryTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_draft_is_published_archived_by_the_next_and_brought_back()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("order", words: Words("One"));

        await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words("Two"));
        await site.TemplateAsync(HttpMethod.Post, id, "drafts/en/publish");
        var restored = await site.TemplateAsync(HttpMethod.Post, id, "versions/en/1/restore");
        var read = await site.TemplateAsync(HttpMethod.Get, id, scope: "read");

        Assert.Equal(
            ("One", "draft", 3),
            ((string?)restored.Json["subject"], (string?)restored.Json["state"], (int)restored.Json["number"]!)
        );
        Assert.Equal(
            ["3 draft", "2 published", "1 archived"],
            read.Json["versions"]!.AsArray().Select(version => $"{version!["number"]} {version["state"]}")
        );
        Assert.Equal(site.Keys.ClientId, (string?)read.Json["versions"]![0]!["author"]);
        Assert.Equal(
            "Two",
            (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/published", scope: "read")).Json["subject"]
        );
        Assert.Equal("One", (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/draft", scope: "read")).Json["subject"]);
    }

    [Fact]
    public async Task There_is_one_draft_for_each_language_and_it_can_be_thrown_away()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("One"))).Id;

        var saved = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(at => site.TemplateAsync(HttpMethod.Put, id, "drafts/fr", Words($"Un {at}")))
        );
        var gone = await site.TemplateAsync(HttpMethod.Delete, id, "drafts/en");

        Assert.All(saved, one => Assert.True(one.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, one.Text));
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Delete, id, "drafts/en")).Status);
        var version = Assert.Single((await site.TemplateAsync(HttpMethod.Get, id)).Json["versions"]!.AsArray());
        Assert.Equal(("fr", 1), ((string?)version!["language"], (int)version["number"]!));
    }

    [Theory]
    [InlineData("confirmation", "en", "Confirm my subscription")]
    [InlineData("confirmation", "de", "Anmeldung bestätigen")]
    [InlineData("welcome", "fr", "Voir mes préférences")]
    [InlineData("email", "es", "le ha enviado este correo")]
    [InlineData("sms", "it", "il Suo codice è {{ vars.code }}")]
    public async Task It_begins_as_a_copy_of_the_built_in_one_and_can_be_published_untouched(string kind, string language, string words)
    {
        var site = await gateway.NewSiteAsync();

        var id = await site.PublishedAsync("mine", kind, language: language);

        Assert.Contains(
            words,
            (await site.TemplateAsync(HttpMethod.Get, id, $"versions/{language}/published")).Text.Replace("\\u0027", "'"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("email", "", "<p>x</p>", "x", "subject")]
    [InlineData("email", "x", " ", "x", "html")]
    [InlineData("email", "x", "<p>x</p>", "", "text")]
    [InlineData("confirmation", "x", "<p>x</p>", "{{ links.confirm }}", "html")]
    [InlineData("welcome", "x", "<p>{{ links.unsubscribe }}</p>", "x", "text")]
    [InlineData("sms", "x", "<p>x</p>", "", "text")]
    [InlineData("email", "x", "{% for i in (1..9000) %}{% for j in (1..9000) %}{{ i }}{% endfor %}{% endfor %}", "x", "html")]
    public async Task What_cannot_be_sent_can_be_saved_but_not_published(
        string kind,
        string subject,
        string html,
        string text,
        string part
    )
    {
        var site = await gateway.NewSiteAsync();
        var added = await site.AddTemplateAsync("order", kind, Words(subject, html, text));

        var refused = await site.TemplateAsync(HttpMethod.Post, added.Id, "drafts/en/publish");

        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Json["errors"]![part]);
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_saved_and_the_place_is_told()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order", words: Words("One"))).Id;

        var refused = await site.TemplateAsync(
            HttpMethod.Put,
            id,
            "drafts/en",
            Words("{{ vars.x | upcsae }}", "<p>\n{% if vars.a %}\n</p>")
        );

        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (refused.Status, refused.Code));
        Assert.Equal(
            "Line 1, column 13: There is no filter \"upcsae\". Is upcase meant?",
            (string?)refused.Json["errors"]!["subject"]![0]
        );
        Assert.Equal(
            """{"part":"html","line":3,"column":5,"message":"\u0027{% endif %}\u0027 was expected, but the text ends here.","code":"invalid"}""",
            refused.Json["locations"]![1]!.ToJsonString()
        );
        Assert.Equal("One", (string?)(await site.TemplateAsync(HttpMethod.Get, id, "versions/en/draft")).Json["subject"]);
    }

    [Theory]
    [InlineData("Order", "email", "key")]
    [InlineData("plain", "email", "key")]
    [InlineData("a b", "email", "key")]
    [InlineData("", "email", "key")]
    [InlineData("order", "letter", "kind")]
    public async Task A_key_is_short_and_a_kind_known(string key, string kind, string field)
    {
        var site = await gateway.NewSiteAsync();

        var refused = await site.AddTemplateAsync(key, kind);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.NotNull(refused.Json["errors"]![field]);
    }

    [Fact]
    public async Task A_key_is_one_templates_alone()
    {
        var site = await gateway.NewSiteAsync();
        await site.AddTemplateAsync("order");

        var again = await site.AddTemplateAsync("order");
        var elsewhere = await (await gateway.NewSiteAsync()).AddTemplateAsync("order");

        Assert.Equal((HttpStatusCode.Conflict, "key_taken"), (again.Status, again.Code));
        Assert.Equal(HttpStatusCode.Created, elsewhere.Status);
    }

    [Fact]
    public async Task Another_sites_template_does_not_exist()
    {
        var mine = await gateway.NewSiteAsync();
        var id = await mine.PublishedAsync("order", words: Words("One"));
        var other = await gateway.NewSiteAsync();

        (HttpMethod Method, string? Path, JsonNode? Body)[] calls =
        [
            (HttpMethod.Get, null, null),
            (HttpMethod.Put, null, new JsonObject { ["name"] = "x" }),
            (HttpMethod.Delete, null, null),
            (HttpMethod.Get, "versions/en/1", null),
            (HttpMethod.Put, "drafts/en", Words()),
            (HttpMethod.Delete, "drafts/en", null),
            (HttpMethod.Post, "drafts/en/publish", null),
            (HttpMethod.Post, "versions/en/1/restore", null),
            (HttpMethod.Put, "samples/a", new JsonObject()),
            (HttpMethod.Delete, "samples/a", null),
            (HttpMethod.Post, "preview", new JsonObject()),
            (HttpMethod.Post, "test", new JsonObject { ["to"] = "ada@example.org" }),
        ];
        foreach (var (method, path, body) in calls)
        {
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), await Of(other.TemplateAsync(method, id, path, body)));
        }

        Assert.DoesNotContain(id, (await other.AuthorizedAsync(HttpMethod.Get, "/v1/templates")).Text, StringComparison.Ordinal);

        static async Task<(HttpStatusCode, string?)> Of(Task<Answer> call) =>
            (await call) is var answer ? (answer.Status, answer.Code) : default;
    }

    [Fact]
    public async Task It_is_deleted_with_everything_unless_a_list_uses_it()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.PublishedAsync("ours", "confirmation");
        await site.TemplateAsync(HttpMethod.Put, id, "samples/one", new JsonObject());
        await site.UseAsync(confirmation: "ours");

        var refused = await site.TemplateAsync(HttpMethod.Delete, id);
        var lists = (await site.TemplateAsync(HttpMethod.Get, id)).Json["lists"]!.AsArray().Select(list => (string?)list);
        await site.UseAsync(confirmation: "off");
        var deleted = await site.TemplateAsync(HttpMethod.Delete, id);

        Assert.Equal((HttpStatusCode.Conflict, "in_use"), (refused.Status, refused.Code));
        Assert.Equal([site.ListId], lists);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.TemplateAsync(HttpMethod.Get, id)).Status);
    }

    [Fact]
    public async Task A_list_names_a_template_of_its_site_and_of_the_right_kind_only()
    {
        var site = await gateway.NewSiteAsync();
        await site.AddTemplateAsync("hello", "welcome");
        await (await gateway.NewSiteAsync()).AddTemplateAsync("theirs", "confirmation");

        Assert.IsType<Result<ContactList>.Refused>(await site.UseAsync(confirmation: "hello"));
        Assert.IsType<Result<ContactList>.Refused>(await site.UseAsync(confirmation: "theirs"));
        Assert.IsType<Result<ContactList>.Done>(await site.UseAsync(welcome: "hello"));
    }

    [Fact]
    public async Task It_gets_another_name()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        var renamed = await site.TemplateAsync(HttpMethod.Put, id, body: new JsonObject { ["name"] = " Order shipped 🚚 " });
        var refused = await site.TemplateAsync(HttpMethod.Put, id, body: new JsonObject { ["name"] = "" });

        Assert.Equal(("Order shipped 🚚", "order"), ((string?)renamed.Json["name"], (string?)renamed.Json["key"]));
        Assert.NotNull(refused.Json["errors"]!["name"]);
    }

    [Fact]
    public async Task Nobody_without_the_scope_changes_anything()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.AddTemplateAsync("order")).Id;

        Assert.Equal(HttpStatusCode.Forbidden, (await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", Words(), "read")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.TemplateAsync(HttpMethod.Post, id, "preview", new JsonObject(), "contacts")).Status
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Post, "/v1/templates", new JsonObject(), "sms")).Status
        );
    }
}
