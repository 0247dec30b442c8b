namespace Gateway.Infrastructure.Queue;

/// <summary>Says that a worker has something to do. It costs a request nothing and may be lost: the sweep finds what it leaves.</summary>
internal sealed class Signal<TWorker>(QueueWorkerSignals signals)
    where TWorker : IQueueWorker
{
    public void Wake() => Wake(isAllFresh: false);

    /// <summary>The same, where some of what there is to do waits in memory (<see cref="IFreshQueueWorker"/>).</summary>
    /// <param name="isAllFresh">Whether all of it does: then there is nothing new in the table.</param>
    public void Wake(bool isAllFresh)
    {
        var signal = signals.Of(typeof(TWorker));
        if (isAllFresh)
        {
            signal.SetFresh();
        }
        else
        {
            signal.Set();
        }
    }
}

/// <summary>One signal for each worker of this process.</summary>
internal sealed class QueueWorkerSignals : IDisposable
{
    private readonly Dictionary<Type, QueueWorkerSignal> _signals;

    public QueueWorkerSignals(IEnumerable<QueueWorkerRegistration> registrations, TimeProvider clock) =>
        _signals = registrations.ToDictionary(registration => registration.Type, _ => new QueueWorkerSignal(clock));

    public QueueWorkerSignal Of(Type registration) => _signals[registration];

    public void Dispose()
    {
        foreach (var signal in _signals.Values)
        {
            signal.Dispose();
        }
    }
}

/// <summary>Coalesces any number of signals into one, and wakes the worker that runs or, when none does, whoever starts it.</summary>
internal sealed class QueueWorkerSignal(TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly SemaphoreSlim _start = new(0, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How seldom the table is looked at while what is new comes by memory: others may have written to it.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private int _running;
    private int _vain;
    private int _news = 1;
    private int _known;
    private long _lookedAt;
    private long _seen = clock.GetTimestamp();

    public bool IsRunning => Volatile.Read(ref _running) > 0;

    /// <summary>How long ago the worker began or ended a batch in this process, or the process began.</summary>
    public TimeSpan SinceSeen => clock.GetElapsedTime(Volatile.Read(ref _seen));

    /// <summary>
    /// How long a suspect of this worker waits for all others to end, which keeps them from beginning: longer each time it was in vain.
    /// </summary>
    public TimeSpan PatienceWithOthers => Patience * Math.Min(Volatile.Read(ref _vain) + 1, 15);

    public void WasAlone(bool isSo) => Volatile.Write(ref _vain, isSo ? 0 : _vain + 1);

    public void Beat() => Volatile.Write(ref _seen, clock.GetTimestamp());

    /// <summary>Goes up whenever somebody says that there is something new in the table.</summary>
    public int News => Volatile.Read(ref _news);

    /// <summary>Whether there may be something in the table that nobody has found yet.</summary>
    public bool IsTimeToLook => News != Volatile.Read(ref _known) || clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= BetweenLooks;

    /// <summary>Nothing was due in the table.</summary>
    /// <param name="news">As they were before the look.</param>
    public void FoundNothing(int news)
    {
        Volatile.Write(ref _known, news);
        Volatile.Write(ref _lookedAt, clock.GetTimestamp());
    }

    public void Set()
    {
        Interlocked.Increment(ref _news);
        SetFresh();
    }

    public void SetFresh()
    {
        Release(_work);
        if (!IsRunning)
        {
            Release(_start);
        }
    }

    /// <returns>Whether a signal came within the time.</returns>
    public Task<bool> WaitForWorkAsync(TimeSpan atMost, CancellationToken ct) => _work.WaitAsync(atMost, ct);

    /// <summary>Waits until a signal finds no worker running in this process.</summary>
    public Task WaitForStartAsync(CancellationToken ct) => _start.WaitAsync(ct);

    public void Entered() => Interlocked.Increment(ref _running);

    public void Left()
    {
        Interlocked.Decrement(ref _running);
        if (_work.CurrentCount > 0)
        {
            // It came while the worker was already on its way out.
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
            // Somebody else woke it in the same instant.
        }
    }
}

/// <summary>A worker by the name its jobs and metrics carry.</summary>
internal sealed record QueueWorkerRegistration(string Name, Type Type, int Loops = 1)
{
    /// <summary>The id of its recurring job.</summary>
    public string SweepId => $"worker-{Name}";

    /// <summary>Whether rows also reach it by memory.</summary>
    public bool HasFresh { get; } = Type.IsAssignableTo(typeof(IFreshQueueWorker));
}
