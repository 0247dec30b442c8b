using Hangfire;

namespace Gateway.Infrastructure.Queue;

/// <summary>The Hangfire job that keeps one worker going. The rows are the truth: it carries no data and is never retried.</summary>
internal sealed partial class QueueWorkerJob(
    IServiceScopeFactory scopes,
    IEnumerable<QueueWorkerRegistration> registrations,
    QueueWorkerSignals signals,
    InFlight inFlight,
    TimeProvider clock,
    ILogger<QueueWorkerJob> logger
)
{
    /// <summary>How long an idle worker waits for a signal, and how long a busy one goes on, before it gives its worker back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shift = TimeSpan.FromMinutes(10);

    /// <summary>How long everything else waits for suspects; the next turn is soon.</summary>
    private static readonly TimeSpan MaxAlone = TimeSpan.FromSeconds(5);

    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("Worker {0}")]
    public async Task RunAsync(string name, CancellationToken ct)
    {
        var registration = registrations.Single(one => one.Name == name);
        var signal = signals.Of(registration.Type);
        if (signal.IsRunning)
        {
            // Another process signalled, or the sweep came by: one loop in a process is enough.
            signal.Set();
            return;
        }

        signal.Entered();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, registration.Loops).Select(_ => RunLoopAsync(registration, signal, ct)));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down; leased rows come due again by themselves.
        }
        catch (Exception lost)
        {
            // Most likely the database went away. The next sweep tries again.
            LogStopped(name, lost);
        }
        finally
        {
            signal.Left();
        }
    }

    private async Task RunLoopAsync(QueueWorkerRegistration registration, QueueWorkerSignal signal, CancellationToken ct)
    {
        var end = clock.GetTimestamp() + (long)(Shift.TotalSeconds * clock.TimestampFrequency);
        while (clock.GetTimestamp() < end && await RunOnceAsync(registration, signal, ct)) { }
    }

    /// <returns>False when there was nothing to do for as long as the worker waits.</returns>
    private async Task<bool> RunOnceAsync(QueueWorkerRegistration registration, QueueWorkerSignal signal, CancellationToken ct)
    {
        await TrySuspectsAsync(registration, signal, ct);
        var hadFresh = registration.HasFresh && await RunFreshAsync(registration, signal, ct);
        if (registration.HasFresh && !signal.IsTimeToLook)
        {
            if (!hadFresh)
            {
                await signal.WaitForWorkAsync(QueueWorkerSignal.BetweenLooks, ct);
            }

            return true;
        }

        var news = signal.News;
        if (await RunInScopeAsync<IQueueWorker>(registration, signal, worker => worker.RunBatchAsync(ct), ct) > 0)
        {
            if (registration.Loops > 1)
            {
                // Where there was much there may be more, for the loop beside this one.
                signal.Set();
            }

            return true;
        }

        signal.FoundNothing(news);
        return hadFresh || await WaitAsync(registration, signal, ct);
    }

    private async Task<bool> RunFreshAsync(QueueWorkerRegistration registration, QueueWorkerSignal signal, CancellationToken ct)
    {
        if (await RunInScopeAsync<IFreshQueueWorker>(registration, signal, worker => worker.RunFreshBatchAsync(ct), ct) == 0)
        {
            return false;
        }

        if (registration.Loops > 1)
        {
            signal.SetFresh();
        }

        return true;
    }

    /// <inheritdoc cref="RunOnceAsync"/>
    private async Task<bool> WaitAsync(QueueWorkerRegistration registration, QueueWorkerSignal signal, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var next = await WorkerIn<IQueueWorker>(scope, registration).NextDueAsync(ct) - clock.GetUtcNow().UtcDateTime;
        var wait = next is { } left && left < Patience ? left : Patience;
        return await signal.WaitForWorkAsync(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(20), ct) || next < Patience;
    }

    private async Task<int> RunInScopeAsync<TWorker>(
        QueueWorkerRegistration registration,
        QueueWorkerSignal signal,
        Func<TWorker, Task<int>> run,
        CancellationToken ct
    )
        where TWorker : IQueueWorker
    {
        await using var scope = scopes.CreateAsyncScope();
        using (await inFlight.EnterAsync(ct))
        {
            return await RunBatchAsync(scope, () => run(WorkerIn<TWorker>(scope, registration)), signal);
        }
    }

    private static TWorker WorkerIn<TWorker>(AsyncServiceScope scope, QueueWorkerRegistration registration)
        where TWorker : IQueueWorker => (TWorker)scope.ServiceProvider.GetRequiredService(registration.Type);

    private static async Task<int> RunBatchAsync(AsyncServiceScope scope, Func<Task<int>> run, QueueWorkerSignal signal)
    {
        var leases = scope.ServiceProvider.GetRequiredService<Leases>();
        signal.Beat();
        try
        {
            return await run();
        }
        catch
        {
            leases.Interrupted();
            throw;
        }
        finally
        {
            signal.Beat();
            await leases.SurvivedAsync();
        }
    }

    /// <summary>Tries what processes held when they ended, one row at a time and alone. The others wait, so it is given up soon.</summary>
    private async Task TrySuspectsAsync(QueueWorkerRegistration registration, QueueWorkerSignal signal, CancellationToken ct)
    {
        if (!inFlight.IsTimeFor(registration.Name) || !await HasSuspectsAsync(registration.Name, ct))
        {
            return;
        }

        var patience = signal.PatienceWithOthers;
        using var alone = await inFlight.AloneAsync(patience, ct);
        signal.WasAlone(alone is not null);
        if (alone is null)
        {
            inFlight.WasInVain(registration.Name, patience);
            return;
        }

        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < MaxAlone)
        {
            await using var scope = scopes.CreateAsyncScope();
            var leases = scope.ServiceProvider.GetRequiredService<Leases>();
            leases.Suspects = true;
            var trying = TrySuspectAsync(scope, registration, signal, ct);
            if (await Task.WhenAny(trying, Task.Delay(MaxAlone, clock, ct)) != trying)
            {
                await leases.NotAloneAsync();
                alone.Dispose();
                await trying;
                return;
            }

            if (!await trying)
            {
                return;
            }
        }
    }

    /// <returns>False when there is none left.</returns>
    private async Task<bool> TrySuspectAsync(
        AsyncServiceScope scope,
        QueueWorkerRegistration registration,
        QueueWorkerSignal signal,
        CancellationToken ct
    )
    {
        var worker = WorkerIn<IQueueWorker>(scope, registration);
        if (await RunBatchAsync(scope, () => worker.RunBatchAsync(ct), signal) == 0)
        {
            return false;
        }

        await inFlight.NothingAsync(ct);
        return true;
    }

    private async Task<bool> HasSuspectsAsync(string queue, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return scope.ServiceProvider.GetServices<IQueueTable>().FirstOrDefault(table => table.Queue == queue) is { } table
            && await table.HasSuspectsAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The worker {Worker} stopped and will be started again within a minute")]
    private partial void LogStopped(string worker, Exception exception);
}
