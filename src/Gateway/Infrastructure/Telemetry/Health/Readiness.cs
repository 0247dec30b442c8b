using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>Whether this process can do its work, looked up once a second at the most, however many ask.</summary>
internal sealed class Readiness(HealthCheckService checks, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private HealthReport? _report;
    private long _at;

    public async Task<HealthReport> LookAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_report is null || clock.GetElapsedTime(_at) > Fresh)
            {
                _report = await checks.CheckHealthAsync(ct);
                _at = clock.GetTimestamp();
            }

            return _report;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
