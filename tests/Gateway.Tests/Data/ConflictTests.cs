using System.Net;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Data;

/// <summary>
/// What the database ends by itself and would do the next time: two transactions that wait for each other, connections that a restart of
/// the server closed.
/// </summary>
[Trait("Database", "both")]
[Trait("Undone", "no")]
public sealed class ConflictTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestDatabase _database = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_that_wait_for_each_other_both_come_to_their_end(bool tracked)
    {
        await using var gateway = await Replica.StartAsync(_database);
        var (one, other) = ((await gateway.AddSiteAsync()).Row.Id, (await gateway.AddSiteAsync()).Row.Id);
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (attempts, holding) = (0, 0);

        // One goes by statements, the other perhaps by rows it has loaded: they fail with different exceptions.
        await Task.WhenAll(WriteAsync(one, other, "statement", false), WriteAsync(other, one, "row", tracked)).WaitAsync(Patience);

        // On PostgreSQL one of them was given up once; on SQLite they take turns.
        Assert.Equal(TestDatabase.IsPostgres ? 3 : 2, attempts);
        var names = await gateway.InDatabaseAsync(db => db.Sites.Select(site => site.Name).ToListAsync());
        Assert.Equal(2, names.Count);
        Assert.Single(names.Distinct(), name => name is "statement" or "row");

        Task WriteAsync(Guid first, Guid second, string name, bool rows) =>
            gateway.InDatabaseAsync(db =>
                db.WriteAsync(
                    async () =>
                    {
                        Interlocked.Increment(ref attempts);
                        await SetNameAsync(db, first, name, rows);
                        if (Interlocked.Increment(ref holding) == 2)
                        {
                            both.SetResult();
                        }

                        if (TestDatabase.IsPostgres)
                        {
                            await both.Task;
                        }

                        await SetNameAsync(db, second, name, rows);
                        return true;
                    },
                    CancellationToken.None
                )
            );
    }

    [Fact]
    public async Task Whoever_asks_while_the_database_is_away_is_told_to_come_again()
    {
        if (!TestDatabase.IsPostgres)
        {
            // A file has no connections that could be closed.
            return;
        }

        await using var gateway = await Replica.StartAsync(_database);
        var site = await gateway.AddSiteAsync();
        var before = await site.StatusAsync();
        await _database.InterruptAsync();
        var during = await site.StatusAsync();
        var after = await site.StatusAsync();

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK],
            [before.Status, during.Status, after.Status]
        );
        Assert.Equal("unavailable", (string)during.Json["code"]!);
    }

    public void Dispose() => _database.Dispose();

    private static async Task SetNameAsync(GatewayDb db, Guid id, string name, bool asRow)
    {
        if (!asRow)
        {
            await db.Sites.Where(site => site.Id == id).ExecuteUpdateAsync(set => set.SetProperty(site => site.Name, name));
            return;
        }

        (await db.Sites.SingleAsync(site => site.Id == id)).Name = name;
        await db.SaveChangesAsync();
    }
}
