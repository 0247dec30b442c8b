using System.Diagnostics.Metrics;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Telemetry;

namespace Gateway.Features.Mail;

/// <summary>Counts mails.</summary>
internal sealed class MailMetrics(GatewayMeter meter)
{
    private readonly Counter<long> _mails = meter.Counter("gateway.mails", "Mails handed to the transport, by what became of them.");

    private readonly Counter<long> _events = meter.Counter("gateway.mail.events", "What providers said of mails, by provider and type.");

    public void Told(string provider, MailEventType type) =>
        _events.Add(1, GatewayMeter.Provider(provider), new("type", CaseConverter.Lower(type.ToString())));

    public void HandedOver(string transport, MailOutcome outcome, TimeSpan took)
    {
        _mails.Add(1, GatewayMeter.Outcome(outcome));
        meter.Called(transport, took);
    }
}
