using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Data.Backups;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

/// <summary><c>gateway backup</c> and <c>gateway restore</c>, of each database into another of its kind.</summary>
[Trait("Database", "both")]
public sealed class BackupTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly TestDatabase _database = new();
    private readonly TestDatabase _other = new(migrated: false);
    private readonly Installation _gateway;
    private readonly Installation _restored;

    public BackupTests() => (_gateway, _restored) = (new(_database.Settings), new(_other.Settings));

    private string FilePath => Path.Combine(_database.Folder, "backup");

    [Fact]
    public async Task One_made_while_others_write_is_whole_and_comes_back()
    {
        await EveryTable.FillAsync(_gateway, rows: 3);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(() => WritePairsAsync(enough.Token));
        await Eventually.BecomesTrueAsync(async () => await CountAsync(_gateway) > 20);

        var made = await _gateway.RunAsync("backup", FilePath);
        await enough.CancelAsync();
        await writing;
        var back = await _restored.RunAsync("restore", FilePath);

        Assert.Equal(new FileInfo(FilePath).Length, made.GetProperty("bytes").GetInt64());
        Assert.True(back.GetProperty("ok").GetBoolean());
        var kept = await CountAsync(_restored);
        Assert.InRange(kept, 20, await CountAsync(_gateway));
        Assert.Equal(3 % 2, kept % 2);
        Assert.Equal(1, (await _restored.RunAsync("site", "list")).GetArrayLength());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public async Task An_sms_that_waited_then_may_have_been_sent_since_and_is_not_sent_by_itself()
    {
        var site = await EveryTable.FillAsync(_gateway, rows: 1);
        await _gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db.Sms.ExecuteUpdateAsync(set =>
                        set.SetProperty(row => row.State, SmsState.Queued).SetProperty(row => row.SiteId, site)
                    ),
                default
            )
        );
        await _gateway.RunAsync("backup", FilePath);

        var back = await _restored.TryAsync("restore", FilePath);

        Assert.True(back.Code == 0, back.Error);
        Assert.Contains("1 SMS waited when the backup was made", back.Output, StringComparison.Ordinal);
        var sms = await _restored.InDatabaseAsync(db => db.Sms.AsNoTracking().SingleAsync());
        Assert.Equal((SmsState.Unknown, null), (sms.State, sms.DueAt));
        Assert.Contains(
            (await _restored.RunAsync("failed", "list")).EnumerateArray(),
            one => one.GetProperty("code").GetString() == "sms_unknown"
        );
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public async Task A_damaged_file_changes_nothing(double at)
    {
        await EveryTable.FillAsync(_gateway, rows: 100);
        await _gateway.RunAsync("backup", FilePath);
        await using (var file = File.Open(FilePath, FileMode.Open))
        {
            file.Position = (long)(file.Length * at);
            file.Write(new byte[Math.Min(8192, file.Length / 2)]);
        }

        var refused = await _restored.TryAsync("restore", FilePath);

        Assert.Equal(1, refused.Code);
        Assert.Contains("damaged", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _restored.RunAsync("site", "list")).GetArrayLength());
    }

    [Fact]
    public async Task A_database_of_another_version_is_not_put_back()
    {
        await _gateway.RunAsync("site", "add", "Shop");
        await _gateway.InDatabaseAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""insert into "__EFMigrationsHistory" (migration_id, product_version) values ('20990101000000_Other', '10.0.0')"""
            )
        );
        await _gateway.RunAsync("backup", FilePath);

        var refused = await _restored.TryAsync("restore", FilePath);

        Assert.Contains("another version of Gateway", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _restored.RunAsync("site", "list")).GetArrayLength());
    }

    [Fact]
    public async Task A_database_that_holds_something_is_replaced_only_when_told_and_set_aside()
    {
        await _gateway.RunAsync("site", "add", "Shop");
        await _gateway.RunAsync("backup", FilePath);
        await using var before = new Installation(Unpooled(_other));
        await before.RunAsync("site", "add", "Other");

        var refused = await before.TryAsync("restore", FilePath);
        var replaced = await before.RunAsync("restore", FilePath, "--replace");

        Assert.Contains("add --replace", refused.Error, StringComparison.Ordinal);
        Assert.Contains("replaced", replaced.GetProperty("setAside").GetString(), StringComparison.Ordinal);
        await using var after = new Installation(Unpooled(_other));
        Assert.Equal("Shop", Assert.Single((await after.RunAsync("site", "list")).EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Nothing_is_put_under_a_gateway_that_runs()
    {
        await _gateway.RunAsync("site", "add", "Shop");
        await _gateway.RunAsync("backup", FilePath);
        await using var running = new Installation(Unpooled(_other));
        await running.RunAsync("site", "list");

        var refused = await running.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<GatewayDb>();
            await db.Database.OpenConnectionAsync();
            _ = await db.MailboxMessages.CountAsync();
            await db.WriteAsync(() => services.GetRequiredService<Infrastructure.Queue.ThisProcess>().LiveAsync(db, default), default);
            return await running.TryAsync("restore", FilePath, "--replace");
        });

        Assert.Equal(1, refused.Code);
        Assert.Contains("A gateway is running on", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_master_key_is_noticed()
    {
        await _gateway.RunAsync("site", "add", "Shop");
        await _gateway.RunAsync("backup", FilePath);
        File.Delete(Path.Combine(_other.Folder, "master.pem"));
        MasterKey.Create(Path.Combine(_other.Folder, "master.pem"));

        var told = await _restored.TryAsync("restore", FilePath);

        Assert.Equal(1, told.Code);
        Assert.Contains("needs another master key", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_or_read_is_told()
    {
        await File.WriteAllTextAsync(FilePath, "mine");

        Assert.Contains("never replaced", (await _gateway.TryAsync("backup", FilePath)).Error, StringComparison.Ordinal);
        Assert.Contains("no folder", (await _gateway.TryAsync("backup", "/nowhere/at/all")).Error, StringComparison.Ordinal);
        Assert.Contains("no backup", (await _restored.TryAsync("restore", FilePath)).Error, StringComparison.Ordinal);
        Assert.Contains("no file", (await _restored.TryAsync("restore", FilePath + "x")).Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(FilePath));
    }

    [Fact]
    public async Task A_missing_or_old_program_of_PostgreSQL_is_named()
    {
        var missing = await Assert.ThrowsAsync<StartupError>(() =>
            new PostgresTool("pg_dump_of_nobody", new()).EnsureFitsAsync(1, default)
        );
        Assert.Contains("pg_dump_of_nobody is not installed", missing.Message, StringComparison.Ordinal);

        if (TestDatabase.IsPostgres)
        {
            await new PostgresTool("pg_dump", new()).EnsureFitsAsync(1, default);
            var old = await Assert.ThrowsAsync<StartupError>(() => new PostgresTool("pg_dump", new()).EnsureFitsAsync(999, default));
            Assert.Contains("postgresql-client-999", old.Message, StringComparison.Ordinal);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _restored.DisposeAsync();
        _database.Dispose();
        _other.Dispose();
    }

    /// <summary>So that nothing of what the test itself did is open any more.</summary>
    private static Dictionary<string, string> Unpooled(TestDatabase database) =>
        new(database.Settings) { ["ConnectionStrings__Gateway"] = database.ConnectionString + ";Pooling=false" };

    private static Task<int> CountAsync(Installation installation) => installation.InDatabaseAsync(db => db.MailboxMessages.CountAsync());

    private async Task WritePairsAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await _gateway.InDatabaseAsync(db =>
                db.WriteAsync(
                    () =>
                    {
                        db.AddRange(
                            Enumerable.Range(0, 2).Select(_ => new MailboxMessage { Id = Guid.CreateVersion7(), Mime = new byte[2000] })
                        );
                        return db.SaveChangesAsync();
                    },
                    default
                )
            );
        }
    }
}
