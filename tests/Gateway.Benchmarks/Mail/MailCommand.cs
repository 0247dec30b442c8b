using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Mail;

/// <summary>
/// From the acknowledged submission to the mail that a server has taken, against MailKit handing over the same mail and nothing else.
/// </summary>
internal static class MailCommand
{
    private const int MailsForEachSecond = 500;
    private const int CalmPerSecond = 100;
    private const double Goal = 0.45;

    /// <summary>How long the sink may see no mail before the gateway counts as stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(int seconds, int rounds, CancellationToken ct)
    {
        using var scratch = new Scratch();
        foreach (var design in Design.Measurable.Intersect([Design.Postgres, Design.Sqlite]))
        {
            await using var sink = await Child.StartAsync(SmtpSink.Command, "any", new Dictionary<string, string>(), ct);
            await using var alone = await Child.StartAsync(MailKitAlone.Command, sink.Greeting, new Dictionary<string, string>(), ct);
            await using var gateway = await GatewayServer.StartAsync(design, scratch, "api,worker", sink.Greeting, ct);
            System.Console.WriteLine(await MeasureAsync(design, new(gateway.Target), sink, alone, seconds, rounds, ct));
        }

        return 0;
    }

    private static async Task<string> MeasureAsync(
        Design design,
        MailLoad load,
        Child sink,
        Child alone,
        int seconds,
        int rounds,
        CancellationToken ct
    )
    {
        var count = seconds * MailsForEachSecond;
        await HandOverAsync(load, sink, count / 2, null, ct);
        var sample = JsonSerializer.Deserialize<byte[]>(await sink.AskAsync("sample", ct))!;
        await AloneAsync(alone, sample, count / 2, ct);

        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add((await HandOverAsync(load, sink, count, null, ct)).PerSecond);
            theirs.Add(await AloneAsync(alone, sample, count, ct));
            await System.Console.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Round {round + 1}: {design.Name} {ours[^1]:F0}/s, MailKit alone {theirs[^1]:F0}/s"
                )
            );
        }

        var calm = await HandOverAsync(load, sink, seconds * CalmPerSecond, CalmPerSecond, ct);
        var ratio = Medians.Of(ours) / Medians.Of(theirs);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {design.Name}: {Medians.Of(
                ours
            ):N0} mails a second from acknowledged to handed over; MailKit alone with 4 connections {Medians.Of(theirs):N0}
              ratio {ratio:F2} (goal ≥ {Goal}: {(ratio >= Goal ? "reached" : "missed")})
              at {CalmPerSecond} a second: p50 {calm.P50:F1} ms, p99 {calm.P99:F1} ms
            """
        );
    }

    /// <summary>
    /// Submits, waits until each mail has arrived, and takes the time from the first acknowledgement to the last hand-over.
    /// </summary>
    private static async Task<LoadResult> HandOverAsync(MailLoad load, Child sink, int count, int? perSecond, CancellationToken ct)
    {
        var before = await CountAsync(sink, ct);
        var acknowledged = await load.SubmitAsync(count, perSecond, ct);
        await ArriveAsync(sink, before + count, ct);

        var handedOver = JsonSerializer.Deserialize<Dictionary<int, long>>(await sink.AskAsync("times", ct))!;
        var latencies = new LatencyHistogram();
        foreach (var (visitor, at) in acknowledged)
        {
            latencies.Add(handedOver[visitor] - at);
        }

        var took = Stopwatch.GetElapsedTime(acknowledged.Values.Min(), acknowledged.Keys.Max(visitor => handedOver[visitor]));
        return new(count, count / took.TotalSeconds, latencies.Percentile(0.5), latencies.Percentile(0.99));
    }

    /// <summary>Waits until the sink has taken so many in all.</summary>
    internal static async Task ArriveAsync(Child sink, long all, CancellationToken ct)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (seen, since) = (-1L, Stopwatch.GetTimestamp());
        while (await CountAsync(sink, ct) is var now && now < all)
        {
            (seen, since) = now > seen ? (now, Stopwatch.GetTimestamp()) : (seen, since);
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new BenchmarkFailed($"No mail was handed over for {Patience.TotalSeconds} s; {all - now} are missing.");
            }

            await pace.WaitForNextTickAsync(ct);
        }
    }

    internal static async Task<long> CountAsync(Child sink, CancellationToken ct) =>
        long.Parse(await sink.AskAsync("count", ct), CultureInfo.InvariantCulture);

    private static async Task<double> AloneAsync(Child alone, byte[] message, int count, CancellationToken ct) =>
        count
        / double.Parse(
            await alone.AskAsync(JsonSerializer.Serialize(new MailKitAlone.Order(message, count)), ct),
            CultureInfo.InvariantCulture
        );
}
