using Gateway.Features.Lists;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Queue;

/// <summary>What a process held when it was killed, or its database went away, does not wait for the end of its leases.</summary>
[Trait("Database", "both")]
[Trait("Undone", "no")]
public sealed class DeadProcessTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    private readonly TestDatabase _database = new();
    private readonly TestClock _clock = new();
    private readonly Installation _first;
    private readonly Installation _second;

    public DeadProcessTests() => (_first, _second) = (new(_database.Settings), new(_database.Settings));

    [Fact]
    public async Task It_is_due_at_once_for_one_of_the_others()
    {
        await StoreAsync(3);
        Assert.Equal(3, (await TakeAsync(_first)).Count);
        await IsKilledAsync(_first);
        Assert.Empty(await TakeAsync(_second, suspects: true));

        var returned = await LookAsync(_second);

        Assert.Equal(new Dictionary<string, int> { ["lists"] = 3 }, returned);
        Assert.Single(await TakeAsync(_second, suspects: true));
        Assert.Empty(await LookAsync(_second));
    }

    [Fact]
    public async Task What_living_processes_hold_stays_with_them()
    {
        await StoreAsync(3);
        if (TestDatabase.IsPostgres)
        {
            Assert.Single(await TakeAsync(_first, max: 1));
            Assert.Empty(await LookAsync(_first));
        }

        Assert.NotEmpty(await TakeAsync(_second));

        Assert.Empty(await LookAsync(_second));
    }

    [Fact]
    public async Task Whoever_was_away_from_the_database_gives_the_others_time_to_say_that_they_live()
    {
        await StoreAsync(1);
        await TakeAsync(_first);
        await IsKilledAsync(_first);
        var look = await _second.InScopeAsync(services =>
            Task.FromResult(ActivatorUtilities.CreateInstance<ReturnLeases>(services.GetRequiredService<IServiceProvider>(), _clock))
        );
        _clock.Advance(TimeSpan.FromMinutes(1));

        var first = await look.LookAsync(default);
        var later = 0;
        for (var seconds = 0; seconds < 16; seconds += 2)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            later += (await look.LookAsync(default)).Values.Sum();
        }

        // There is nobody else on SQLite who could have been away.
        Assert.Equal(TestDatabase.IsPostgres ? (0, 1) : (1, 0), (first.Values.Sum(), later));
    }

    [Fact]
    public async Task What_a_batch_left_that_ended_by_an_exception_is_due_soon()
    {
        await StoreAsync(3);
        await _first.InScopeAsync(async services =>
        {
            var leases = services.GetRequiredService<Leases>();
            Assert.Equal(3, (await leases.TakeAsync<ListSync>(10, Lease, default)).Count);
            leases.Interrupted();
            await leases.SurvivedAsync();
            return true;
        });

        Assert.All(await RowsAsync(), IsDueSoon);
    }

    [Fact]
    public async Task What_was_leased_by_a_commit_that_nobody_heard_of_is_due_soon()
    {
        await StoreAsync(3);
        await _first.InScopeAsync(async services =>
        {
            services.GetRequiredService<GatewayDb>().OnCommitted(() => throw new IOException("The line is cut."));
            var leases = services.GetRequiredService<Leases>();
            await Assert.ThrowsAsync<IOException>(() => leases.TakeAsync<ListSync>(10, Lease, default));
            Assert.All(await RowsAsync(), row => Assert.NotNull(row.LeasedUntil));
            leases.Interrupted();
            await leases.SurvivedAsync();
            return true;
        });

        Assert.All(await RowsAsync(), IsDueSoon);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _database.Dispose();
    }

    private static async Task<IReadOnlyDictionary<string, int>> LookAsync(Installation installation) =>
        await installation.InScopeAsync(services =>
        {
            services.GetRequiredService<InFlight>().Settling = TimeSpan.Zero;
            return services.GetRequiredService<ReturnLeases>().LookAsync(default);
        });

    /// <summary>It said that it lived, and has not since.</summary>
    private static async Task IsKilledAsync(Installation installation)
    {
        if (TestDatabase.IsPostgres)
        {
            await LookAsync(installation);
            await installation.InScopeAsync(services =>
                services
                    .GetRequiredService<GatewayDb>()
                    .Database.ExecuteSqlAsync($"update worker_processes set seen_at = seen_at - interval '7 seconds'")
            );
        }
    }

    private static Task<List<ListSync>> TakeAsync(Installation installation, int max = 10, bool suspects = false) =>
        installation.InScopeAsync(services =>
        {
            var leases = services.GetRequiredService<Leases>();
            leases.Suspects = suspects;
            return leases.TakeAsync<ListSync>(max, Lease, default);
        });

    private static void IsDueSoon(ListSync row)
    {
        Assert.Null(row.LeasedUntil);
        Assert.True(row.DueAt < TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
    }

    private Task<List<ListSync>> RowsAsync() =>
        _second.InScopeAsync(services => services.GetRequiredService<GatewayDb>().Set<ListSync>().AsNoTracking().ToListAsync());

    private Task StoreAsync(int count) =>
        _first.InScopeAsync(services =>
        {
            var db = services.GetRequiredService<GatewayDb>();
            return db.WriteAsync(
                () =>
                {
                    db.AddRange(
                        Enumerable
                            .Range(0, count)
                            .Select(_ => new ListSync
                            {
                                Id = Guid.CreateVersion7(),
                                SubscriptionId = Guid.CreateVersion7(),
                                DueAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1),
                            })
                    );
                    return db.SaveChangesAsync();
                },
                default
            );
        });
}
