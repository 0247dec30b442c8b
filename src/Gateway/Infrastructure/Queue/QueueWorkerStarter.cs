using Hangfire;

namespace Gateway.Infrastructure.Queue;

/// <summary>Registers the sweeps, and turns a nudge that finds no drain running into one Hangfire job, away from the request's thread.</summary>
internal sealed partial class QueueWorkerStarter(
    IEnumerable<QueueWorkerRegistration> drains, QueueWorkerSignals signals, IBackgroundJobClient jobs, IRecurringJobManager sweeps,
    TimeProvider clock, ILogger<QueueWorkerStarter> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var drain in drains)
        {
            sweeps.AddOrUpdate<QueueWorkerJob>(drain.SweepId, job => job.RunAsync(drain.Name, CancellationToken.None), Cron.Minutely);
            signals.Of(drain.Type).Set();
        }

        await Task.WhenAll(drains.Select(drain => StartOnNudgeAsync(drain, stoppingToken)));
    }

    private async Task StartOnNudgeAsync(QueueWorkerRegistration drain, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await signals.Of(drain.Type).WaitForStartAsync(ct);
                jobs.Enqueue<QueueWorkerJob>(job => job.RunAsync(drain.Name, CancellationToken.None));

                // The job needs a moment to be picked up; until then further nudges would only queue it again.
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost)
            {
                // Hangfire's storage is away. The nudge is lost, the sweep is not.
                LogNotStarted(drain.Name, lost);
                await Task.Delay(TimeSpan.FromSeconds(5), clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not start the drain {Drain}; the sweep will")]
    private partial void LogNotStarted(string drain, Exception exception);
}
