using Gateway.Features.Lists;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Data.Moves;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

/// <summary>
/// <c>gateway move</c>, from a SQLite file to the server of the run. Where there is none, each test shows that a move to nowhere changes
/// nothing.
/// </summary>
[Trait("Database", "both")]
public sealed class MoveTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly TestDatabase _source = new(migrated: false, onSqlite: true);
    private readonly TestDatabase _target = new(migrated: false);
    private readonly Installation _gateway;

    public MoveTests() => _gateway = On($"{_source.ConnectionString};Pooling=false");

    private string To => TestDatabase.IsPostgres ? _target.ConnectionString : "Host=127.0.0.1;Port=1;Database=gateway;Timeout=1";

    [Fact]
    public async Task Everything_is_there_afterwards_and_only_there()
    {
        var site = await EveryTable.FillAsync(_gateway, rows: 5);
        if (await GoesNowhereAsync())
        {
            return;
        }

        var moved = await _gateway.TryAsync("move", "--to", To);
        await using var there = On(To);

        Assert.Equal((0, ""), (moved.Code, moved.Code == 0 ? "" : moved.Error));
        Assert.Contains("sms: 5 rows copied", moved.Error, StringComparison.Ordinal);
        Assert.Contains("The consent ledgers hold: 1 entries.", moved.Output, StringComparison.Ordinal);
        Assert.Equal(await CountsAsync(_gateway), await CountsAsync(there));
        Assert.True((await there.RunAsync("consents", "verify")).GetProperty("ok").GetBoolean());
        var sms = await there.InDatabaseAsync(db => db.Sms.AsNoTracking().OrderBy(row => row.Key).FirstAsync());
        Assert.Equal(
            ("é1", 1.0075m, new DateTime(2026, 11, 29, 8, 30, 0, DateTimeKind.Utc).AddTicks(1_234_560)),
            (sms.Text, sms.Price, sms.SentAt)
        );

        // Numbers that the database gives go on, and what is on the source is never done a second time.
        await there.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Add(new DataProtectionKey { FriendlyName = "next", Xml = "<key/>" });
                    return db.SaveChangesAsync();
                },
                default
            )
        );
        await using var again = On($"{_source.ConnectionString};Pooling=false");
        Assert.Contains("was moved to PostgreSQL", (await again.TryAsync("site", "list")).Error, StringComparison.Ordinal);
        Assert.Contains("was moved to PostgreSQL", (await again.TryAsync("move", "--to", To)).Error, StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, site);
    }

    [Fact]
    public async Task One_that_was_killed_goes_on_where_it_was_and_what_changed_meanwhile_is_copied_anew()
    {
        await EveryTable.FillAsync(_gateway, rows: 7);
        if (await GoesNowhereAsync())
        {
            return;
        }

        await IsKilledAsync(afterChunks: 40);
        await using var early = On(To);
        var refused = await early.TryAsync("site", "list");
        await _gateway.InDatabaseAsync(db => db.Database.ExecuteSqlAsync($"delete from audit where actor = 'é3'"));
        var moved = await _gateway.TryAsync("move", "--to", To);
        await using var there = On(To);

        Assert.Contains("has begun and did not come to its end", refused.Error, StringComparison.Ordinal);
        Assert.True(moved.Code == 0, moved.Error);
        Assert.Contains("Going on with the move that was begun.", moved.Error, StringComparison.Ordinal);
        Assert.Contains("audit: changed since it was copied", moved.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("breakers: 7 rows copied", moved.Error, StringComparison.Ordinal);
        Assert.Equal(await CountsAsync(_gateway), await CountsAsync(there));
    }

    [Fact]
    public async Task What_a_process_held_on_the_source_is_held_by_nobody_on_the_target()
    {
        await EveryTable.FillAsync(_gateway, rows: 1);
        if (await GoesNowhereAsync())
        {
            return;
        }

        var until = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1);
        await _gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db.ListSyncs.ExecuteUpdateAsync(set =>
                        set.SetProperty(row => row.DueAt, until).SetProperty(row => row.LeasedUntil, until)
                    ),
                default
            )
        );

        await _gateway.RunAsync("move", "--to", To);

        await using var there = On(To);
        var row = await there.InDatabaseAsync(db => db.ListSyncs.AsNoTracking().SingleAsync());
        Assert.True(row.DueAt < TimeProvider.System.GetUtcNow().UtcDateTime, $"It is due at {row.DueAt:O}.");
    }

    [Fact]
    public async Task A_database_in_use_and_one_that_holds_something_are_left_alone()
    {
        await EveryTable.FillAsync(_gateway, rows: 1);
        if (await GoesNowhereAsync())
        {
            return;
        }

        CommandResult beside;
        await using (await SqliteHold.OpenAsync(_source.SqliteFile, default))
        {
            await using var running = await SqliteHold.OpenAsync(_source.SqliteFile, default);
            await running.ReadAsync("select id from sites", default);
            beside = await _gateway.TryAsync("move", "--to", To);
        }

        await using var there = On(To);
        await there.RunAsync("site", "add", "Other");
        var full = await _gateway.TryAsync("move", "--to", To);

        Assert.Equal(1, beside.Code);
        Assert.Contains("A gateway is running on", beside.Error, StringComparison.Ordinal);
        Assert.Equal(1, full.Code);
        Assert.Contains("holds something already", full.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await there.RunAsync("site", "list")).GetArrayLength());
        Assert.Equal(0, (await _gateway.TryAsync("site", "list")).Code);
    }

    [Fact]
    public async Task A_move_of_another_database_is_not_gone_on_with()
    {
        await EveryTable.FillAsync(_gateway, rows: 1);
        if (await GoesNowhereAsync())
        {
            return;
        }

        await IsKilledAsync(afterChunks: 3);
        using var other = new TestDatabase(migrated: false, onSqlite: true);
        await using var another = On($"{other.ConnectionString};Pooling=false");
        await another.RunAsync("site", "add", "Other");

        var refused = await another.TryAsync("move", "--to", To);

        Assert.Contains("A move of another database", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=x.db", "--to must name a database of PostgreSQL")]
    [InlineData("Host=db;Databse=x", "Did you mean \"Database\"?")]
    public async Task What_no_database_can_be_moved_to_is_told(string to, string told)
    {
        var refused = await _gateway.TryAsync("move", "--to", to);

        Assert.Equal(1, refused.Code);
        Assert.Contains(told, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ConnectionStrings__Gateway", refused.Error, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _source.Dispose();
        _target.Dispose();
    }

    private Installation On(string connection) =>
        new(new Dictionary<string, string>(_source.Settings) { ["ConnectionStrings__Gateway"] = connection });

    private async Task<bool> GoesNowhereAsync()
    {
        if (TestDatabase.IsPostgres)
        {
            return false;
        }

        var refused = await _gateway.TryAsync("move", "--to", To);
        Assert.Equal(1, refused.Code);
        Assert.NotEqual("", refused.Error);
        Assert.Equal(1, (await _gateway.RunAsync("site", "list")).GetArrayLength());
        return true;
    }

    /// <summary>In the middle of a table, when so many chunks of two rows are in the target.</summary>
    private async Task IsKilledAsync(int afterChunks)
    {
        await using var target = On(To);
        await using var source = await SqliteHold.TakeAsync(_source.SqliteFile, default);
        var migrations = await _gateway.InDatabaseAsync(db => Task.FromResult(db.Database.GetMigrations().ToList()));
        using var kill = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            target.InUnpreparedScopeAsync(services =>
                new MoveDatabase(services.GetRequiredService<GatewayDb>(), services.GetRequiredService<Migrator>())
                {
                    Chunk = 2,
                    Say = _ =>
                    {
                        if (--afterChunks == 0)
                        {
                            kill.Cancel();
                        }
                    },
                }.CopyAsync(source, migrations, kill.Token)
            )
        );
    }

    private static Task<Dictionary<string, int>> CountsAsync(Installation installation) =>
        installation.InDatabaseAsync(async db =>
        {
            var counts = new Dictionary<string, int>();
            foreach (var table in db.Model.GetEntityTypes().Select(table => table.GetTableName()!))
            {
                var sql = $"select cast(count(*) as int) as \"Value\" from {table}";
                counts[table] = await db.Database.SqlQueryRaw<int>(sql).SingleAsync();
            }

            return counts;
        });
}
