using System.Diagnostics;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>
/// Mails that leave over a provider, through kills: none that was accepted is lost, and none arrives twice where the provider knows
/// a mail that it has already, or shows it.
/// </summary>
[Collection(Killing.Name)]
[Trait("Database", "both")]
[Trait("Run", "full")]
public sealed class MailCrashTests : IAsyncLifetime, IAsyncDisposable
{
    private const int Total = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ITestOutputHelper _output;
    private readonly TestDatabase _database = new();
    private readonly Installation _installation;

    public MailCrashTests(ITestOutputHelper output)
    {
        _output = output;
        _installation = new(_database.Settings);
    }

    public static TheoryData<string> Names => MailUnderFire.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Killed_in_the_middle_of_a_load_every_mail_leaves_and_a_provider_that_knows_repeats_has_it_once(string provider)
    {
        var began = Stopwatch.StartNew();
        await using var fire = await MailUnderFire.StartAsync(provider, closes: 50);
        var site = await _installation.RunAsync("site", "add", "Crash", "--from", "news@shop.example");
        using var load = new MailLoad(site.GetProperty("clientId").GetString()!, site.GetProperty("clientSecret").GetString()!);
        for (var kill = 1; kill <= Killing.Times; kill++)
        {
            await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: fire.Settings);
            var address = await gateway.Listening;
            var fatal = (Total * kill / (Killing.Times + 1)) + Random.Shared.Next(-20, 20);
            var killing = Eventually
                .BecomesTrueAsync(() => Task.FromResult(load.Accepted.Count >= fatal), Patience)
                .ContinueWith(_ => gateway.KillAsync(), TaskScheduler.Default)
                .Unwrap();
            await load.RunAsync(address, Total);
            await killing;
        }

        await using var last = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: fire.Settings);
        await load.RunAsync(await last.Listening, Total);
        Assert.Equal(Total, load.Accepted.Count);
        await SettledAsync();

        // What two processes held that ended is set aside, and somebody decides: here, that it is sent after all.
        var setAside = await _installation.InDatabaseAsync(db =>
            db.Messages.Where(row => row.Losses >= Leases.SetAsideLosses).Select(row => row.Id).ToListAsync()
        );
        Assert.InRange(setAside.Count, 0, Killing.Times);
        foreach (var id in setAside)
        {
            await _installation.RunAsync("failed", "replay", PublicId.Format(PublicId.Message, id));
        }

        await SettledAsync();

        var rows = await _installation.InDatabaseAsync(db => db.Messages.AsNoTracking().ToListAsync());
        var times = fire.Times;
        _output.WriteLine(
            $"{provider}, {(TestDatabase.IsPostgres ? "PostgreSQL" : "SQLite")}: {rows.Count} accepted, "
                + $"{rows.Count(row => row.State == MessageState.Sent)} sent, "
                + $"{rows.Count(row => row.State == MessageState.Unknown)} unknown, {times.Count} arrived, "
                + $"{times.Count(one => one.Value > 1)} twice, {setAside.Count} set aside and sent then, "
                + $"{fire.Closed} calls not answered, {Killing.Times} kills; "
                + $"refused: {string.Join(", ", load.Refused)}; {began.Elapsed.TotalSeconds:0} s"
        );
        Assert.Equal(load.Accepted.Values.Order(), rows.Select(row => PublicId.Format(PublicId.Message, row.Id)).Order());

        Assert.All(rows, row => Assert.Equal(MessageState.Sent, row.State));
        Assert.Equal(load.Accepted.Keys.Order(), times.Keys.Order());
        Assert.All(times.Values, count => Assert.InRange(count, 1, fire.KnowsRepeats ? 1 : 3));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private Task SettledAsync() =>
        Eventually.BecomesTrueAsync(
            async () =>
            {
                await LetPausesPassAsync();
                return !await _installation.InDatabaseAsync(db => db.Messages.AnyAsync(row => row.DueAt != null));
            },
            Patience
        );

    /// <summary>The pauses after an answer that was lost. What is being sent at this moment is left alone.</summary>
    private Task LetPausesPassAsync()
    {
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);
        return _installation.ChangeRowsAsync(db =>
            db.Messages.Where(row => row.DueAt > past && row.LeasedUntil != row.DueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past).SetProperty(row => row.HeldBy, (string?)null))
        );
    }
}
