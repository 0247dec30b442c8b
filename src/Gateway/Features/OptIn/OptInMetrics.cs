using System.Diagnostics.Metrics;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.OptIn;

/// <summary>Counts confirmations, and mails that wait.</summary>
internal sealed class OptInMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _confirmed = meter.Counter(
        "gateway.confirmations",
        "Subscriptions that their owner confirmed, by button or by code."
    );

    private readonly Counter<long> _held = meter.Counter(
        "gateway.confirmations.held_back",
        "Confirmation mails that a budget held back, or that are refused."
    );

    /// <param name="by"><c>button</c>, <c>code</c>, or <c>proven</c> when the consent was given elsewhere.</param>
    public void Confirmed(string by, int count = 1) => _confirmed.Add(count, new KeyValuePair<string, object?>("by", by));

    public void HeldBack(HoldReason reason, int count) =>
        _held.Add(count, new KeyValuePair<string, object?>("reason", CaseConverter.Lower(reason.ToString())));
}
