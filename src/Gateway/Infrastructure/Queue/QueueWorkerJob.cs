using Hangfire;

namespace Gateway.Infrastructure.Queue;

/// <summary>The Hangfire job that keeps one worker going. The rows are the truth: it carries no data and is never retried.</summary>
internal sealed partial class QueueWorkerJob(
    IServiceScopeFactory scopes,
    IEnumerable<QueueWorkerRegistration> registrations,
    QueueWorkerSignals signals,
    TimeProvider clock,
    ILogger<QueueWorkerJob> logger
)
{
    /// <summary>How long an idle worker waits for a signal, and how long a busy one goes on, before it gives its worker back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shift = TimeSpan.FromMinutes(10);

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
        await using var scope = scopes.CreateAsyncScope();
        var worker = (IQueueWorker)scope.ServiceProvider.GetRequiredService(registration.Type);
        signal.Beat();
        var taken = await worker.RunBatchAsync(ct);
        signal.Beat();
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

    [LoggerMessage(LogLevel.Warning, "The worker {Worker} stopped and will be started again within a minute")]
    private partial void LogStopped(string worker, Exception exception);
}
