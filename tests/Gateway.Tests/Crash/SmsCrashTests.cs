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
    public async Task Killed_in_the_middle_of_a_load_over_a_provider_that_closes_connections_it_sends_nothing_twice()
    {
        var began = Stopwatch.StartNew();
        await using var twilio = await TwilioUnderFire.StartAsync(closes: 10);
        var settings = Settings(twilio);
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
        Tell(accepted.Count, twilio, rows, load, began.Elapsed);

        Assert.DoesNotContain(twilio.Times, one => one.Value > 1);
        Assert.Equal(accepted, rows.Select(row => PublicId.Format(PublicId.Sms, row.Id)).Order());
        Assert.All(rows, row => Assert.Equal(row.State == SmsState.Delivered, twilio.Times.ContainsKey((row.Recipient, row.Text))));
        Assert.All(rows.Where(row => row.State != SmsState.Delivered), row => Assert.NotEmpty(row.Failure!));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private void Tell(int accepted, TwilioUnderFire twilio, List<SmsMessage> rows, SmsLoad load, TimeSpan took)
    {
        int In(SmsState state) => rows.Count(row => row.State == state);
        _output.WriteLine(
            $"{(TestDatabase.IsPostgres ? "PostgreSQL" : "SQLite")}: {accepted} accepted, {In(SmsState.Delivered)} delivered, "
                + $"{In(SmsState.Failed)} failed, {In(SmsState.Unknown)} unknown, "
                + $"{rows.Count - In(SmsState.Delivered) - In(SmsState.Failed) - In(SmsState.Unknown)} in another state; "
                + $"{rows.Count(row => twilio.Times.ContainsKey((row.Recipient, row.Text)))} seen by the provider, "
                + $"{twilio.Times.Count(one => one.Value > 1)} seen twice, {twilio.Closed} calls not answered; "
                + $"{Killing.Times} kills; refused: {string.Join(", ", load.Refused)}; {took.TotalSeconds:0} s"
        );
    }

    private static Dictionary<string, string> Settings(TwilioUnderFire twilio) =>
        new()
        {
            ["Sms__Route"] = "twilio",
            ["Sms__PartsPerDay"] = "1000000",
            ["Sms__PartsPerMonth"] = "1000000",
            ["Sms__Twilio__BaseUrl"] = twilio.Address.ToString(),
            ["Sms__Twilio__AccountSid"] = TwilioUnderFire.AccountSid,
            ["Sms__Twilio__AuthToken"] = "token",
            ["Sms__Twilio__From"] = "+15005550006",
        };

    /// <summary>The time that a dead worker's leases take to run out, passed while nobody runs.</summary>
    private Task LeasesRunOutAsync() =>
        InDatabaseAsync(db =>
            db.Sms.Where(row => row.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, Past()))
        );

    /// <summary>
    /// The pauses between looks at the provider, of which the longest is a day. What is being sent at this moment is left alone.
    /// </summary>
    private Task LetPausesPassAsync() =>
        InDatabaseAsync(db =>
            db.Sms.Where(row => row.DueAt != null && row.State != SmsState.Sending)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, Past()))
        );

    private static DateTime Past() => TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);

    private Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => _installation.InDatabaseAsync(work);
}
