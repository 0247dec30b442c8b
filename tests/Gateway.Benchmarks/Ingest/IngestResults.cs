using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Ingest;

/// <summary>What was measured, by design and number of connections; every figure is the median over the rounds.</summary>
internal sealed class IngestResults
{
    private readonly Dictionary<(Design Design, int Connections), List<LoadResult>> _rounds = [];

    public void Add(Design design, int connections, LoadResult result)
    {
        if (!_rounds.TryGetValue((design, connections), out var rounds))
        {
            _rounds[(design, connections)] = rounds = [];
        }

        rounds.Add(result);
    }

    public double? PerSecond(Design design, int connections) => Median(design, connections, round => round.PerSecond);

    public double? P50(Design design, int connections) => Median(design, connections, round => round.P50);

    public double? P99(Design design, int connections) => Median(design, connections, round => round.P99);

    /// <returns>Null when one of the two was not measured.</returns>
    public double? Ratio(Design design, Design to, int connections) => PerSecond(design, connections) / PerSecond(to, connections);

    private double? Median(Design design, int connections, Func<LoadResult, double> figure) =>
        _rounds.TryGetValue((design, connections), out var rounds) ? Medians.Of(rounds.Select(figure)) : null;
}
