using System.Diagnostics;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>
/// Invariant 7: no SMS is sent twice, whatever moment the process dies at and whatever the provider leaves unanswered; and none that was
/// accepted is lost.
/// </summary>
[Collection(Killing.Name)]
[Trait("Database", "both")]
public sealed class SmsCrashTests : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Between two kills of the quick run there are more than in the full one.</summary>
    private static readonly int Total = FullRun.IsAsked ? 5000 : 1000;

    /// <summary>Asking about every one of them takes a while on a machine that has other things to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ITestOutputHelper _output;
    private readonly TestDatabase _database = new();
    private readonly Installation _installation;

    public SmsCrashTests(ITestOutputHelper output)
    {
        _output = output;
        _installation = new(_database.Settings);
    }

    [Fact]
    public Task Killed_in_the_middle_of_a_load_over_a_provider_that_closes_connections_it_sends_nothing_twice() =>
        IsKilledAsync("twilio");

    [Theory]
    [InlineData("vonage")]
    [InlineData("brevo")]
    [Trait("Run", "full")]
    public Task Over_other_providers_it_sends_nothing_twice_either(string provider) => IsKilledAsync(provider);

    private async Task IsKilledAsync(string provider)
    {
        var began = Stopwatch.StartNew();
        await using var fire = await SmsUnderFire.StartAsync(provider, closes: 10);
        var settings = Settings(fire);
        var site = await _installation.RunAsync("site", "add", "Crash", "--from", "news@shop.example");
        using var load = new SmsLoad(site.GetProperty("clientId").GetString()!, site.GetProperty("clientSecret").GetString()!);

        for (var kill = 1; kill <= Killing.Times; kill++)
        {
            await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: settings);
            var address = await gateway.Listening;
            var fatal = Total * kill / (Killing.Times + 1) + Random.Shared.Next(-50, 50);
            var killing = Eventually
                .BecomesTrueAsync(() => Task.FromResult(load.Accepted.Count >= fatal), Patience)
                .ContinueWith(_ => gateway.KillAsync(), TaskScheduler.Default)
                .Unwrap();
            await load.RunAsync(address, Total);
            await killing;
            await LeasesRunOutAsync();
        }

        await using var last = GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: settings);
        await load.RunAsync(await last.Listening, Total);
        var accepted = load.Accepted.Values.Order().ToList();
        Assert.Equal(Total, accepted.Count);
        var end = TimeProvider.System.GetUtcNow().UtcDateTime;
        for (var more = 1; await InDatabaseAsync(db => db.Sms.AnyAsync(row => row.DueAt != null && row.CreatedAt < end)); more++)
        {
            Assert.InRange(more, 1, 30);
            await LetPausesPassAsync();

            // The worker looks again when something new comes in.
            await load.RunAsync(await last.Listening, Total + more);
            await Eventually.BecomesTrueAsync(
                () => InDatabaseAsync(async db => !await db.Sms.AnyAsync(row => row.DueAt <= Past())),
                Patience
            );
        }

        var rows = await InDatabaseAsync(db => db.Sms.AsNoTracking().Where(row => row.CreatedAt < end).ToListAsync());
        Tell(accepted.Count, fire, rows, load, began.Elapsed);

        Assert.DoesNotContain(fire.Times, one => one.Value > 1);
        Assert.Equal(accepted, rows.Select(row => PublicId.Format(PublicId.Sms, row.Id)).Order());
        var times = fire.Times;
        bool WasTaken(SmsMessage row) => times.ContainsKey((row.Recipient, row.Text));
        if (fire.ShowsMessages)
        {
            Assert.All(rows, row => Assert.Equal(row.State == SmsState.Delivered, WasTaken(row)));
        }

        // Without receipts nobody can say more of one whose answer was lost.
        Assert.All(rows.Where(row => row.State == SmsState.Sent), row => Assert.True(WasTaken(row)));
        Assert.All(rows.Where(row => row.State == SmsState.Failed), row => Assert.False(WasTaken(row)));
        Assert.All(rows.Where(row => row.State is not (SmsState.Delivered or SmsState.Sent)), row => Assert.NotEmpty(row.Failure!));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private void Tell(int accepted, SmsUnderFire fire, List<SmsMessage> rows, SmsLoad load, TimeSpan took)
    {
        int In(SmsState state) => rows.Count(row => row.State == state);
        _output.WriteLine(
            $"{fire.Provider}, {(TestDatabase.IsPostgres ? "PostgreSQL" : "SQLite")}: {accepted} accepted, "
                + $"{In(SmsState.Delivered)} delivered, {In(SmsState.Sent)} sent, "
                + $"{In(SmsState.Failed)} failed, {In(SmsState.Unknown)} unknown, "
                + $"{rows.Count - In(SmsState.Delivered) - In(SmsState.Sent) - In(SmsState.Failed) - In(SmsState.Unknown)} otherwise; "
                + $"{rows.Count(row => fire.Times.ContainsKey((row.Recipient, row.Text)))} seen by the provider, "
                + $"{fire.Times.Count(one => one.Value > 1)} seen twice, {fire.Closed} calls not answered; "
                + $"{Killing.Times} kills; refused: {string.Join(", ", load.Refused)}; {took.TotalSeconds:0} s"
        );
    }

    private static Dictionary<string, string> Settings(SmsUnderFire fire) =>
        new(fire.Settings)
        {
            ["Sms__Route"] = fire.Provider,
            ["Sms__PartsPerDay"] = "1000000",
            ["Sms__PartsPerMonth"] = "1000000",
        };

    /// <summary>The time that a dead worker's leases take to run out, passed while nobody runs.</summary>
    private Task LeasesRunOutAsync() =>
        _installation.ChangeRowsAsync(db =>
            db.Sms.Where(row => row.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, Past()))
        );

    /// <summary>
    /// The pauses between looks at the provider, of which the longest is a day. What is being sent at this moment is left alone.
    /// </summary>
    private Task LetPausesPassAsync() =>
        _installation.ChangeRowsAsync(db =>
            db.Sms.Where(row => row.DueAt != null && row.State != SmsState.Sending)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, Past()))
        );

    private static DateTime Past() => TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);

    private Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => _installation.InDatabaseAsync(work);
}
