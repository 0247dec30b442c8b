using System.Diagnostics.Metrics;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
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

    private readonly Counter<long> _results = meter.Counter(
        "gateway.mail.results",
        "What became of mails, by whose mailboxes they went to: sent, delivered, bounced, returned, complained."
    );

    /// <summary>What was added to the sums; the providers are a closed set.</summary>
    public void Counted(MailRate row)
    {
        Count(row, "sent", row.Sent);
        Count(row, "delivered", row.Delivered);
        Count(row, "bounced", row.Bounced);
        Count(row, "returned", row.Returned);
        Count(row, "complained", row.Complained);
    }

    public void HandedOver(string transport, MailOutcome outcome, TimeSpan took)
    {
        _mails.Add(1, GatewayMeter.Outcome(outcome));
        meter.Called(transport, took);
    }

    /// <remarks>A counter only rises: that a mail which was delivered came back after all is in the sums alone.</remarks>
    private void Count(MailRate row, string result, int count)
    {
        if (count > 0)
        {
            _results.Add(count, GatewayMeter.Provider(row.Provider), new("result", result));
        }
    }
}
