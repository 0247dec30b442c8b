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
        await using var scope = scopes.CreateAsyncScope();
        var worker = (IQueueWorker)scope.ServiceProvider.GetRequiredService(registration.Type);
        int taken;
        using (await inFlight.EnterAsync(ct))
        {
            taken = await RunBatchAsync(scope, worker, signal, ct);
        }

        if (taken > 0)
        {
            if (registration.Loops > 1)
            {
                // Where there was much there may be more, for the loop beside this one.
                signal.Set();
            }

            return true;
        }

        var next = await worker.NextDueAsync(ct) - clock.GetUtcNow().UtcDateTime;
        var wait = next is { } left && left < Patience ? left : Patience;
        return await signal.WaitForWorkAsync(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(20), ct) || next < Patience;
    }

    private static async Task<int> RunBatchAsync(
        AsyncServiceScope scope,
        IQueueWorker worker,
        QueueWorkerSignal signal,
        CancellationToken ct
    )
    {
        var leases = scope.ServiceProvider.GetRequiredService<Leases>();
        signal.Beat();
        try
        {
            return await worker.RunBatchAsync(ct);
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
        var worker = (IQueueWorker)scope.ServiceProvider.GetRequiredService(registration.Type);
        if (await RunBatchAsync(scope, worker, signal, ct) == 0)
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
