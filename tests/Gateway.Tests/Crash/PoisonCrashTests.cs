using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Crash;

/// <summary>The same with a process that really ends: whenever it hands over one certain mail it is killed.</summary>
[Trait("Run", "full")] // Each start lives for a while before it tries what the one before held.
[Collection(Killing.Name)]
public sealed class PoisonCrashTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TestDatabase _database = new();
    private readonly Installation _installation;

    public PoisonCrashTests() => _installation = new(_database.Settings);

    [Fact]
    public async Task A_mail_that_ends_the_process_is_set_aside_after_the_second_time_and_the_others_leave()
    {
        const string Poison = "poison@shop.example";
        await using var smtp = new ScriptedSmtp();
        var killer = new TaskCompletionSource();
        smtp.Script = command =>
        {
            if (!command.Contains(Poison, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            killer.TrySetResult();
            return ScriptedSmtp.Hang;
        };
        await _installation.RunAsync("site", "add", "Crash", "--from", "news@shop.example");
        await StoreAsync([Poison, .. Enumerable.Range(0, 20).Select(n => $"person-{n}@shop.example")]);

        for (var death = 1; death <= 2; death++)
        {
            await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: Settings(smtp));
            await gateway.Listening;
            await killer.Task.WaitAsync(Patience);
            await gateway.KillAsync();
            killer = new();
            await LeasesRunOutAsync();
        }

        await using var last = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: Settings(smtp));
        await last.Listening;
        await Eventually.BecomesAsync(
            () => _installation.InDatabaseAsync(db => db.Messages.CountAsync(row => row.DueAt != null)),
            waiting => waiting == 0,
            Patience
        );

        var rows = await _installation.InDatabaseAsync(db => db.Messages.AsNoTracking().ToListAsync());
        var failed = Assert.Single(rows, row => row.State != MessageState.Sent);
        Assert.Equal((Poison, MessageState.Failed, 2), (failed.Address, failed.State, failed.Losses));
        var listed = (await _installation.RunAsync("failed", "list")).EnumerateArray().Single();
        Assert.Equal("crashed", listed.GetProperty("code").GetString());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private static Dictionary<string, string> Settings(ScriptedSmtp smtp) =>
        new()
        {
            ["Mail__Transport"] = "smtp",
            ["Mail__From"] = "news@shop.example",
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["Mail__Smtp__Port"] = $"{smtp.Port}",
            ["Mail__Smtp__Security"] = "none",
        };

    /// <summary>The time that a dead process's leases take to run out; that nobody settled them stays to be seen.</summary>
    private Task LeasesRunOutAsync()
    {
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);
        return _installation.ChangeRowsAsync(db =>
            db.Messages.Where(row => row.DueAt != null && row.DueAt == row.LeasedUntil)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past).SetProperty(row => row.LeasedUntil, past))
        );
    }

    private Task StoreAsync(IEnumerable<string> addresses) =>
        _installation.InScopeAsync(async scope =>
        {
            var db = scope.GetRequiredService<GatewayDb>();
            var site = await db.Set<Site>().AsNoTracking().SingleAsync();
            var secrets = scope.GetRequiredService<SecretEncryption>();
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            return await db.WriteAsync(
                () =>
                {
                    db.AddRange(
                        addresses.Select(address => new Message
                        {
                            Id = Guid.CreateVersion7(),
                            SiteId = site.Id,
                            Key = address,
                            Template = "plain",
                            Language = "en",
                            Address = address,
                            Variables = MessageVariables.Protect(new() { ["subject"] = "Hello", ["body"] = "Hello." }, secrets),
                            MessageId = Guid.CreateVersion7().ToString("N"),
                            CreatedAt = now,
                            DueAt = now,
                        })
                    );
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            );
        });
}
