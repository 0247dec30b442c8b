using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Submissions;

/// <summary>Counts submissions.</summary>
internal sealed class SubmissionMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _accepted = meter.Counter("gateway.submissions.accepted", "Submissions stored; repeats do not count.");

    public void Accepted(int count) => _accepted.Add(count);
}
