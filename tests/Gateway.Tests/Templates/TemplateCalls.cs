using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Templates;

/// <summary>What scripts do with templates.</summary>
internal static class TemplateCalls
{
    public const string Html =
        "<!doctype html><html><head><style>p { color: #333333; }</style></head><body><p>Hello {{ vars.name }}</p></body></html>";

    public static JsonObject Words(
        string subject = "Order {{ vars.order.number }}",
        string html = Html,
        string text = "Hello {{ vars.name }}",
        string preheader = ""
    ) =>
        new()
        {
            ["subject"] = subject,
            ["preheader"] = preheader,
            ["html"] = html,
            ["text"] = text,
        };

    public static JsonObject SmsWords(string text) => new() { ["text"] = text };

    /// <param name="words">The first draft; a copy of the built-in one when null.</param>
    public static Task<Answer> AddTemplateAsync(
        this SiteUnderTest site,
        string key,
        string kind = "email",
        JsonObject? words = null,
        string? language = null
    )
    {
        var body = new JsonObject
        {
            ["key"] = key,
            ["kind"] = kind,
            ["name"] = "A template",
        };
        if (words is not null)
        {
            body["source"] = words;
        }

        if (language is not null)
        {
            body["language"] = language;
        }

        return site.AuthorizedAsync(HttpMethod.Post, "/v1/templates", body, "mail");
    }

    /// <summary>Added and published.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PublishedAsync(
        this SiteUnderTest site,
        string key,
        string kind = "email",
        JsonObject? words = null,
        string language = "en"
    )
    {
        var added = await site.AddTemplateAsync(key, kind, words, language);
        Assert.Equal(HttpStatusCode.Created, added.Status);
        var published = await site.TemplateAsync(HttpMethod.Post, added.Id, $"drafts/{language}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
        return added.Id;
    }

    public static Task<Answer> TemplateAsync(
        this SiteUnderTest site,
        HttpMethod method,
        string id,
        string? path = null,
        JsonNode? body = null,
        string scope = "mail"
    ) => site.AuthorizedAsync(method, $"/v1/templates/{id}{(path is null ? "" : "/" + path)}", body, scope);

    public static Task<Answer> PreviewAsync(this SiteUnderTest site, string id, JsonObject? body = null) =>
        site.TemplateAsync(HttpMethod.Post, id, "preview", body ?? []);

    public static async Task<JsonNode> PreviewOfAsync(
        this SiteUnderTest site,
        string id,
        string html,
        JsonObject? vars = null,
        string text = "x"
    ) =>
        (
            await site.PreviewAsync(
                id,
                new()
                {
                    ["source"] = Words("s", html, text),
                    ["values"] = new JsonObject { ["vars"] = vars ?? [] },
                }
            )
        ).Json;

    public static string[] Messages(this JsonNode answer, string member) =>
        [.. answer[member]!.AsArray().Select(one => one is JsonValue ? (string)one! : (string)one!["message"]!)];
}

/// <summary>What an operator does at the command line.</summary>
internal static class ListSettingsCalls
{
    public static Task<Result<ContactList>> UseAsync(
        this SiteUnderTest site,
        string? confirmation = null,
        string? welcome = null,
        bool? sends = null
    ) =>
        site.Gateway.InScopeAsync<Gateway.Features.Lists.ConfigureLists, Result<ContactList>>(book =>
            book.ChangeAsync(site.List.Id, new(null, null, sends, confirmation, welcome), CancellationToken.None)
        );
}
