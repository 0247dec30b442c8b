using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Gateway.Features.Lists;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>
/// Lists through kills: whoever confirmed, moved, left or was erased is at the provider in the end as they were left here, whatever moment
/// the process dies at and whatever the provider leaves unanswered.
/// </summary>
[Collection(Killing.Name)]
public sealed class ListCrashTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly int Total = FullRun.IsAsked ? 2000 : 400;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ITestOutputHelper _output;
    private readonly TestDatabase _database = new();
    private readonly Stopwatch _began = Stopwatch.StartNew();
    private Installation? _installation;

    public ListCrashTests(ITestOutputHelper output) => _output = output;

    public static TheoryData<string> Names => ListUnderFire.Names;

    private Installation Installation => _installation!;

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Run", "full")]
    public async Task Killed_in_the_middle_of_a_load_the_provider_has_everybody_in_the_end_as_they_were_left(string name)
    {
        await using var fire = await ListUnderFire.StartAsync(name, closes: 20);
        using var load = await NewLoadAsync(fire);
        await using var last = await KillAsync(fire, load);
        await AllReachTheirEndAsync(load, await last.Listening);
        await IsAsLeftAsync(name, fire, load);
    }

    [Fact]
    [Trait("Run", "full")]
    public async Task Killed_on_both_sides_a_receiver_hears_everything_and_knows_what_it_heard_before_by_its_id()
    {
        await using var fire = await ListUnderFire.StartAsync("webhook", closes: 20);
        using var load = await NewLoadAsync(fire);
        await using var receiver = new KilledReceiver();
        await receiver.Wire.StartAsync();
        var secret = WebhookSignature.NewSecret();
        await AddHookAsync(EventTypes.SubscriptionConfirmed, receiver.Wire.Address + "/hook", secret);

        await using var last = await KillAsync(fire, load, fire.Wire, receiver.Wire);
        await AllReachTheirEndAsync(load, await last.Listening);
        await IsAsLeftAsync("webhook, killed too", fire, load);

        // Events of people who were erased are gone here, told or not.
        var events = await Installation.InDatabaseAsync(db =>
            db.Set<Event>().AsNoTracking().Where(row => row.Type == EventTypes.SubscriptionConfirmed).Select(row => row.Id).ToListAsync()
        );
        var told = receiver.Told.GroupBy(one => one.Id).ToDictionary(same => same.Key);
        _output.WriteLine(
            $"hook: {events.Count} events, {told.Count} told, {receiver.Told.Count} times, {receiver.Wire.Closed} not answered"
        );
        Assert.Empty(events.Select(id => PublicId.Format(PublicId.Event, id)).Except(told.Keys));
        Assert.All(told.Values, same => Assert.Single(same.Select(one => Convert.ToHexString(one.Body)).Distinct()));
        Assert.All(receiver.Told, one => Assert.True(one.IsSignedWith(secret)));
        var people = told.Values.Select(same => (string)same.First().Json["data"]!["contact"]!["id"]!).ToHashSet();
        Assert.Empty(load.Accepted.Where(one => one.Key.City is not null).Select(one => one.Value).Except(people));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
        {
            await _installation.DisposeAsync();
        }

        _database.Dispose();
    }

    private async Task<ContactLoad> NewLoadAsync(ListUnderFire fire)
    {
        var settings = new Dictionary<string, string>(_database.Settings);
        foreach (var (name, value) in fire.Settings)
        {
            settings[name] = value;
        }

        _installation = new(settings);
        var site = await Installation.RunAsync("site", "add", "Crash", "--from", "news@shop.example");
        var list = await Installation.RunAsync(
            "list",
            "add",
            site.GetProperty("site").GetString()!,
            "News",
            "--provider",
            fire.Members.Provider,
            "--provider-list",
            fire.Members.ListId
        );
        return new(
            site.GetProperty("clientId").GetString()!,
            site.GetProperty("clientSecret").GetString()!,
            list.GetProperty("list").GetString()!
        );
    }

    private Task AddHookAsync(string events, string url, string secret) =>
        Installation.InScopeAsync(async scope =>
        {
            var site = await Installation.InDatabaseAsync(db => db.Set<Site>().AsNoTracking().SingleAsync());
            return await scope.GetRequiredService<HookStore>().AddAsync(site.Id, events, url, secret, CancellationToken.None);
        });

    /// <param name="others">They die with the gateway, and come back when the next one has met that they are dead.</param>
    /// <returns>A gateway that lives, when all of the load was acknowledged.</returns>
    private async Task<GatewayProcess> KillAsync(ListUnderFire fire, ContactLoad load, params Wire[] others)
    {
        using var end = new CancellationTokenSource();
        var passing = LetTimePassAsync(end.Token);
        var rising = Task.CompletedTask;
        for (var kill = 1; kill <= Killing.Times; kill++)
        {
            await using var gateway = NewGateway(fire);
            var address = await gateway.Listening;
            var fatal = Math.Min((Total * kill / (Killing.Times + 1)) + Random.Shared.Next(-20, 20), Total);
            var killing = EndAsync(fatal, rising, gateway);
            await load.RunAsync(address, Total);
            await killing;
            rising = RiseAsync(Math.Min(load.Accepted.Count + 5, Total));
        }

        var last = NewGateway(fire);
        await load.RunAsync(await last.Listening, Total);
        await rising;
        await end.CancelAsync();
        await passing;
        Assert.Equal(Total, load.Accepted.Count);
        return last;

        async Task EndAsync(int fatal, Task rising, GatewayProcess gateway)
        {
            await AcceptedAsync(fatal);
            await rising;
            await Task.WhenAll([gateway.KillAsync(), .. others.Select(other => other.DieAsync())]);
        }

        async Task RiseAsync(int accepted)
        {
            await AcceptedAsync(accepted);
            await Task.WhenAll(others.Select(other => other.StartAsync()));
        }

        Task AcceptedAsync(int count) => Eventually.BecomesTrueAsync(() => Task.FromResult(load.Accepted.Count >= count), Patience);
    }

    private GatewayProcess NewGateway(ListUnderFire fire) =>
        GatewayProcess.Start(_database.ConnectionString, _database.Folder, settings: fire.Settings);

    /// <summary>Nobody waits for minutes until a provider is asked again.</summary>
    private async Task LetTimePassAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                await LetPausesPassAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    /// <summary>The pauses after an answer that was lost. What is being pushed at this moment is left alone.</summary>
    private Task LetPausesPassAsync()
    {
        var past = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);
        return Installation.ChangeRowsAsync(async db =>
        {
            await db.Set<Outage>()
                .Where(row => row.EndedAt == null && row.ProbeAt > past)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ProbeAt, past));
            await db.Set<ListSync>()
                .Where(row => row.DueAt > past && row.LeasedUntil != row.DueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past).SetProperty(row => row.HeldBy, (string?)null));
            await db.Set<Delivery>()
                .Where(row => row.DueAt > past && row.LeasedUntil != row.DueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, past));
        });
    }

    private async Task AllReachTheirEndAsync(ContactLoad load, Uri gateway)
    {
        var (more, asked) = (0, TimeSpan.Zero);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await LetPausesPassAsync();
                var waits = await Installation.InDatabaseAsync(async db =>
                    await db.Set<ListSync>().AnyAsync(row => row.DueAt != null)
                    || await db.Set<Event>().AnyAsync(row => row.DueAt != null)
                    || await db.Set<Delivery>().AnyAsync(row => row.DueAt != null)
                );
                if (waits && _began.Elapsed - asked > TimeSpan.FromSeconds(2))
                {
                    // The workers look again when something new comes in.
                    asked = _began.Elapsed;
                    await load.RunAsync(gateway, Total + ++more);
                }

                return !waits;
            },
            Patience
        );
    }

    private async Task IsAsLeftAsync(string name, ListUnderFire fire, ContactLoad load)
    {
        var rows = await Installation.InDatabaseAsync(db => db.Set<ListSync>().AsNoTracking().ToListAsync());
        var expected = load.Accepted.Keys.ToDictionary(one => one.Email, one => one.City);
        var wrong = expected.Where(one => fire.Members.IsSubscribed(one.Key) != one.Value is not null).ToList();
        _output.WriteLine(
            $"{name}, {(TestDatabase.IsPostgres ? "PostgreSQL" : "SQLite")}: {expected.Count} people, "
                + $"{expected.Count(one => one.Value is not null)} stay, {wrong.Count} wrong, {fire.Wire.Closed} calls not answered"
                + (fire.Members is WebhookAccount { Repeated: var repeated } ? $", {repeated} changes repeated" : "")
                + $", {Killing.Times} kills; refused: {string.Join(", ", load.Refused)}; {_began.Elapsed.TotalSeconds:0} s"
        );
        Assert.Empty(wrong);
        Assert.All(
            expected.Where(one => one.Value is not null),
            one => Assert.Equal(one.Value, fire.Members.PropertyOf(one.Key, "city"))
        );
        Assert.All(rows, row => Assert.Null(row.Failure));
        Assert.Equal(expected.Count(one => one.Value is not null), rows.Count(row => row.Synced == DesiredState.Subscribed));
    }

    /// <summary>Somebody who hears of events, and has what it heard on its disk before it answers.</summary>
    private sealed class KilledReceiver : IAsyncDisposable
    {
        public KilledReceiver() =>
            Wire = new(
                async request =>
                {
                    Told.Enqueue(await Hooks.Told.OfAsync(request));
                    return new(HttpStatusCode.OK) { Content = new StringContent("") };
                },
                closes: 20
            );

        public Wire Wire { get; }

        public ConcurrentQueue<Told> Told { get; } = new();

        public ValueTask DisposeAsync() => Wire.DisposeAsync();
    }
}
