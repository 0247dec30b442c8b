using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Sms;

/// <summary>Counts SMS.</summary>
internal sealed class SmsMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _calls = meter.Counter("gateway.sms", "Calls to send an SMS, by what they came to.");

    public void HandedOver(string provider, SmsOutcome outcome, TimeSpan took)
    {
        _calls.Add(1, GatewayMeter.Provider(provider), GatewayMeter.Outcome(outcome));
        meter.Called(provider, took);
    }
}
