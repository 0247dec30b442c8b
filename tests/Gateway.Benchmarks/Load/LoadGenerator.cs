using System.Diagnostics;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Closed loops: each connection sends its next submission as soon as the one before was answered. Anything but a 202 ends the run.
/// </summary>
internal static class LoadGenerator
{
    /// <summary>How long an answer may stay away at the end before the server counts as hung.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<LoadResult> RunAsync(Target target, int connections, TimeSpan time, CancellationToken ct)
    {
        var open = Enumerable.Range(0, connections).Select(_ => new LoadConnection(target)).ToArray();
        try
        {
            foreach (var connection in open)
            {
                await connection.ConnectAsync(ct);
            }

            var latencies = new LatencyHistogram();
            var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
            var loops = Task.WhenAll(open.Select((connection, at) => LoopAsync(connection, at, connections, end, latencies, ct)));

            // The last continuation runs on the sockets' thread, which the caller must not keep.
            await loops.WaitAsync(time + Patience, ct).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return new(latencies.Count, latencies.Count / time.TotalSeconds, latencies.Percentile(0.5), latencies.Percentile(0.99));
        }
        finally
        {
            Array.ForEach(open, connection => connection.Dispose());
        }
    }

    private static async Task LoopAsync(
        LoadConnection connection,
        int first,
        int step,
        long end,
        LatencyHistogram latencies,
        CancellationToken ct
    )
    {
        for (var number = first; ; number += step)
        {
            var sent = Stopwatch.GetTimestamp();
            await connection.SubmitAsync(number, ct);
            var answered = Stopwatch.GetTimestamp();
            if (answered > end)
            {
                return;
            }

            latencies.Add(answered - sent);
        }
    }
}

/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
internal sealed record LoadResult(long Count, double PerSecond, double P50, double P99);
