using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.OptIn;

/// <summary>Counts confirmations.</summary>
internal sealed class OptInMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _confirmed = meter.Counter(
        "gateway.confirmations",
        "Subscriptions that their owner confirmed, by button or by code."
    );

    /// <param name="by"><c>button</c>, <c>code</c>, or <c>proven</c> when the consent was given elsewhere.</param>
    public void Confirmed(string by) => _confirmed.Add(1, new KeyValuePair<string, object?>("by", by));
}
