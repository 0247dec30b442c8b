using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Infrastructure.Telemetry;

/// <param name="Gauges">The numbers that features read, by the names of their gauges.</param>
/// <param name="Bytes">Of the whole database.</param>
internal sealed record QueueReading(
    IReadOnlyList<QueueDepth> Queues,
    IReadOnlyDictionary<string, int> Gauges,
    IReadOnlyList<TableSize> Tables,
    long Bytes
);

/// <summary>Reads how much waits, queue by queue, and how large the tables are.</summary>
internal sealed class QueueDepths(SideBySide sideBySide, IEnumerable<SampledGauge> gauges, TableSizes sizes, IServiceProvider scope)
{
    public async Task<QueueReading> ReadAsync(CancellationToken ct)
    {
        var depths = await sideBySide.AskAsync<IQueueTable, QueueDepth>((queue, token) => queue.ReadDepthAsync(token), ct);
        var numbers = new Dictionary<string, int>();
        foreach (var gauge in gauges)
        {
            numbers[gauge.Name] = await gauge.ReadAsync(scope, ct);
        }

        return new(depths, numbers, await sizes.ReadAsync(ct), await sizes.ReadBytesAsync(ct));
    }
}
