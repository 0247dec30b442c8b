using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks;

/// <summary>Bytes that the serving process allocates for each submission it takes in, everything included that runs in it meanwhile.</summary>
internal static class AllocCommand
{
    private const int Connections = 64;
    private const double MostKilobytes = 12;

    public static async Task<int> RunAsync(TimeSpan time, CancellationToken ct)
    {
        using var scratch = new Scratch();
        await using var load = await LoadProcess.StartAsync(ct);
        foreach (var design in Design.Measurable)
        {
            await using var server = await GatewayServer.StartAsync(design, scratch, "api", null, ct);

            // Start-up, just-in-time compilation and growing buffers are not the path's.
            await load.RunAsync(server.Target, Connections, time / 2, ct);
            var before = await server.AllocatedAsync(ct);
            var result = await load.RunAsync(server.Target, Connections, time / 2, ct);
            var kilobytes = (await server.AllocatedAsync(ct) - before) / 1024.0 / result.Count;

            var verdict = design == Design.Naive ? "" : string.Create(CultureInfo.InvariantCulture, $" (goal ≤ {MostKilobytes}: {(kilobytes <= MostKilobytes ? "reached" : "missed")})");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{design.Name}: {kilobytes:F1} KB a request{verdict}"));
        }

        return 0;
    }
}
