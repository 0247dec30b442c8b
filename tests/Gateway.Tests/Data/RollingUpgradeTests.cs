using System.Net;
using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Data;

/// <summary>Gateways that start at once on one database, and one that runs while the next version has migrated it.</summary>
[Trait("Database", "both")]
public sealed class RollingUpgradeTests
{
    [Fact]
    public async Task Of_those_that_start_at_once_one_migrates_and_all_are_ready()
    {
        using var database = new TestDatabase(migrated: false);
        var gateways = Enumerable.Range(0, 4).Select(_ => new Installation(database.Settings)).ToList();

        var started = await Task.WhenAll(gateways.Select(gateway => Task.Run(() => gateway.TryAsync("migrate"))));

        Assert.All(started, one => Assert.Equal((0, ""), (one.Code, one.Error)));
        var applied = await gateways[0].InDatabaseAsync(db => db.Database.GetAppliedMigrationsAsync());
        Assert.Equal(await gateways[0].InDatabaseAsync(db => Task.FromResult(db.Database.GetMigrations())), applied);
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_gateway_goes_on_working_when_the_next_version_has_added_to_its_tables()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database);
        var site = await replica.AddSiteAsync();
        await site.SignUpAsync("before@shop.example");
        await replica.WorkAsync();

        foreach (
            var sql in new[]
            {
                "alter table submissions add column origin text",
                "alter table messages add column urgency integer not null default 0",
                "create table drafts (id integer primary key)",
                """insert into "__EFMigrationsHistory" (migration_id, product_version) values ('29990101000000_Next', '11.0.0')""",
            }
        )
        {
            await replica.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(sql));
        }

        await site.SignUpAsync("after@shop.example");
        await replica.WorkAsync();

        Assert.Equal(
            [MessageState.Sent, MessageState.Sent],
            await replica.InDatabaseAsync(db => db.Messages.Select(row => row.State).ToListAsync())
        );
        Assert.DoesNotContain(
            SubmissionState.Waiting,
            await replica.InDatabaseAsync(db => db.Submissions.Select(row => row.State).ToListAsync())
        );
        Assert.Equal(HttpStatusCode.OK, (await replica.Browser.GetAsync("/health/ready")).StatusCode);
    }
}
