using Hangfire;

namespace Gateway.Infrastructure.Queue;

/// <summary>The Hangfire job that keeps one drain going. The rows are the truth: it carries no data and is never retried.</summary>
internal sealed partial class QueueWorkerJob(
    IServiceScopeFactory scopes, IEnumerable<QueueWorkerRegistration> drains, QueueWorkerSignals signals, TimeProvider clock, ILogger<QueueWorkerJob> logger)
{
    /// <summary>How long an idle drain waits for a nudge, and how long a busy one goes on, before it gives its worker back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shift = TimeSpan.FromMinutes(10);

    [AutomaticRetry(Attempts = 0)]
    [JobDisplayName("Drain {0}")]
    public async Task RunAsync(string name, CancellationToken ct)
    {
        var drain = drains.Single(one => one.Name == name);
        var signal = signals.Of(drain.Type);
        if (signal.IsRunning)
        {
            // Another process nudged, or the sweep came by: one loop in a process is enough.
            signal.Set();
            return;
        }

        signal.Entered();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, drain.Loops).Select(_ => RunLoopAsync(drain, signal, ct)));
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

    private async Task RunLoopAsync(QueueWorkerRegistration drain, QueueWorkerSignal signal, CancellationToken ct)
    {
        var end = clock.GetTimestamp() + (long)(Shift.TotalSeconds * clock.TimestampFrequency);
        while (clock.GetTimestamp() < end && await RunOnceAsync(drain, signal, ct))
        {
        }
    }

    /// <returns>False when there was nothing to do for as long as the drain waits.</returns>
    private async Task<bool> RunOnceAsync(QueueWorkerRegistration drain, QueueWorkerSignal signal, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var worker = (IQueueWorker)scope.ServiceProvider.GetRequiredService(drain.Type);
        signal.Beat();
        var taken = await worker.RunBatchAsync(ct);
        signal.Beat();
        if (taken > 0)
        {
            if (drain.Loops > 1)
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

    [LoggerMessage(LogLevel.Warning, "The drain {Drain} stopped and will be started again within a minute")]
    private partial void LogStopped(string drain, Exception exception);
}
