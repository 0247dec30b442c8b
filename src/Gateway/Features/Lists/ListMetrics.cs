using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Lists;

/// <summary>Counts what was pushed to list providers.</summary>
internal sealed class ListMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _syncs = meter.Counter(
        "gateway.list_syncs",
        "Changes pushed to list providers, by what became of them."
    );

    /// <param name="outcomes">One for each change of the call.</param>
    public void Pushed(string provider, IReadOnlyList<ListOutcome> outcomes, TimeSpan took)
    {
        foreach (var outcome in outcomes)
        {
            _syncs.Add(1, GatewayMeter.Provider(provider), GatewayMeter.Outcome(outcome));
        }

        meter.Called(provider, took);
    }
}
