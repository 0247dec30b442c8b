using Gateway.Infrastructure.Queue;

namespace Gateway.Infrastructure.Telemetry;

/// <param name="Gauges">The numbers that features read, by the names of their gauges.</param>
internal sealed record QueueReading(IReadOnlyList<QueueDepth> Queues, IReadOnlyDictionary<string, int> Gauges);

/// <summary>Reads how much waits, queue by queue.</summary>
internal sealed class QueueDepths(IEnumerable<IQueueTable> queues, IEnumerable<SampledGauge> gauges, IServiceProvider scope)
{
    public async Task<QueueReading> ReadAsync(CancellationToken ct)
    {
        var depths = new List<QueueDepth>();
        foreach (var queue in queues)
        {
            depths.Add(await queue.ReadDepthAsync(ct));
        }

        var numbers = new Dictionary<string, int>();
        foreach (var gauge in gauges)
        {
            numbers[gauge.Name] = await gauge.ReadAsync(scope, ct);
        }

        return new(depths, numbers);
    }
}
