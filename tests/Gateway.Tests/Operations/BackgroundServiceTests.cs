using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Gateway.Tests.Hosting;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace Gateway.Tests.Operations;

/// <summary>Nothing that runs in the background ends the program: it begins anew, and readiness tells of it meanwhile.</summary>
[Trait("Database", "both")]
public sealed class BackgroundServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_service_that_fails_begins_anew_and_readiness_tells_of_it()
    {
        var failing = new FailingServices();
        using var service = new Fragile(failing);
        using var restarted = new RestartedService(service, failing, new NoPauses(), NullLogger<RestartedService>.Instance);

        await restarted.StartAsync(default);
        await service.Ran.Task.WaitAsync(Patience);
        await restarted.StopAsync(default);

        Assert.True(restarted.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Equal([HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Unhealthy], service.Seen);
    }

    [Fact]
    public async Task A_service_that_ends_with_the_program_has_not_failed()
    {
        var log = new FakeLogger<RestartedService>();
        using var service = new Ticking();
        using var restarted = new RestartedService(service, new FailingServices(), TimeProvider.System, log);

        await restarted.StartAsync(default);
        await service.Ran.Task.WaitAsync(Patience);
        await restarted.StopAsync(default);

        Assert.True(restarted.ExecuteTask!.IsCompletedSuccessfully);
        Assert.Empty(log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Sweeps_that_cannot_be_registered_are_tried_again_and_workers_are_started_meanwhile()
    {
        var worker = new QueueWorkerRegistration("locked", typeof(PoisonRow));
        using var signals = new QueueWorkerSignals([worker], TimeProvider.System);
        var failing = new FailingServices();
        var sweeps = new LockedSweeps(failing);
        var jobs = new Jobs();
        using var starter = new QueueWorkerStarter(
            [worker],
            signals,
            jobs,
            sweeps,
            failing,
            new NoPauses(),
            NullLogger<QueueWorkerStarter>.Instance
        );

        await starter.StartAsync(default);
        await sweeps.Registered.Task.WaitAsync(Patience);
        await jobs.Created.Task.WaitAsync(Patience);
        await Eventually.BecomesTrueAsync(async () => (await failing.CheckHealthAsync(new())).Status == HealthStatus.Healthy);
        await starter.StopAsync(default);

        Assert.Equal(HealthStatus.Unhealthy, sweeps.SeenMeanwhile);
    }

    [Fact]
    public void No_background_service_of_ours_ends_the_host()
    {
        var services = GatewayUnderTest.Shared.Services.GetServices<IHostedService>().ToList();

        Assert.DoesNotContain(services, service => service is BackgroundService and not RestartedService && IsOurs(service));
        Assert.Contains(services, service => service is RestartedService);
    }

    [Fact]
    public async Task A_lock_that_a_dead_process_left_is_taken_over_within_seconds()
    {
        if (!TestDatabase.IsPostgres)
        {
            // In memory there is no lock to leave.
            return;
        }

        var gateway = GatewayUnderTest.Shared;
        var resource = $"recurring-job:{Guid.CreateVersion7():N}";
        var left = "hangfire:" + resource;
        await gateway.InDatabaseAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"insert into hangfire.lock (resource, acquired) values ({left}, now() at time zone 'utc' - interval '16 s')"
            )
        );

        using var connection = gateway.Services.GetRequiredService<JobStorage>().GetConnection();
        using var taken = connection.AcquireDistributedLock(resource, TimeSpan.FromSeconds(20));

        Assert.NotNull(taken);
    }

    private static bool IsOurs(object service) => service.GetType().Assembly == typeof(Program).Assembly;

    private sealed class PoisonRow;

    /// <summary>Pauses are over at once; the minute after which a service counts as running stays one.</summary>
    private sealed class NoPauses : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < TimeSpan.FromMinutes(1) ? Least(dueTime) : dueTime, period);

        private static TimeSpan Least(TimeSpan pause) => pause > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : pause;
    }

    /// <summary>Does something now and then until it is told to end.</summary>
    private sealed class Ticking : BackgroundService
    {
        public TaskCompletionSource Ran { get; } = new();

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Ran.TrySetResult();
            using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
            await timer.WaitForNextTickAsync(stoppingToken);
        }
    }

    private sealed class Fragile(FailingServices failing) : BackgroundService
    {
        public TaskCompletionSource Ran { get; } = new();

        public List<HealthStatus> Seen { get; } = [];

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Seen.Add((await failing.CheckHealthAsync(new(), stoppingToken)).Status);
            if (Seen.Count < 3)
            {
                throw new InvalidOperationException("It was to fail.");
            }

            Ran.SetResult();
            await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class LockedSweeps(FailingServices failing) : IRecurringJobManager
    {
        private int _tries;

        public TaskCompletionSource Registered { get; } = new();

        public HealthStatus? SeenMeanwhile { get; private set; }

        public void AddOrUpdate(string recurringJobId, Job job, string cronExpression, RecurringJobOptions options)
        {
            if (++_tries < 3)
            {
                throw new Hangfire.Storage.DistributedLockTimeoutException(recurringJobId);
            }

            SeenMeanwhile = failing.CheckHealthAsync(new()).GetAwaiter().GetResult().Status;
            Registered.SetResult();
        }

        public void Trigger(string recurringJobId) { }

        public void RemoveIfExists(string recurringJobId) { }
    }

    private sealed class Jobs : IBackgroundJobClient
    {
        public TaskCompletionSource Created { get; } = new();

        public string Create(Job job, IState state)
        {
            Created.TrySetResult();
            return "1";
        }

        public bool ChangeState(string jobId, IState state, string expectedState) => true;
    }
}
