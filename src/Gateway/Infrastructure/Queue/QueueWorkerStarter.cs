using Gateway.Infrastructure.Telemetry.Health;
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
    FailingServices failing,
    TimeProvider clock,
    ILogger<QueueWorkerStarter> logger
) : BackgroundService
{
    private const string Sweeps = "sweeps";

    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(1), Max: TimeSpan.FromSeconds(30));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var registration in registrations)
        {
            signals.Of(registration.Type).Set();
        }

        // Registering waits for locks in Hangfire's storage, which a process that ended may have left. Nothing else waits for it.
        await Task.WhenAll([
            Task.Run(() => RegisterSweepsAsync(stoppingToken), stoppingToken),
            .. registrations.Select(registration => StartOnSignalAsync(registration, stoppingToken)),
        ]);
    }

    private async Task RegisterSweepsAsync(CancellationToken ct)
    {
        var left = new Queue<QueueWorkerRegistration>(registrations);
        for (var failures = 0; left.TryPeek(out var registration) && !ct.IsCancellationRequested; )
        {
            try
            {
                sweeps.AddOrUpdate<QueueWorkerJob>(
                    registration.SweepId,
                    job => job.RunAsync(registration.Name, CancellationToken.None),
                    Cron.Minutely
                );
                left.Dequeue();
            }
            catch (Exception held)
            {
                failing.HasFailed(Sweeps);
                LogNotRegistered(registration.Name, held);
                await Task.Delay(Pace.After(failures++), clock, ct);
            }
        }

        failing.IsWell(Sweeps);
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

    [LoggerMessage(LogLevel.Warning, "The sweep of the worker {Worker} could not be registered yet; it is tried again")]
    private partial void LogNotRegistered(string worker, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Could not start the worker {Worker}; the sweep will")]
    private partial void LogNotStarted(string worker, Exception exception);
}
