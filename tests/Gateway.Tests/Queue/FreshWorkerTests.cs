using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Queue;

/// <summary>What waits in memory is worked off before the worker rests, whatever it finds in its table.</summary>
public sealed class FreshWorkerTests : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly QueueWorkerRegistration _registration = new("test", typeof(Worker));
    private readonly QueueWorkerSignals _signals;
    private readonly InFlight _inFlight;
    private readonly Worker _worker = new();

    public FreshWorkerTests()
    {
        _signals = new([_registration], TimeProvider.System);
        var services = new ServiceCollection().AddSingleton(_worker);
        // Nothing is leased here, so nobody asks a database.
        services.AddScoped(provider => new Leases(null!, TimeProvider.System, _inFlight!, new ThisProcess(), provider));
        _services = services.BuildServiceProvider();
        _inFlight = new(_services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, NullLogger<InFlight>.Instance);
    }

    [Fact]
    public async Task All_that_waits_in_memory_is_taken_before_the_worker_rests()
    {
        _worker.Fresh = 3;
        using var end = new CancellationTokenSource();
        var running = Job().RunAsync(_registration.Name, end.Token);

        await _worker.Rests.Task;
        await end.CancelAsync();
        await running;

        Assert.Equal(0, _worker.Fresh);
    }

    public void Dispose()
    {
        _services.Dispose();
        _signals.Dispose();
        _inFlight.Dispose();
    }

    private QueueWorkerJob Job() =>
        new(
            _services.GetRequiredService<IServiceScopeFactory>(),
            [_registration],
            _signals,
            _inFlight,
            TimeProvider.System,
            NullLogger<QueueWorkerJob>.Instance
        );

    private sealed class Worker : IFreshQueueWorker
    {
        public int Fresh { get; set; }

        public TaskCompletionSource Rests { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> RunFreshBatchAsync(CancellationToken ct) => Task.FromResult(Fresh > 0 ? Fresh-- : 0);

        /// <summary>Its table is empty.</summary>
        public Task<int> RunBatchAsync(CancellationToken ct) => Task.FromResult(0);

        public Task<DateTime?> NextDueAsync(CancellationToken ct)
        {
            Rests.TrySetResult();
            return Task.FromResult<DateTime?>(null);
        }
    }
}
