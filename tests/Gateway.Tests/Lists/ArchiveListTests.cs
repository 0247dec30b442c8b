using System.Net;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Lists;

/// <summary>A list is archived and brought back by the API and by commands, as on its page.</summary>
public sealed class ArchiveListTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_program_archives_a_list_which_takes_nobody_until_it_is_brought_back()
    {
        var site = await gateway.NewSiteAsync();
        var path = $"/v1/lists/{site.ListId}";

        var archived = await PostAsync(site, path + "/archive");
        var again = await PostAsync(site, path + "/archive");

        Assert.Equal(HttpStatusCode.OK, archived.Status);
        Assert.Equal((string?)archived.Json["archivedAt"], (string?)again.Json["archivedAt"]);
        Assert.NotNull((string?)archived.Json["archivedAt"]);
        Assert.Empty((await ReadAsync(site, "/v1/lists")).Json["items"]!.AsArray());
        Assert.Equal(site.ListId, (string?)(await ReadAsync(site, "/v1/lists?archived=true")).Json["items"]![0]!["id"]);
        Assert.Equal((string?)archived.Json["archivedAt"], (string?)(await ReadAsync(site, path)).Json["archivedAt"]);
        Assert.Equal("list_archived", (await site.ProveAsync($"{Guid.CreateVersion7():N}@pages.example")).Code);

        Assert.Null((string?)(await PostAsync(site, path + "/restore")).Json["archivedAt"]);
        Assert.Equal(HttpStatusCode.OK, (await site.ProveAsync($"{Guid.CreateVersion7():N}@pages.example")).Status);
        Assert.Equal(
            ["list.archived", "list.restored"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Subject == site.ListId)
                    .OrderBy(row => row.Id)
                    .Select(row => row.Action)
                    .ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Another_site_and_a_token_that_only_reads_archive_nothing()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var path = $"/v1/lists/{site.ListId}";

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(other, path + "/archive")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(other, path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(site, path + "/archive", "read")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await ReadAsync(site, "/v1/lists?archived=yes")).Status);
        Assert.Null((string?)(await ReadAsync(site, path)).Json["archivedAt"]);
    }

    [Fact]
    public async Task A_command_archives_a_list_shows_that_it_is_and_brings_it_back()
    {
        var site = await gateway.NewSiteAsync();

        var archived = await RunAsync("list", "archive", site.ListId);
        var shown = await RunAsync("list", "show", site.PublicId);
        var back = await RunAsync("list", "restore", site.ListId);

        Assert.Equal("The list \"Newsletter\" takes nobody any more.", archived.Output.Trim());
        Assert.EndsWith("  archived", shown.Output.Trim(), StringComparison.Ordinal);
        Assert.Equal("People can join the list \"Newsletter\" again.", back.Output.Trim());
        Assert.DoesNotContain("archived", (await RunAsync("list", "show", site.PublicId)).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("list", "archive", "lst_x")).Code);
    }

    [Fact]
    public async Task A_command_shows_who_was_asked_and_has_not_answered()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"{Guid.CreateVersion7():N}@pages.example";
        await site.AddContactAsync(address);

        var pending = await RunAsync("list", "members", site.ListId, "--status", "pending");
        var on = await RunAsync("list", "members", site.ListId);
        var csv = await RunAsync("list", "members", site.ListId, "--status", "pending", "--csv", "/tmp/never-written.csv");

        Assert.Contains($"{address}  {gateway.Clock.GetUtcNow():yyyy-MM-dd}  1 mails", pending.Output, StringComparison.Ordinal);
        Assert.Equal("Nobody is on \"Newsletter\".", on.Output.Trim());
        Assert.Equal(1, csv.Code);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);

    private static Task<Answer> PostAsync(SiteUnderTest site, string path, string scope = "contacts") =>
        site.AuthorizedAsync(HttpMethod.Post, path, scope: scope);

    private static Task<Answer> ReadAsync(SiteUnderTest site, string path) => site.AuthorizedAsync(HttpMethod.Get, path, scope: "read");
}
