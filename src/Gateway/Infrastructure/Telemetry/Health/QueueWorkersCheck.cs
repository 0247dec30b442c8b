using Gateway.Infrastructure.Queue;
using Hangfire;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>
/// Every worker was seen at work lately. With several workers on one database a sweep may always find another process first; then the
/// sweep's own
/// record, which they share, is the sign of life. A worker that hangs in this process has no such excuse.
/// </summary>
internal sealed class QueueWorkersCheck(
    IEnumerable<QueueWorkerRegistration> workers,
    QueueWorkerSignals signals,
    JobStorage storage,
    TimeProvider clock
) : IHealthCheck
{
    /// <summary>Sweeps come every minute, and the longest batch takes less than four.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var silent = workers.Where(worker => signals.Of(worker.Type).SinceSeen > Lately).ToList();

        // Hangfire's storage blocks.
        var stalled = silent.Count == 0 ? [] : await Task.Run(() => Stalled(silent), cancellationToken).WaitAsync(cancellationToken);
        return stalled.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Not seen for {Lately.TotalMinutes} minutes: {string.Join(", ", stalled)}");
    }

    private List<string> Stalled(List<QueueWorkerRegistration> silent)
    {
        using var connection = storage.GetConnection();
        var swept = connection
            .GetRecurringJobs([.. silent.Select(worker => worker.SweepId)])
            .Where(SweptLately)
            .Select(sweep => sweep.Id)
            .ToHashSet();
        return
        [
            .. silent.Where(worker => signals.Of(worker.Type).IsRunning || !swept.Contains(worker.SweepId)).Select(worker => worker.Name),
        ];
    }

    private bool SweptLately(RecurringJobDto sweep) =>
        sweep.LastExecution is { } last
        && clock.GetUtcNow().UtcDateTime - last < Lately
        && (sweep.LastJobState == ProcessingState.StateName || sweep.LastJobState == SucceededState.StateName);
}
