using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Gateway.Tests.Hosting;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.States;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Tests.Operations;

[Trait("Database", "both")]
public sealed class HealthTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("/health/live", """^{"status":"live","checks":{}}$""")]
    [InlineData(
        "/health/ready",
        "^{\"status\":\"ready\",\"checks\":{\"database\":\"ok\",\"migrations\":\"ok\",\"background\":\"ok\","
            + "\"connections\":\"(ok|degraded)\",\"workers\":\"ok\"},\"problems\":\\[.*]}$"
    )]
    public async Task Probes_get_a_word_for_each_check_without_signing_in(string path, string expected)
    {
        using var client = gateway.CreateClient();

        // On a busy machine a check may take longer than checks may take.
        using var answer = await Eventually.BecomesAsync(() => client.GetAsync(path), seen => seen.IsSuccessStatusCode);
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Matches(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_database_that_takes_the_call_and_never_answers_is_failing_within_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        var report = await CheckAsync($"Host=127.0.0.1;Port={port};Username=nobody;Timeout=300").WaitAsync(Eventually.Patience);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["database"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["migrations"].Status);
    }

    [Fact]
    public async Task An_empty_database_answers_but_lacks_its_migrations()
    {
        var file = Path.Combine(gateway.Folder, $"{Guid.CreateVersion7():N}.db");

        // On a busy machine the first check may take longer than checks may take.
        var report = await Eventually.BecomesAsync(
            () => CheckAsync($"Data Source={file};Pooling=False"),
            seen =>
                seen.Entries["database"].Status == HealthStatus.Healthy
                && seen.Entries["migrations"].Description == "Migrations are pending."
        );

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["migrations"].Status);
    }

    [Fact]
    public async Task A_drain_that_nobody_saw_for_five_minutes_is_failing_until_it_is_seen_again()
    {
        var clock = new StoppedClock();
        QueueWorkerRegistration[] workers = [new("one", typeof(string)), new("two", typeof(int))];
        using var signals = new QueueWorkerSignals(workers, clock);
        using var storage = new InMemoryStorage();
        var check = new QueueWorkersCheck(workers, signals, storage, clock);

        Assert.Equal(HealthStatus.Healthy, await LookAsync());

        clock.Now += TimeSpan.FromMinutes(5.1);
        signals.Of(typeof(string)).Beat();
        Assert.Equal(HealthStatus.Unhealthy, await LookAsync());

        signals.Of(typeof(int)).Beat();
        Assert.Equal(HealthStatus.Healthy, await LookAsync());

        async Task<HealthStatus> LookAsync() => (await check.CheckHealthAsync(new HealthCheckContext())).Status;
    }

    [Fact]
    public async Task A_drain_that_another_process_sweeps_is_fine_unless_it_hangs_here()
    {
        var clock = new StoppedClock();
        clock.Now -= TimeSpan.FromMinutes(6);
        QueueWorkerRegistration worker = new("one", typeof(string));
        using var signals = new QueueWorkerSignals([worker], clock);
        using var storage = new InMemoryStorage();
        var check = new QueueWorkersCheck([worker], signals, storage, clock);
        clock.Now += TimeSpan.FromMinutes(6);

        SweepElsewhere(storage, worker.SweepId);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        signals.Of(worker.Type).Entered();
        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    private static void SweepElsewhere(InMemoryStorage storage, string sweep)
    {
        var sweeps = new RecurringJobManager(storage);
        sweeps.AddOrUpdate(sweep, () => GC.KeepAlive(null), Cron.Never);
        var job = sweeps.TriggerJob(sweep);
        new BackgroundJobClient(storage).ChangeState(job, new SucceededState(null, 0, 0));
    }

    private static async Task<HealthReport> CheckAsync(string connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Gateway", connectionString)])
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddGatewayData(configuration)
            .AddSingleton<QueueWorkerSignals>()
            .AddOutages()
            .AddHealth(new GatewayOptions { Roles = "api" })
            .BuildServiceProvider();
        return await services.GetRequiredService<Readiness>().LookAsync(CancellationToken.None);
    }

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = System.GetUtcNow();

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
