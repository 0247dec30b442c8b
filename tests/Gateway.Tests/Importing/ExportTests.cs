using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Admin;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Importing;

/// <summary><c>gateway export</c>, /v1/exports and the links on the page: what a site has here, to be taken elsewhere.</summary>
[Trait("Database", "both")]
public sealed class ExportTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    private string Ada => $"ada@{domain}";

    [Fact]
    public async Task Everybody_is_exported_with_their_standing_and_formulas_do_nothing()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(Ada, body => body["name"] = "=HYPERLINK(\"x\")");
        await site.AddContactAsync($"bob@{domain}");

        var lines = (await ExportAsync(site, "contacts")).Split("\r\n");

        Assert.Equal("contact,email,name,language,properties,createdAt,list,listName,status,confirmedAt", lines[0]);
        Assert.Contains(
            lines,
            line => line.Contains($"{Ada},\"'=HYPERLINK(\"\"x\"\")\",fr,\"{{\"\"city\"\":\"\"Turin\"\"}}\",", StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            line => line.Contains($"bob@{domain}", StringComparison.Ordinal) && line.Contains(",pending,", StringComparison.Ordinal)
        );
        Assert.Equal(4, lines.Length);
        var json = JsonNode.Parse(await ExportAsync(site, "contacts", "json"))!.AsArray();
        var ada = json.Single(row => (string?)row!["email"] == Ada)!;
        Assert.Equal(
            ("=HYPERLINK(\"x\")", "Turin", "confirmed"),
            ((string?)ada["name"], (string?)ada["properties"]!["city"], (string?)ada["status"])
        );
    }

    [Fact]
    public async Task Suppressions_are_exported_with_the_addresses_that_the_site_knows()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(Ada)).Id;
        await site.UnsubscribeAsync(id, new JsonObject { ["list"] = site.ListId });
        await site.ProveAsync($"bob@{domain}");

        var row = Assert.Single(JsonNode.Parse(await ExportAsync(site, "suppressions", "json"))!.AsArray())!;

        Assert.Equal((Ada, site.ListId, "unsubscribed"), ((string?)row["email"], (string?)row["list"], (string?)row["reason"]));
    }

    [Fact]
    public async Task The_ledger_is_exported_in_its_order_with_what_each_entry_says()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(Ada)).Id;
        await site.UnsubscribeAsync(id, new JsonObject { ["list"] = site.ListId });

        var rows = JsonNode.Parse(await ExportAsync(site, "ledger", "json"))!.AsArray();

        Assert.Equal([(1, "proven"), (2, "unsubscribed")], rows.Select(row => ((int)row!["sequence"]!, (string)row["kind"]!)));
        Assert.Equal(("Spring fair", Ada), ((string?)rows[0]!["facts"]!["source"], (string?)rows[0]!["personal"]!["address"]));
        Assert.Equal(64, ((string)rows[1]!["hash"]!).Length);
    }

    [Fact]
    public async Task Templates_are_exported_with_their_words()
    {
        var site = await gateway.NewSiteAsync();
        var added = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/templates",
            new JsonObject
            {
                ["key"] = "order-shipped",
                ["kind"] = "email",
                ["name"] = "Order shipped",
                ["language"] = "en",
            },
            "mail"
        );
        Assert.True((int)added.Status < 300, added.Text);

        var row = Assert.Single(JsonNode.Parse(await ExportAsync(site, "templates", "json"))!.AsArray())!;

        Assert.Equal(("order-shipped", "en", "draft"), ((string?)row["key"], (string?)row["language"], (string?)row["state"]));
        Assert.NotEqual("", (string?)row["html"]);
    }

    [Fact]
    public async Task The_command_the_call_and_the_page_write_the_same()
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(Ada);
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), $"export-{Guid.CreateVersion7():N}.csv"));
        try
        {
            var written = await gateway.CommandAsync("export", "contacts", "--site", site.PublicId, "--to", file.FullName, "--json");
            var browser = await AdminBrowser.SignedInAsync(gateway, "Mia", site);
            var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/export/contacts");

            Assert.Equal(1, written.Json.GetProperty("rows").GetInt32());
            Assert.Equal(await File.ReadAllTextAsync(file.FullName), await ExportAsync(site, "contacts"));
            Assert.Equal(await File.ReadAllTextAsync(file.FullName), page.Html);
            Assert.Contains("contacts.csv", page.Response.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            file.Delete();
        }
    }

    [Theory]
    [InlineData("people", "csv", HttpStatusCode.NotFound)]
    [InlineData("contacts", "xlsx", HttpStatusCode.BadRequest)]
    public async Task What_is_no_export_and_no_format_is_told(string what, string format, HttpStatusCode status)
    {
        var site = await gateway.NewSiteAsync();

        var refused = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/exports/{what}?format={format}", scope: "imports");

        Assert.Equal(status, refused.Status);
    }

    private static async Task<string> ExportAsync(SiteUnderTest site, string what, string format = "csv")
    {
        var answer = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/exports/{what}?format={format}", scope: "imports");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Text;
    }
}
