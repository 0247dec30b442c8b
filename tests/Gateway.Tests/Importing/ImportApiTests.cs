using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Importing;

/// <summary>/v1/imports: a file is sent, looked at, begun, stopped and taken back by a script.</summary>
public sealed class ImportApiTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private byte[] File => Encoding.UTF8.GetBytes($"Mail;Town\nada@{domain};Turin\nbob@{domain};\n");

    [Fact]
    public async Task A_file_is_shown_before_anything_is_done_with_it_and_then_begun()
    {
        var site = await gateway.NewSiteAsync();

        var sent = await site.UploadAsync(File, "?name=members.csv");

        Assert.Equal(HttpStatusCode.Created, sent.Status);
        var import = sent.Json["import"]!;
        Assert.Equal(
            ("members.csv", "draft", "utf-8", ";", 2, 2),
            (
                (string?)import["name"],
                (string?)import["state"],
                (string?)import["encoding"],
                (string?)import["separator"],
                (int)import["rows"]!,
                (int)import["left"]!
            )
        );
        Assert.Equal(
            [("Mail", "email"), ("Town", null)],
            import["columns"]!.AsArray().Select(one => ((string)one!["name"]!, (string?)one["field"]))
        );
        Assert.Equal($"ada@{domain}", (string?)sent.Json["firstRows"]![0]!["cells"]![0]);
        Assert.Equal(0, await site.CountContactsAsync());

        var id = (string)import["id"]!;
        var begun = await site.CallAsync(
            HttpMethod.Post,
            $"/{id}/start",
            new JsonObject
            {
                ["list"] = site.ListId,
                ["optIn"] = "proven",
                ["source"] = ImportCalls.Source,
                ["consentOn"] = "2025-04-03",
                ["mapping"] = new JsonObject { ["Town"] = "city" },
            }
        );
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        Assert.Equal((2, 0, 0, 0, 0), (await site.EndedAsync(id)).Counts());
        Assert.Equal([id], (await site.CallAsync(HttpMethod.Get, "")).Json["items"]!.AsArray().Select(one => (string?)one!["id"]));
        Assert.Equal(site.Keys.ClientId, await ProvenByAsync(site));
    }

    [Theory]
    [InlineData("double", "somewhere", "so there is no source")]
    [InlineData("proven", null, "source is needed")]
    [InlineData(null, null, "optIn is proven or double")]
    public async Task What_is_meant_is_said_and_not_guessed(string? optIn, string? source, string told)
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.UploadAsync(File)).Json["import"]!["id"]!;

        var refused = await site.CallAsync(
            HttpMethod.Post,
            $"/{id}/start",
            new JsonObject
            {
                ["list"] = site.ListId,
                ["optIn"] = optIn,
                ["source"] = source,
            }
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(told, refused.Text, StringComparison.Ordinal);
        Assert.Equal("draft", (string?)(await site.StatusAsync(id))["state"]);
    }

    [Fact]
    public async Task A_token_has_the_scope_only_when_it_asked_for_it()
    {
        var site = await gateway.NewSiteAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await site.UploadAsync(File, scope: null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.UploadAsync(File, scope: "contacts")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Get, "/v1/exports/contacts", scope: "read")).Status
        );
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await site.UploadAsync(File, mediaType: "application/json")).Status);
    }

    [Fact]
    public async Task Another_site_finds_nothing_of_it()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = (string)(await site.UploadAsync(File)).Json["import"]!["id"]!;

        foreach (
            var (method, path) in new[] { ("GET", ""), ("GET", "/errors.csv"), ("POST", "/stop"), ("POST", "/undo"), ("DELETE", "") }
        )
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(new(method), $"/{id}{path}")).Status);
        }

        Assert.Empty((await other.CallAsync(HttpMethod.Get, "")).Json["items"]!.AsArray());
        var foreign = new JsonObject { ["list"] = other.ListId, ["optIn"] = "double" };
        Assert.Equal(HttpStatusCode.BadRequest, (await site.CallAsync(HttpMethod.Post, $"/{id}/start", foreign)).Status);
    }

    [Fact]
    public async Task A_file_can_be_forgotten_while_nothing_was_done_with_it()
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.UploadAsync(File)).Json["import"]!["id"]!;

        Assert.Equal("wrong_state", (await site.CallAsync(HttpMethod.Post, $"/{id}/undo")).Code);
        Assert.Equal(HttpStatusCode.NoContent, (await site.CallAsync(HttpMethod.Delete, $"/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.CallAsync(HttpMethod.Get, $"/{id}")).Status);
        Assert.Equal(0, await site.CountPiecesAsync(id));
    }

    [Fact]
    public async Task Files_that_nobody_begins_are_few()
    {
        var site = await gateway.NewSiteAsync();
        var sent = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => site.UploadAsync(File)));

        Assert.Equal(2, sent.Count(one => one.Status == HttpStatusCode.Conflict && one.Code == "too_many_drafts"));
        var drafts = sent.Where(one => one.Status == HttpStatusCode.Created).ToList();
        Assert.Equal(5, drafts.Count);
        await site.CallAsync(HttpMethod.Delete, $"/{drafts[0].Json["import"]!["id"]}");
        Assert.Equal(HttpStatusCode.Created, (await site.UploadAsync(File)).Status);
    }

    [Theory]
    [InlineData("", "The file has no rows.")]
    [InlineData("email\n", "The file has no rows.")]
    [InlineData("email\n\"ada@example.org", null)]
    public async Task A_file_without_people_is_refused_and_one_that_breaks_off_is_read_as_far_as_it_goes(string text, string? told)
    {
        var site = await gateway.NewSiteAsync();

        var sent = await site.UploadAsync(Encoding.UTF8.GetBytes(text));

        Assert.Equal(told is null ? HttpStatusCode.Created : HttpStatusCode.BadRequest, sent.Status);
        Assert.Contains(told ?? "ada@example.org", sent.Text, StringComparison.Ordinal);
        Assert.Equal(
            told is null ? 1 : 0,
            await gateway.InDatabaseAsync(db => db.Set<Features.Imports.Import>().CountAsync(row => row.SiteId == site.Id))
        );
    }

    [Fact]
    public async Task A_mapping_without_addresses_or_with_a_column_that_is_not_there_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.UploadAsync(File)).Json["import"]!["id"]!;

        async Task<string> TryAsync(string column, string? field) =>
            (
                await site.CallAsync(
                    HttpMethod.Post,
                    $"/{id}/start",
                    new JsonObject
                    {
                        ["list"] = site.ListId,
                        ["optIn"] = "double",
                        ["mapping"] = new JsonObject { [column] = field },
                    }
                )
            ).Text;

        Assert.Contains("One column must hold the addresses", await TryAsync("Mail", "-"), StringComparison.Ordinal);
        Assert.Contains("The file has no column", await TryAsync("Country", "city"), StringComparison.Ordinal);
        Assert.Contains("has 1 to 60 characters", await TryAsync("Town", new('x', 61)), StringComparison.Ordinal);
        Assert.Contains("mapping says nothing of", await TryAsync("Town", ""), StringComparison.Ordinal);
        Assert.Contains("mapping says nothing of", await TryAsync("#1", null), StringComparison.Ordinal);
        Assert.Contains("a column without a name", await TryAsync("", "city"), StringComparison.Ordinal);
    }

    private static async Task<string> ProvenByAsync(SiteUnderTest site)
    {
        var entry = (await site.LedgerAsync())[0];
        return JsonNode.Parse(entry.Entry)!["facts"]!["provenBy"]!.GetValue<string>();
    }
}
