using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates.Segments;

/// <summary>What scripts do with segments.</summary>
internal static class SegmentCalls
{
    public static Task<Answer> AddSegmentAsync(this SiteUnderTest site, string key, string condition, string? name = null) =>
        site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/segments",
            new JsonObject
            {
                ["key"] = key,
                ["condition"] = condition,
                ["name"] = name,
            },
            "mail"
        );

    /// <returns>Its id.</returns>
    public static async Task<string> SegmentAsync(this SiteUnderTest site, string key, string condition)
    {
        var added = await site.AddSegmentAsync(key, condition);
        Assert.True(added.Status == HttpStatusCode.Created, added.Text);
        return added.Id;
    }

    public static Task<Answer> SegmentAsync(
        this SiteUnderTest site,
        HttpMethod method,
        string id,
        JsonNode? body = null,
        string scope = "mail"
    ) => site.AuthorizedAsync(method, $"/v1/segments/{id}", body, scope);

    /// <summary>Somebody who is on the site's list.</summary>
    /// <returns>The contact's id.</returns>
    public static async Task<string> MemberAsync(this SiteUnderTest site, string address, string country) =>
        (await site.ProveAsync(address, body => body["properties"] = new JsonObject { ["country"] = country })).Id;

    public static async Task<IReadOnlyList<string>> FaultsOfAsync(this SiteUnderTest site, string id, JsonObject words)
    {
        var refused = await site.TemplateAsync(HttpMethod.Put, id, "drafts/en", words);
        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (refused.Status, refused.Code));
        return
        [
            .. refused.Json["locations"]!
                .AsArray()
                .Select(error => $"{error!["part"]} {error["line"]}:{error["column"]} {error["message"]}"),
        ];
    }
}
