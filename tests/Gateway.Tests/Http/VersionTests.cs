using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Templates;
using Gateway.Tests.Templates.Segments;

namespace Gateway.Tests.Http;

/// <summary>Of two programs that change the same thing, the second hears that the first was there, if it asks to.</summary>
[Trait("Database", "both")]
public sealed class VersionTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("hook")]
    [InlineData("connection")]
    [InlineData("template")]
    [InlineData("draft")]
    [InlineData("segment")]
    public async Task What_somebody_else_changed_since_is_not_changed_or_deleted(string what)
    {
        var site = await gateway.NewSiteAsync();
        var thing = await ThingAsync(site, what);

        var seen = await thing.ReadAsync();
        var first = await thing.ChangeAsync("first", seen.Tag);
        var late = await thing.ChangeAsync("late", seen.Tag);
        var gone = await thing.DeleteAsync(seen.Tag);

        Assert.Matches("^\"[0-9a-f]{32}\"$", seen.Tag);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "changed_meanwhile"), (late.Status, late.Code));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "changed_meanwhile"), (gone.Status, gone.Code));
        var now = await thing.ReadAsync();
        Assert.NotEqual(seen.Tag, now.Tag);
        Assert.Equal(first.Tag, now.Tag);
        Assert.Contains("first", now.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await thing.ChangeAsync("weak", "W/" + now.Tag)).Status);
        Assert.Equal(HttpStatusCode.OK, (await thing.ChangeAsync("any", "*")).Status);
        Assert.Equal(HttpStatusCode.OK, (await thing.ChangeAsync("unasked", null)).Status);
        var last = await thing.ReadAsync();
        Assert.Contains("unasked", last.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await thing.DeleteAsync($"\"other\", {last.Tag}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await thing.ReadAsync()).Status);
    }

    [Fact]
    public async Task A_draft_that_was_published_meanwhile_is_not_begun_anew()
    {
        var site = await gateway.NewSiteAsync();
        var draft = await ThingAsync(site, "draft");
        var seen = await draft.ReadAsync();
        await CallAsync(site, HttpMethod.Post, draft.Path + "/publish", null, "mail", null);

        Assert.Equal("changed_meanwhile", (await draft.ChangeAsync("late", seen.Tag)).Code);
        Assert.Equal(HttpStatusCode.OK, (await draft.ChangeAsync("anew", null)).Status);
    }

    [Fact]
    public async Task A_list_that_was_archived_since_is_not_archived_again()
    {
        var site = await gateway.NewSiteAsync();
        var path = $"/v1/lists/{site.ListId}";
        var seen = await CallAsync(site, HttpMethod.Get, path, null, "read", null);
        var archived = await CallAsync(site, HttpMethod.Post, path + "/archive", null, "contacts", seen.Tag);

        var late = await CallAsync(site, HttpMethod.Post, path + "/archive", null, "contacts", seen.Tag);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (archived.Status, late.Status));
        Assert.Equal(archived.Tag, (await CallAsync(site, HttpMethod.Get, path, null, "read", null)).Tag);
    }

    private static async Task<Thing> ThingAsync(SiteUnderTest site, string what)
    {
        switch (what)
        {
            case "hook":
                var hook = await site.HookAsync("subscription.confirmed", "https://receiver.example/old");
                return new(
                    site,
                    $"/v1/hooks/{hook}",
                    "hooks",
                    HttpMethod.Patch,
                    name => new() { ["url"] = $"https://receiver.example/{name}" }
                );
            case "connection":
                var added = await site.AuthorizedAsync(
                    HttpMethod.Post,
                    "/v1/connections",
                    new JsonObject
                    {
                        ["kind"] = "list",
                        ["provider"] = "brevo",
                        ["name"] = "Ours",
                        ["settings"] = new JsonObject { ["apiKey"] = "xkeysib-1" },
                        ["test"] = false,
                    },
                    "connections"
                );
                Assert.True(added.Status == HttpStatusCode.Created, added.Text);
                return new(site, $"/v1/connections/{added.Id}", "connections", HttpMethod.Patch, name => new() { ["name"] = name });
            case "segment":
                var segment = await site.SegmentAsync("loyal", "member");
                return new(site, $"/v1/segments/{segment}", "mail", HttpMethod.Put, name => new() { ["name"] = name });
            default:
                var template = (await site.AddTemplateAsync("order", words: TemplateCalls.Words())).Id;
                return what == "template"
                    ? new(site, $"/v1/templates/{template}", "mail", HttpMethod.Put, name => new() { ["name"] = name })
                    : new(site, $"/v1/templates/{template}/drafts/en", "mail", HttpMethod.Put, name => TemplateCalls.Words(subject: name))
                    {
                        ReadPath = $"/v1/templates/{template}/versions/en/draft",
                    };
        }
    }

    private static async Task<Tagged> CallAsync(
        SiteUnderTest site,
        HttpMethod method,
        string path,
        JsonNode? body,
        string scope,
        string? ifMatch
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await site.TokenAsync(scope));
        request.Content = body is null ? null : JsonContent.Create(body);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await site.Browser.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString());
    }

    private sealed record Tagged(HttpStatusCode Status, string Text, string? Tag)
    {
        public string? Code => (string?)JsonNode.Parse(Text)!["code"];
    }

    private sealed record Thing(SiteUnderTest Site, string Path, string Scope, HttpMethod Change, Func<string, JsonObject> Named)
    {
        public string? ReadPath { get; init; }

        public Task<Tagged> ReadAsync() => CallAsync(Site, HttpMethod.Get, ReadPath ?? Path, null, Scope, null);

        public Task<Tagged> ChangeAsync(string name, string? ifMatch) => CallAsync(Site, Change, Path, Named(name), Scope, ifMatch);

        public Task<Tagged> DeleteAsync(string? ifMatch) => CallAsync(Site, HttpMethod.Delete, Path, null, Scope, ifMatch);
    }
}
