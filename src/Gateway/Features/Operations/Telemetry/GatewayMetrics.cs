using System.Diagnostics.Metrics;
using Gateway.Features.Hooks;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;

namespace Gateway.Features.Operations.Telemetry;

/// <summary>Counts what happens, a method for each event. Labels are words of closed sets: no ids, nothing anybody typed.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "Gateway";

    /// <summary>Seconds. The defaults are made for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> CallBuckets = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] };

    private readonly Counter<long> _submissions;
    private readonly Counter<long> _confirmations;
    private readonly Counter<long> _mails;
    private readonly Counter<long> _listSyncs;
    private readonly Counter<long> _sms;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _calls;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _submissions = meter.CreateCounter<long>("gateway.submissions.accepted", description: "Submissions stored; repeats do not count.");
        _confirmations = meter.CreateCounter<long>("gateway.confirmations", description: "Subscriptions that their owner confirmed, by button or by code.");
        _mails = meter.CreateCounter<long>("gateway.mails", description: "Mails handed to the transport, by what became of them.");
        _listSyncs = meter.CreateCounter<long>("gateway.list_syncs", description: "Changes told to list providers, by what became of them.");
        _sms = meter.CreateCounter<long>("gateway.sms", description: "Calls to send an SMS, by what they came to.");
        _deliveries = meter.CreateCounter<long>("gateway.hook_deliveries", description: "Events told to hooks, by what became of them.");
        _calls = meter.CreateHistogram("gateway.provider.call.duration", "s", "How long calls to mail servers and providers take.", tags: null, CallBuckets);
    }

    public void SubmissionsAccepted(int count) => _submissions.Add(count);

    /// <param name="by"><c>button</c>, <c>code</c>.</param>
    public void Confirmed(string by) => _confirmations.Add(1, new KeyValuePair<string, object?>("by", by));

    public void MailHandedOver(string transport, MailOutcome outcome, TimeSpan took)
    {
        _mails.Add(1, Outcome(outcome));
        Called(transport, took);
    }

    /// <param name="outcomes">One for each change of the call.</param>
    public void ListTold(string provider, IReadOnlyList<ListOutcome> outcomes, TimeSpan took)
    {
        foreach (var outcome in outcomes)
        {
            _listSyncs.Add(1, new KeyValuePair<string, object?>("provider", provider), Outcome(outcome));
        }

        Called(provider, took);
    }

    public void SmsHandedOver(string provider, SmsOutcome outcome, TimeSpan took)
    {
        _sms.Add(1, new KeyValuePair<string, object?>("provider", provider), Outcome(outcome));
        Called(provider, took);
    }

    public void HookTold(DeliveryOutcome outcome, TimeSpan took)
    {
        _deliveries.Add(1, Outcome(outcome));
        Called("hook", took);
    }

    private void Called(string provider, TimeSpan took) => _calls.Record(took.TotalSeconds, new KeyValuePair<string, object?>("provider", provider));

    /// <summary>The outcomes of adapters are closed sets of records, whose names are the words.</summary>
    private static KeyValuePair<string, object?> Outcome(object outcome) => new("outcome", Words.Lower(outcome.GetType().Name));
}
