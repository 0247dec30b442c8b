using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Data;

namespace Gateway.Infrastructure.Telemetry;

/// <summary>The meter of the gateway. Features count on it; labels are words of closed sets: no ids, nothing anybody typed.</summary>
internal sealed class GatewayMeter
{
    public const string Name = "Gateway";

    /// <summary>Seconds. The defaults are made for milliseconds.</summary>
    private static readonly InstrumentAdvice<double> CallBuckets = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _calls;

    public GatewayMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _calls = _meter.CreateHistogram(
            "gateway.provider.call.duration",
            "s",
            "How long calls to mail servers and providers take.",
            tags: null,
            CallBuckets
        );
    }

    public Counter<long> Counter(string name, string description) => _meter.CreateCounter<long>(name, description: description);

    /// <param name="provider">Such as <c>smtp</c> or <c>twilio</c>; <c>hook</c> for every hook.</param>
    public void Called(string provider, TimeSpan took) => _calls.Record(took.TotalSeconds, Provider(provider));

    public static KeyValuePair<string, object?> Provider(string provider) => new("provider", provider);

    /// <summary>The outcomes of adapters are closed sets of records, whose names are the words.</summary>
    public static KeyValuePair<string, object?> Outcome(object outcome) => new("outcome", CaseConverter.Lower(outcome.GetType().Name));
}

/// <summary>A number that a feature reads from the database now and then, shown as a gauge.</summary>
internal sealed record SampledGauge(string Name, string Description, Func<IServiceProvider, CancellationToken, Task<int>> ReadAsync);
