using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Imports;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Importing;

/// <summary>What operators and scripts do with imports.</summary>
internal static class ImportCalls
{
    public const string Source = "Paper forms, spring fair 2025";

    public static Task<CommandResult> CommandAsync(this GatewayUnderTest gateway, params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);

    /// <summary>Starts an import of a file by the command, and waits for its end.</summary>
    public static async Task<JsonNode> ImportAsync(this SiteUnderTest site, byte[] file, params string[] arguments) =>
        await site.EndedAsync(await site.StartAsync(file, arguments));

    public static Task<JsonNode> ImportAsync(this SiteUnderTest site, string file, params string[] arguments) =>
        site.ImportAsync(Encoding.UTF8.GetBytes(file), arguments);

    /// <summary>For a file with a source, and the day on which all agreed.</summary>
    public static Task<JsonNode> ImportProvenAsync(this SiteUnderTest site, string file, params string[] arguments) =>
        site.ImportAsync(file, ["--source", Source, "--consent-on", "2025-04-03", .. arguments]);

    /// <returns>The import's id.</returns>
    public static async Task<string> StartAsync(this SiteUnderTest site, byte[] file, params string[] arguments)
    {
        var started = await site.TryStartAsync(file, arguments);
        Assert.True(started.Code == 0, started.Error);
        return started.Json.GetProperty("id").GetString()!;
    }

    public static async Task<CommandResult> TryStartAsync(this SiteUnderTest site, byte[] file, params string[] arguments)
    {
        var path = Path.Combine(Path.GetTempPath(), $"import-{Guid.CreateVersion7():N}.csv");
        await File.WriteAllBytesAsync(path, file);
        try
        {
            return await site.Gateway.CommandAsync([
                "import",
                "start",
                path,
                "--site",
                site.PublicId,
                "--list",
                site.ListId,
                "--json",
                .. arguments,
            ]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static async Task<JsonNode> EndedAsync(this SiteUnderTest site, string id) =>
        await Eventually.BecomesAsync(
            () => site.StatusAsync(id),
            import => (string?)import["state"] is "ended" or "undone" || import["failure"] is not null
        );

    public static async Task<JsonNode> StatusAsync(this SiteUnderTest site, string id) =>
        JsonNode.Parse((await site.Gateway.CommandAsync("import", "status", id, "--json")).Output)!;

    /// <summary>Rows that were not taken, as <c>line: reason</c>.</summary>
    public static async Task<List<string>> ErrorsAsync(this SiteUnderTest site, JsonNode import) =>
        [
            .. JsonNode
                .Parse((await site.Gateway.CommandAsync("import", "errors", (string)import["id"]!, "--json")).Output)!
                .AsArray()
                .Select(row => $"{row!["line"]}: {row["reason"]}"),
        ];

    /// <summary>How many of each kind there are.</summary>
    public static (int Subscribed, int Asked, int Known, int Suppressed, int Refused) Counts(this JsonNode import) =>
        ((int)import["subscribed"]!, (int)import["asked"]!, (int)import["known"]!, (int)import["suppressed"]!, (int)import["refused"]!);

    public static Task<int> CountPiecesAsync(this SiteUnderTest site, string id)
    {
        var importId = PublicId.Parse(PublicId.Import, id)!.Value;
        return site.Gateway.InDatabaseAsync(db => db.ImportPieces.CountAsync(piece => piece.ImportId == importId));
    }

    /// <summary>Sends a file as a script does.</summary>
    public static async Task<Answer> UploadAsync(
        this SiteUnderTest site,
        byte[] file,
        string query = "",
        string? scope = "imports",
        string mediaType = "text/csv"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/imports" + query)
        {
            Content = new ByteArrayContent(file) { Headers = { ContentType = new(mediaType) } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await site.TokenAsync(scope));
        using var response = await site.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public static Task<Answer> CallAsync(this SiteUnderTest site, HttpMethod method, string path, JsonNode? body = null) =>
        site.AuthorizedAsync(method, "/v1/imports" + path, body, "imports");
}
