using System.Text;
using Gateway.Features.Imports;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Importing;

/// <summary>Imports that do not go straight to their end: stopped, given up, settled.</summary>
[Trait("Database", "both")]
public sealed class StoppedImportTests
{
    [Fact]
    public async Task One_that_was_stopped_does_nothing_until_it_goes_on_and_then_does_the_rest()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        var id = await StartAsync(site, people: 500);

        Assert.Equal("stopped", (await RunAsync(gateway, "import", "stop", id, "--json")).Json.GetProperty("state").GetString());
        await gateway.WorkAsync<WorkImports>();
        Assert.Equal((0, 500), await CountsAsync(gateway, id));
        Assert.Equal(1, (await RunAsync(gateway, "import", "stop", id)).Code);

        Assert.Equal(0, (await RunAsync(gateway, "import", "resume", id)).Code);
        await gateway.WorkAsync<WorkImports>();
        Assert.Equal((500, 0), await CountsAsync(gateway, id));
    }

    [Fact]
    public async Task One_that_was_stopped_for_long_is_ended_and_its_file_deleted()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        var id = await StartAsync(site, people: 5);
        await RunAsync(gateway, "import", "stop", id);

        gateway.Clock.Advance(DecideImport.StoppedLifetime + TimeSpan.FromMinutes(1));
        await gateway.WorkAsync<WorkImports>();

        Assert.Equal("ended", (await RunAsync(gateway, "import", "status", id, "--json")).Json.GetProperty("state").GetString());
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ImportPieces.CountAsync()));
    }

    [Fact]
    public async Task One_that_failed_can_be_stopped_and_goes_on_and_can_be_taken_back()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        var id = await StartAsync(site, people: 5);

        await FailAsync(gateway);
        Assert.Equal(1, (await RunAsync(gateway, "import", "resume", id)).Code);
        Assert.Equal("stopped", (await RunAsync(gateway, "import", "stop", id, "--json")).Json.GetProperty("state").GetString());
        Assert.Equal(0, (await RunAsync(gateway, "import", "resume", id)).Code);
        await gateway.WorkAsync<WorkImports>();
        Assert.Equal((5, 0), await CountsAsync(gateway, id));
        Assert.Equal(0, (await RunAsync(gateway, "import", "undo", id)).Code);
        await FailAsync(gateway);
        Assert.Equal(0, (await RunAsync(gateway, "import", "undo", id)).Code);
        await gateway.WorkAsync<WorkImports>();

        var import = (await RunAsync(gateway, "import", "status", id, "--json")).Json;
        Assert.Equal(("undone", 5), (import.GetProperty("state").GetString(), import.GetProperty("undone").GetInt32()));
    }

    [Fact]
    public async Task One_that_failed_can_be_forgotten_with_its_file()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await StartAsync(site, people: 5);
        await FailAsync(gateway);
        var import = await gateway.InDatabaseAsync(db => db.Imports.AsNoTracking().SingleAsync());

        var kept = await gateway.InScopeAsync<DecideImport, Infrastructure.Refusal?>(decide =>
            decide.DeleteAsync(import, "cli", CancellationToken.None)
        );

        Assert.Null(kept);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Imports.CountAsync()));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ImportPieces.CountAsync()));
    }

    [Fact]
    public async Task A_file_that_nobody_begins_is_deleted_after_a_day()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await ReceiveAsync(site, people: 5);

        await gateway.WorkAsync<WorkImports>();
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Imports.CountAsync()));
        gateway.Clock.Advance(ReceiveImport.DraftLifetime + TimeSpan.FromMinutes(1));
        await gateway.WorkAsync<WorkImports>();

        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Imports.CountAsync()));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.ImportPieces.CountAsync()));
    }

    [Fact]
    public async Task What_is_kept_of_one_that_ended_goes_with_what_else_is_done()
    {
        using var database = new TestDatabase();
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await StartAsync(site, people: 5, wrong: 1);
        await gateway.WorkAsync<WorkImports>();
        Assert.Equal((5, 1), await KeptAsync(gateway));

        gateway.Clock.Advance(TimeSpan.FromDays(399));
        await DeleteSettledAsync(gateway);
        Assert.Equal((5, 1), await KeptAsync(gateway));
        gateway.Clock.Advance(TimeSpan.FromDays(2));
        await DeleteSettledAsync(gateway);

        Assert.Equal((0, 0), await KeptAsync(gateway));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Imports.CountAsync()));
    }

    [Fact]
    public async Task Two_gateways_on_one_database_do_each_row_once()
    {
        using var database = new TestDatabase();
        await using var one = await Replica.StartAsync(database);
        await using var other = await Replica.StartAsync(database, one.Clock);
        var site = await one.AddSiteAsync();
        var id = await StartAsync(site, people: 1000);

        await Task.WhenAll(one.WorkAsync<WorkImports>(), other.WorkAsync<WorkImports>());
        await Eventually.BecomesAsync(
            async () =>
            {
                await one.WorkAsync<WorkImports>();
                return await CountsAsync(one, id);
            },
            counts => counts == (1000, 0)
        );

        Assert.Equal(1000, (await RunAsync(one, "import", "status", id, "--json")).Json.GetProperty("subscribed").GetInt32());
        Assert.True((await RunAsync(one, "consents", "verify", "--json")).Json.GetProperty("ok").GetBoolean());
    }

    private static Task<int> FailAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db =>
            db.Imports.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.Failure, "It could not be carried out.").SetProperty(row => row.DueAt, (DateTime?)null)
            )
        );

    private static Task<(int Members, int Refused)> KeptAsync(Replica gateway) =>
        gateway.InDatabaseAsync(async db => (await db.ImportedSubscriptions.CountAsync(), await db.RefusedRows.CountAsync()));

    /// <returns>How many people are on the list, and how many rows are left.</returns>
    private static async Task<(int Subscribed, int Left)> CountsAsync(Replica gateway, string id)
    {
        var import = (await RunAsync(gateway, "import", "status", id, "--json")).Json;
        return (import.GetProperty("subscribed").GetInt32(), import.GetProperty("left").GetInt32());
    }

    private static async Task DeleteSettledAsync(Replica gateway)
    {
        await using var scope = gateway.Services.CreateAsyncScope();
        foreach (var table in scope.ServiceProvider.GetServices<Infrastructure.Queue.ISettledRows>().OfType<SettledImports>())
        {
            var keep = gateway.Clock.GetUtcNow().UtcDateTime.AddDays(-new RetentionOptions().Days);
            await table.DeleteAsync(Guid.Empty, _ => keep, keep, 100, CancellationToken.None);
        }
    }

    private static async Task<Import> ReceiveAsync(ReplicaSite site, int people, int wrong = 0)
    {
        var domain = $"{Guid.CreateVersion7():N}.example";
        var rows = Enumerable.Range(1, people).Select(n => $"p{n}@{domain}").Concat(Enumerable.Repeat("nobody", wrong));
        var file = new MemoryStream(Encoding.UTF8.GetBytes("email\n" + string.Join('\n', rows)));
        var received = await site.Replica.InScopeAsync<ReceiveImport, Infrastructure.Result<Import>>(receive =>
            receive.ReceiveAsync(site.Row.Id, "people.csv", "cli", file, new(), CancellationToken.None)
        );
        return received.IsRefused(out var why, out var import) ? throw new InvalidOperationException(why.Message) : import;
    }

    private static async Task<string> StartAsync(ReplicaSite site, int people, int wrong = 0)
    {
        var import = await ReceiveAsync(site, people, wrong);
        var plan = new ImportPlan(
            new Dictionary<string, string>(),
            ImportCalls.Source,
            null,
            new DateOnly(2025, 4, 3),
            DateOrder.Unknown
        );
        var started = await site.Replica.InScopeAsync<DecideImport, Infrastructure.Result<Import>>(decide =>
            decide.StartAsync(import, site.Lists[0], plan, "cli", CancellationToken.None)
        );
        return started.IsRefused(out var why, out _)
            ? throw new InvalidOperationException(why.Message)
            : PublicId.Format(PublicId.Import, import.Id);
    }

    private static Task<CommandResult> RunAsync(Replica gateway, params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);
}
