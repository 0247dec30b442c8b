using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Mail;

/// <summary>Counts mails.</summary>
internal sealed class MailMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _mails = meter.Counter("gateway.mails", "Mails handed to the transport, by what became of them.");

    public void HandedOver(string transport, MailOutcome outcome, TimeSpan took)
    {
        _mails.Add(1, GatewayMeter.Outcome(outcome));
        meter.Called(transport, took);
    }
}
