using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Mail;
using Gateway.Benchmarks.Serving;
using Npgsql;

namespace Gateway.Benchmarks.Scaling;

/// <summary>
/// One, two and four gateways on one PostgreSQL: from the first acknowledged submission to the last mail that a server has taken, and what
/// the gateways' processes use of the machine's processors meanwhile, which says whether there was more to be had.
/// </summary>
internal static class ScaleCommand
{
    private const int MailsForEachSecond = 300;
    private static readonly Goal ForTwo = Goal.AtLeast(1.5);

    private static readonly int[] Sizes = [1, 2, 4];

    /// <summary>Four of them stay below the hundred connections that a server allows as it comes.</summary>
    private const int ConnectionsOfEach = 20;

    public static async Task<int> RunAsync(int seconds, int rounds, Report report, CancellationToken ct)
    {
        if (Scratch.Server is null)
        {
            throw new BenchmarkFailed("Gateways share no SQLite file: GATEWAY_BENCH_POSTGRES must name a server.");
        }

        using var scratch = new Scratch();
        var measured = new List<Fleet>();
        foreach (var size in Sizes)
        {
            measured.Add(await MeasureAsync(size, scratch, seconds * MailsForEachSecond, rounds, ct));
        }

        var figure = new Figure("Two gateways on one PostgreSQL ÷ one", measured[1].PerSecond / measured[0].PerSecond, ForTwo, "F2");
        var lines = measured.Select(fleet =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{fleet.Gateways} gateways: {fleet.PerSecond:N0} a second from acknowledged to handed over, "
                    + $"ratio {fleet.PerSecond / measured[0].PerSecond:F2}{(fleet.Gateways == 2 ? $" ({figure.Sentence})" : "")}; "
                    + $"the gateways used {fleet.Processors:F2} of {Environment.ProcessorCount} processors"
            )
        );
        report.Tell(string.Join(Environment.NewLine, lines), measured, figure);
        return 0;
    }

    private static async Task<Fleet> MeasureAsync(int size, Scratch scratch, int count, int rounds, CancellationToken ct)
    {
        await using var sink = await Child.StartAsync(SmtpSink.Command, "any", new Dictionary<string, string>(), ct);
        var shared = new Dictionary<string, string>
        {
            ["ConnectionStrings__Gateway"] = new NpgsqlConnectionStringBuilder(scratch.Postgres($"fleet{size}"))
            {
                MaxPoolSize = ConnectionsOfEach,
            }.ConnectionString,
            ["Gateway__MasterKeyFile"] = Path.Combine(scratch.Folder, $"fleet{size}.pem"),
        };
        var gateways = new List<GatewayServer>();
        try
        {
            while (gateways.Count < size)
            {
                gateways.Add(await GatewayServer.StartAsync(Design.Postgres, scratch, "api,worker", sink.Greeting, ct, shared));
            }

            var loads = gateways.ConvertAll(gateway => new MailLoad(gateway.Target));
            await HandOverAsync(loads, gateways, sink, count / 2, ct);
            var (rates, processors) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var (rate, used) = await HandOverAsync(loads, gateways, sink, count, ct);
                rates.Add(rate);
                processors.Add(used);
                await System.Console.Error.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"Round {round + 1}: {size} gateways {rate:F0}/s, {used:F2} processors")
                );
            }

            return new(size, Medians.Of(rates), Medians.Of(processors));
        }
        finally
        {
            foreach (var gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
    }

    private static async Task<(double PerSecond, double Processors)> HandOverAsync(
        List<MailLoad> loads,
        List<GatewayServer> gateways,
        Child sink,
        int count,
        CancellationToken ct
    )
    {
        var each = count / loads.Count;
        var before = await MailCommand.CountAsync(sink, ct);
        var cpu = await CpuAsync(gateways, ct);
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(loads.Select(load => load.SubmitAsync(each, null, ct)));
        await MailCommand.ArriveAsync(sink, before + (each * loads.Count), ct);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (each * loads.Count / took, (await CpuAsync(gateways, ct) - cpu) / took);
    }

    private static async Task<double> CpuAsync(List<GatewayServer> gateways, CancellationToken ct) =>
        (await Task.WhenAll(gateways.Select(gateway => gateway.UsageAsync(ct)))).Sum(usage => usage.Cpu.TotalSeconds);

    /// <param name="PerSecond">Mails from acknowledged to handed over.</param>
    /// <param name="Processors">How many processors the gateways kept busy, without the database, the load and the mail server.</param>
    private sealed record Fleet(int Gateways, double PerSecond, double Processors);
}
