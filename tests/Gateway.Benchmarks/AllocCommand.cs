using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks;

/// <summary>
/// Bytes and CPU time that the serving process spends on each submission, everything included that runs in it meanwhile. Unlike a rate,
/// both
/// hardly change with what else the machine does. The database's own process is not counted.
/// </summary>
internal static class AllocCommand
{
    private const int Connections = 64;

    public static async Task<int> RunAsync(TimeSpan time, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await using var load = await LoadProcess.StartAsync(ct);
        foreach (var design in Design.Measurable)
        {
            await using var server = await GatewayServer.StartAsync(design, scratch, ct);

            // Start-up, just-in-time compilation and growing buffers are not the path's.
            await WarmUp.UntilFlatAsync(async () => await CpuAsync(server, load, time / 2, ct));
            var before = await server.UsageAsync(ct);
            var result = await load.RunAsync(server.Target, Connections, time / 2, ct);
            var after = await server.UsageAsync(ct);

            var kilobytes = (after.Bytes - before.Bytes) / 1024.0 / result.Count;
            var microseconds = (after.Cpu - before.Cpu).TotalMicroseconds / result.Count;
            var figure = new Figure($"KB allocated on the way in, {design.Name}", kilobytes, Goal.AtMost(12), "F1");
            var hasGoal = design == Design.Postgres || design == Design.Sqlite;
            report.Tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{design.Name}: {kilobytes:F1} KB and {microseconds:F0} µs of CPU a request{(hasGoal ? $" ({figure.Sentence})" : "")}"
                ),
                new
                {
                    design = design.Name,
                    kilobytes,
                    cpuMicroseconds = microseconds,
                },
                hasGoal ? [figure] : []
            );
        }

        return 0;
    }

    /// <returns>CPU time for each request; endless where none was answered yet, such as beside a database that is being dropped.</returns>
    private static async Task<TimeSpan> CpuAsync(GatewayServer server, LoadProcess load, TimeSpan time, CancellationToken ct)
    {
        var before = await server.UsageAsync(ct);
        var result = await load.RunAsync(server.Target, Connections, time, ct);
        return result.Count == 0 ? TimeSpan.MaxValue : ((await server.UsageAsync(ct)).Cpu - before.Cpu) / result.Count;
    }
}
