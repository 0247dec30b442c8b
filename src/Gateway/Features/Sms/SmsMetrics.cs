using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Sms;

/// <summary>Counts SMS.</summary>
internal sealed class SmsMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _calls = meter.Counter("gateway.sms", "Calls to send an SMS, by what they came to.");

    private readonly Counter<long> _guard = meter.Counter(
        "gateway.sms.guard",
        "SMS that a limit refused, or that passed a threshold which is only noted, by the limit."
    );

    public void Refused(SmsLimit limit) => Count(limit, "refused");

    public void Noted(IEnumerable<SmsLimit> passed)
    {
        foreach (var limit in passed)
        {
            Count(limit, "noted");
        }
    }

    private void Count(SmsLimit limit, string action) =>
        _guard.Add(1, new("rule", CaseConverter.Lower(limit.ToString())), new("action", action));

    public void HandedOver(string provider, SmsOutcome outcome, TimeSpan took)
    {
        _calls.Add(1, GatewayMeter.Provider(provider), GatewayMeter.Outcome(outcome));
        meter.Called(provider, took);
    }
}
