using Hangfire;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Registers the sweeps, and turns a signal that finds no worker running into one Hangfire job, away from the request's thread.
/// </summary>
internal sealed partial class QueueWorkerStarter(
    IEnumerable<QueueWorkerRegistration> registrations,
    QueueWorkerSignals signals,
    IBackgroundJobClient jobs,
    IRecurringJobManager sweeps,
    TimeProvider clock,
    ILogger<QueueWorkerStarter> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var registration in registrations)
        {
            sweeps.AddOrUpdate<QueueWorkerJob>(
                registration.SweepId,
                job => job.RunAsync(registration.Name, CancellationToken.None),
                Cron.Minutely
            );
            signals.Of(registration.Type).Set();
        }

        await Task.WhenAll(registrations.Select(registration => StartOnSignalAsync(registration, stoppingToken)));
    }

    private async Task StartOnSignalAsync(QueueWorkerRegistration registration, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await signals.Of(registration.Type).WaitForStartAsync(ct);
                jobs.Enqueue<QueueWorkerJob>(job => job.RunAsync(registration.Name, CancellationToken.None));

                // The job needs a moment to be picked up; until then further signals would only queue it again.
                await Task.Delay(TimeSpan.FromSeconds(1), clock, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost)
            {
                // Hangfire's storage is away. The signal is lost, the sweep is not.
                LogNotStarted(registration.Name, lost);
                await Task.Delay(TimeSpan.FromSeconds(5), clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not start the worker {Worker}; the sweep will")]
    private partial void LogNotStarted(string worker, Exception exception);
}
