using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Connections;

/// <summary>A site's connections, as a script makes and changes them.</summary>
internal static class ConnectionCalls
{
    public static Task<Answer> ConnectionsAsync(this SiteUnderTest site, HttpMethod method, string path = "", JsonNode? body = null) =>
        site.AuthorizedAsync(method, $"/v1/connections{path}", body, Scopes.Connections);

    public static JsonObject NewConnection(string provider, string settings, string kind = "list", string name = "Ours") =>
        new()
        {
            ["kind"] = kind,
            ["provider"] = provider,
            ["name"] = name,
            ["settings"] = JsonNode.Parse(settings),
        };

    /// <returns>The connection's id, <c>conn_…</c>.</returns>
    public static async Task<string> ConnectedAsync(
        this SiteUnderTest site,
        string provider,
        string settings,
        string kind = "list",
        string name = "Ours"
    )
    {
        var added = await site.ConnectionsAsync(HttpMethod.Post, body: NewConnection(provider, settings, kind, name));
        Assert.Equal((HttpStatusCode.Created, ""), (added.Status, added.Status == HttpStatusCode.Created ? "" : added.Text));
        return (string)added.Json["id"]!;
    }

    /// <summary>The same behind the API's back, without a try.</summary>
    public static async Task<Connection> ConnectAsync(this SiteUnderTest site, ConnectionKind kind, string provider, string settings)
    {
        var added = await site.Gateway.InScopeAsync<ConnectionStore, Result<Connection>>(connections =>
            connections.AddAsync(
                new(site.Id, kind, provider, provider, (JsonObject)JsonNode.Parse(settings)!, IsTested: false),
                "test",
                CancellationToken.None
            )
        );
        return added.IsRefused(out var why, out var row) ? throw new InvalidOperationException(why.Message) : row;
    }
}
