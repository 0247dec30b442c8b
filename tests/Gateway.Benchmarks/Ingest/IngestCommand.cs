using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Ingest;

/// <summary>
/// Measures every design in the same run: each in its own process, all up from the beginning, taking turns. Machines are noisy, so only
/// what was
/// measured side by side can be compared.
/// </summary>
internal static class IngestCommand
{
    private const int WarmUps = 3;

    /// <summary>Seconds of each.</summary>
    private const int MaxWarmUp = 5;

    public static async Task<int> RunAsync(IngestOptions options, Report report, CancellationToken ct)
    {
        var levels = options.Levels(report.IsJson);
        using var scratch = new Scratch();
        await using var load = await LoadProcess.StartAsync(ct);
        var servers = new List<(Design Design, GatewayServer Server)>();
        var results = new IngestResults();
        try
        {
            foreach (var design in Design.Measurable)
            {
                servers.Add((design, await GatewayServer.StartAsync(design, scratch, ct)));
            }

            // While one of them is warmed up, the others rest, and compile for good what they were asked for.
            for (var round = 1; round <= WarmUps; round++)
            {
                foreach (var (design, server) in servers)
                {
                    await System.Console.Error.WriteLineAsync($"Warming up {design.Name}, {round} of {WarmUps}");
                    await load.RunAsync(server.Target, levels.Max(), TimeSpan.FromSeconds(Math.Min(MaxWarmUp, options.Seconds)), ct);
                }
            }

            for (var round = 0; round < options.Rounds; round++)
            {
                // Each round begins with another design, so that none always follows the same one.
                foreach (var (design, server) in servers.Skip(round % servers.Count).Concat(servers.Take(round % servers.Count)))
                {
                    foreach (var level in levels)
                    {
                        await server.EmptyAsync(ct);
                        var result = await load.RunAsync(
                            server.Target,
                            level,
                            TimeSpan.FromSeconds((double)options.Seconds / levels.Count),
                            ct
                        );
                        results.Add(design, level, result);
                        await System.Console.Error.WriteLineAsync(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"Round {round + 1}: {design.Name}, {level} connections: {result.PerSecond:F0}/s, p50 {result.P50:F2} ms, "
                                    + $"p99 {result.P99:F2} ms"
                            )
                        );
                    }
                }
            }
        }
        finally
        {
            foreach (var (_, server) in servers)
            {
                await server.DisposeAsync();
            }
        }

        report.Tell(IngestReport.Table(results, options, levels), IngestReport.Json(results), IngestReport.Figures(results));
        return 0;
    }
}

/// <param name="Seconds">For each design and round, shared by the numbers of connections.</param>
internal sealed record IngestOptions(int Seconds, int Rounds, string? Connections)
{
    public IReadOnlyList<int> Levels(bool json)
    {
        var levels = (Connections ?? (json ? "64" : "1,8,32,64"))
            .Split(',')
            .Select(text =>
                int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1000
                    ? number
                    : throw new BenchmarkFailed("--connections holds numbers from 1 to 1000, separated by commas.")
            )
            .ToList();
        return !json || levels.Contains(IngestReport.Headline)
            ? levels
            : throw new BenchmarkFailed("--json tells what happens at 64 connections: name 64 in --connections.");
    }
}
