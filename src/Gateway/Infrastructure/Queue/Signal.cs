namespace Gateway.Infrastructure.Queue;

/// <summary>Says that a drain has something to do. It costs a request nothing and may be lost: the sweep finds what it leaves.</summary>
internal sealed class Signal<TDrain>(QueueWorkerSignals signals)
    where TDrain : IQueueWorker
{
    public void Wake() => signals.Of(typeof(TDrain)).Set();
}

/// <summary>One signal for each drain of this process.</summary>
internal sealed class QueueWorkerSignals : IDisposable
{
    private readonly Dictionary<Type, QueueWorkerSignal> _signals;

    public QueueWorkerSignals(IEnumerable<QueueWorkerRegistration> drains, TimeProvider clock) =>
        _signals = drains.ToDictionary(drain => drain.Type, _ => new QueueWorkerSignal(clock));

    public QueueWorkerSignal Of(Type drain) => _signals[drain];

    public void Dispose()
    {
        foreach (var signal in _signals.Values)
        {
            signal.Dispose();
        }
    }
}

/// <summary>Coalesces any number of nudges into one, and wakes the drain that runs or, when none does, whoever starts it.</summary>
internal sealed class QueueWorkerSignal(TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly SemaphoreSlim _start = new(0, 1);
    private int _running;
    private long _seen = clock.GetTimestamp();

    public bool IsRunning => Volatile.Read(ref _running) > 0;

    /// <summary>How long ago the drain began or ended a batch in this process, or the process began.</summary>
    public TimeSpan SinceSeen => clock.GetElapsedTime(Volatile.Read(ref _seen));

    public void Beat() => Volatile.Write(ref _seen, clock.GetTimestamp());

    public void Set()
    {
        Release(_work);
        if (!IsRunning)
        {
            Release(_start);
        }
    }

    /// <returns>Whether a nudge came within the time.</returns>
    public Task<bool> WaitForWorkAsync(TimeSpan atMost, CancellationToken ct) => _work.WaitAsync(atMost, ct);

    /// <summary>Waits until a nudge finds no drain running in this process.</summary>
    public Task WaitForStartAsync(CancellationToken ct) => _start.WaitAsync(ct);

    public void Entered() => Interlocked.Increment(ref _running);

    public void Left()
    {
        Interlocked.Decrement(ref _running);
        if (_work.CurrentCount > 0)
        {
            // It came while the drain was already on its way out.
            Release(_start);
        }
    }

    public void Dispose()
    {
        _work.Dispose();
        _start.Dispose();
    }

    private static void Release(SemaphoreSlim semaphore)
    {
        if (semaphore.CurrentCount > 0)
        {
            return;
        }

        try
        {
            semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else nudged in the same instant.
        }
    }
}

/// <summary>A drain by the name its jobs and metrics carry.</summary>
internal sealed record QueueWorkerRegistration(string Name, Type Type, int Loops = 1)
{
    /// <summary>The id of its recurring job.</summary>
    public string SweepId => $"drain-{Name}";
}
