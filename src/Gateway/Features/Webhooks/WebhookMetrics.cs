using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Webhooks;

/// <summary>Counts deliveries to hooks.</summary>
internal sealed class WebhookMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _deliveries = meter.Counter(
        "gateway.hook_deliveries",
        "Events delivered to hooks, by what became of them."
    );

    public void Delivered(DeliveryOutcome outcome, TimeSpan took)
    {
        _deliveries.Add(1, GatewayMeter.Outcome(outcome));
        meter.Called("hook", took);
    }
}
