using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Mail;

/// <summary>
/// From the acknowledged submission to the mail that a server has taken, against MailKit handing over the same mail and nothing else.
/// </summary>
internal static class MailCommand
{
    private const int MailsForEachSecond = 500;
    public const int CalmPerSecond = 100;

    /// <summary>A p99 of fewer would be that of a handful of mails.</summary>
    private const int LeastCalmSeconds = 20;

    /// <summary>How long the sink may see no mail before the gateway counts as stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(MailBenchmark options, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        foreach (var design in Design.Measurable.Intersect([Design.Postgres, Design.Sqlite]).Where(options.Has))
        {
            await using var sink = await Child.StartAsync(SmtpSink.Command, "any", new Dictionary<string, string>(), ct);
            await using var alone = await Child.StartAsync(MailKitAlone.Command, sink.Greeting, new Dictionary<string, string>(), ct);
            await using var gateway = await GatewayServer.StartAsync(design, scratch, "api,worker", sink.Greeting, ct);
            var result = await MeasureAsync(design, gateway, sink, alone, options, ct);
            report.Tell(result.Sentences, result, result.Ratio, result.Calm);
        }

        return 0;
    }

    private static async Task<MailResult> MeasureAsync(
        Design design,
        GatewayServer gateway,
        Child sink,
        Child alone,
        MailBenchmark options,
        CancellationToken ct
    )
    {
        var (load, count) = (new MailLoad(gateway.Target), options.Seconds * MailsForEachSecond);
        await WarmUp.UntilFlatAsync(async () => (await RoundAsync(gateway, load, sink, count, ct)).Used.Cpu);
        var sample = JsonSerializer.Deserialize<byte[]>(await sink.AskAsync("sample", ct))!;
        await AloneAsync(alone, sample, count / 2, ct);

        var (ours, theirs, used) = (new List<double>(), new List<double>(), new List<Usage>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var (perSecond, usage) = await RoundAsync(gateway, load, sink, count, ct);
            ours.Add(perSecond);
            used.Add(usage);
            theirs.Add(await AloneAsync(alone, sample, count, ct));
            await System.Console.Error.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Round {round + 1}: {design.Name} {ours[^1]:F0}/s, {usage.Cpu.TotalMicroseconds:F0} µs; MailKit {theirs[^1]:F0}/s"
                )
            );
        }

        // Mails that come one by one take other ways than those that come by the hundred.
        var calmly = Math.Max(options.Seconds, LeastCalmSeconds) * CalmPerSecond;
        await HandOverAsync(load, sink, calmly / 4, CalmPerSecond, ct);
        var before = await gateway.UsageAsync(ct);
        var calm = await HandOverAsync(load, sink, calmly, CalmPerSecond, ct);
        var after = await gateway.UsageAsync(ct);
        return new(
            design.Name,
            Medians.Of(ours),
            Medians.Of(theirs),
            Medians.Of(used.ConvertAll(one => one.Cpu.TotalMicroseconds)),
            Medians.Of(used.ConvertAll(one => one.Bytes / 1024.0)),
            calm.P50,
            calm.P99,
            ((after.Cpu - before.Cpu) / calmly).TotalMicroseconds
        );
    }

    private static async Task<(double PerSecond, Usage Used)> RoundAsync(
        GatewayServer gateway,
        MailLoad load,
        Child sink,
        int count,
        CancellationToken ct
    )
    {
        var before = await gateway.UsageAsync(ct);
        var handedOver = await HandOverAsync(load, sink, count, null, ct);
        var after = await gateway.UsageAsync(ct);
        return (handedOver.PerSecond, new((after.Bytes - before.Bytes) / count, (after.Cpu - before.Cpu) / count));
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

/// <param name="Database">The name of the one design to measure; null is both.</param>
internal sealed record MailBenchmark(int Seconds, int Rounds, string? Database)
{
    public bool Has(Design design) => Database is null || design.Name == Database;
}

/// <param name="PerSecond">From acknowledged to handed over.</param>
/// <param name="Alone">MailKit alone, a second.</param>
/// <param name="CpuMicroseconds">Of the gateway's process, for each mail.</param>
/// <param name="Kilobytes">That it allocated for each mail.</param>
/// <param name="P50">Milliseconds from the acknowledgement to the hand-over at a calm rate.</param>
/// <param name="P99">The same.</param>
/// <param name="CalmCpuMicroseconds">Of the gateway's process, for each mail at a calm rate.</param>
internal sealed record MailResult(
    string Design,
    double PerSecond,
    double Alone,
    double CpuMicroseconds,
    double Kilobytes,
    double P50,
    double P99,
    double CalmCpuMicroseconds
)
{
    [JsonIgnore]
    public Figure Ratio =>
        new(
            $"Acknowledged → handed over ÷ MailKit alone with 4 connections, {Design}",
            PerSecond / Alone,
            Goal.AtLeast(Design == Serving.Design.Postgres.Name ? 0.45 : 0.35),
            "F2"
        );

    [JsonIgnore]
    public Figure Calm => new($"p99 in ms at {MailCommand.CalmPerSecond} mails a second, {Design}", P99, Goal.AtMost(40), "F0");

    [JsonIgnore]
    public string Sentences =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {Design}: {PerSecond:N0} mails a second from acknowledged to handed over; MailKit alone with 4 connections {Alone:N0}
              ratio {Ratio.Shown} ({Ratio.Sentence})
              the gateway's process: {CpuMicroseconds:F0} µs of CPU and {Kilobytes:F0} KB allocated for each mail
              at {MailCommand.CalmPerSecond} a second: p50 {P50:F1} ms, p99 {P99:F1} ms ({Calm.Sentence}), {CalmCpuMicroseconds:F0} µs of CPU
            """
        );
}
