using System.Net;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>
/// Invariant 1: a 202 is sent only after the commit is on the disk. Whatever moment the process dies at, what was acknowledged is there
/// once and reaches its end.
/// </summary>
[Collection(Killing.Name)]
[Trait("Database", "both")]
public sealed class CrashTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>For thousands of rows on a machine that has other things to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private TestDatabase _database = new();
    private Installation? _made;

    private Installation Installation => _made ??= new(_database.Settings);

    [Fact]
    public async Task Killed_in_the_middle_of_a_load_it_loses_nothing_that_it_acknowledged()
    {
        using var load = await NewLoadAsync();
        for (var kill = 1; kill <= Killing.Times; kill++)
        {
            await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
            var address = await gateway.Listening;
            var before = load.Acknowledged.Count;
            var fatal = before + Random.Shared.Next(50, 400);

            var killing = Eventually
                .BecomesTrueAsync(() => Task.FromResult(load.Acknowledged.Count >= fatal), Patience)
                .ContinueWith(_ => gateway.KillAsync(), TaskScheduler.Default)
                .Unwrap();
            await load.RunAsync(address, atMost: 5000, enough: () => false);
            await killing;
            Assert.True(load.Acknowledged.Count > before);
        }

        await LeasesRunOutAsync();
        await using var last = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
        await last.Listening;
        await AllReachTheirEndAsync(load);
    }

    [Fact]
    public async Task Killed_while_it_migrates_it_starts_the_next_time()
    {
        await DisposeAsync();
        _database = new(migrated: false);
        _made = null;
        for (var kill = 1; kill <= Killing.Times; kill++)
        {
            await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
            await gateway.Migrating;
            await Task.WhenAny(gateway.Listening, Moment(Random.Shared.Next(0, 250)));
            await gateway.KillAsync();
            if (await IsMigratedAsync())
            {
                break;
            }
        }

        await using var last = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
        await last.Listening;
        using var load = await NewLoadAsync();
        await load.RunAsync(await last.Listening, atMost: 10, enough: () => load.Acknowledged.Count >= 5);
        Assert.NotEmpty(load.Acknowledged);
    }

    [Fact]
    public async Task On_a_full_disk_it_answers_503_and_acknowledges_nothing_that_it_did_not_store()
    {
        using var load = await NewLoadAsync();
        await using (
            var full = GatewayProcess.Start(
                _database.ConnectionString,
                _database.Folder,
                fileSizeKib: TestDatabase.IsPostgres ? null : 2500
            )
        )
        {
            await load.RunAsync(await full.Listening, atMost: 200, enough: () => load.Acknowledged.Count >= 100);
            _database.MakeReadOnly(true);
            await load.RunAsync(
                await full.Listening,
                atMost: 20_000,
                enough: () => load.Refused.GetValueOrDefault(HttpStatusCode.ServiceUnavailable) >= 20
            );
            await full.KillAsync();
        }

        _database.MakeReadOnly(false);
        Assert.Equal([HttpStatusCode.ServiceUnavailable], load.Refused.Keys);
        await LeasesRunOutAsync();
        await using var roomy = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
        await roomy.Listening;
        await AllReachTheirEndAsync(load);
    }

    [Fact]
    public async Task A_database_that_goes_away_for_moments_costs_nothing_that_was_acknowledged()
    {
        using var load = await NewLoadAsync();
        await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder);
        var address = await gateway.Listening;

        for (var time = 1; time <= Killing.Times; time++)
        {
            var before = load.Acknowledged.Count;
            var running = load.RunAsync(address, atMost: 5000, enough: () => load.Acknowledged.Count >= before + 300);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(load.Acknowledged.Count >= before + 50), Patience);
            await _database.InterruptAsync();
            await running;
        }

        Assert.DoesNotContain(HttpStatusCode.InternalServerError, load.Refused.Keys);
        await LeasesRunOutAsync();

        // The worker looks again when something new comes in.
        var all = load.Acknowledged.Count;
        await load.RunAsync(address, atMost: 100, enough: () => load.Acknowledged.Count > all);
        await AllReachTheirEndAsync(load);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Installation.DisposeAsync();
        _database.Dispose();
    }

    private async Task<Load> NewLoadAsync()
    {
        var site = await Installation.RunAsync("site", "add", "Crash", "--from", "news@shop.example");
        var siteId = site.GetProperty("site").GetString()!;
        var list = await Installation.RunAsync("list", "add", siteId, "Newsletter");
        return new Load(siteId, list.GetProperty("list").GetString()!, site.GetProperty("signingSecret").GetString()!);
    }

    /// <summary>The time that a dead worker's leases take to run out, passed while nobody runs.</summary>
    private Task LeasesRunOutAsync() =>
        Installation.ChangeRowsAsync(async db =>
        {
            var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);
            await db.Submissions.Where(row => row.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past));
            await db.Messages.Where(row => row.DueAt != null).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past));
        });

    private async Task AllReachTheirEndAsync(Load load)
    {
        await Eventually.BecomesAsync(
            () => InDatabaseAsync(db => db.Submissions.CountAsync(row => row.DueAt != null)),
            waiting => waiting == 0,
            Patience
        );
        await Eventually.BecomesAsync(
            () => InDatabaseAsync(db => db.Messages.CountAsync(row => row.DueAt != null)),
            waiting => waiting == 0,
            Patience
        );

        var rows = await InDatabaseAsync(db => db.Submissions.AsNoTracking().ToDictionaryAsync(row => row.Key));
        foreach (var (key, id) in load.Acknowledged)
        {
            var row = Assert.Contains(key, rows);
            Assert.Equal(id, PublicId.Format(PublicId.Submission, row.Id));
            Assert.Equal(SubmissionState.Done, row.State);
        }

        var requests = await InDatabaseAsync(db =>
            db.OptInRequests.Where(row => row.SubmissionId != null)
                .GroupBy(row => row.SubmissionId)
                .Select(group => group.Count())
                .ToListAsync()
        );
        Assert.All(requests, count => Assert.Equal(1, count));
        Assert.Equal(rows.Count, requests.Count);
        var sent = await InDatabaseAsync(db => db.Messages.CountAsync(row => row.State == MessageState.Sent));
        output.WriteLine(
            $"{load.Acknowledged.Count} acknowledged, {rows.Count} stored and done, {requests.Count} asked once, {sent} mails sent"
        );
        Assert.Equal(rows.Count, sent);
    }

    private static async Task Moment(int milliseconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds + 1));
        await timer.WaitForNextTickAsync();
    }

    private async Task<bool> IsMigratedAsync() => !(await InDatabaseAsync(db => db.Database.GetPendingMigrationsAsync())).Any();

    private Task<T> InDatabaseAsync<T>(Func<GatewayDb, Task<T>> work) => Installation.InDatabaseAsync(work);
}
