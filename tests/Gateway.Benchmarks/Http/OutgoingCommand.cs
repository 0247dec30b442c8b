using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Http;

/// <summary>What is told to others by HTTP, from the moment at which all of it is due to the last that was taken.</summary>
/// <param name="Name">Of the command.</param>
/// <param name="What">In a sentence, as a plural.</param>
/// <param name="Goal">A second.</param>
/// <param name="Receivers">Each at a port of its own.</param>
/// <param name="ForEachSecond">How many are stored for each second of the measurement.</param>
internal sealed record Outgoing(string Name, string What, double Goal, int Receivers, int ForEachSecond, Func<HttpSink.Taken, long> Count)
{
    /// <summary>A receiver gets 30 requests a second from each process (docs/architecture.md), so there are many of them.</summary>
    public static readonly Outgoing Hooks = new("hooks", "Deliveries of hooks", 2_000, 200, 2_000, taken => taken.Hooks);

    public static readonly Outgoing Lists = new("lists", "Contacts of one list", 5_000, 1, 2_000, taken => taken.Contacts);
}

internal static class OutgoingCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(Outgoing what, int seconds, int rounds, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        foreach (var design in Design.Measurable.Intersect([Design.Postgres, Design.Sqlite]))
        {
            var receivers = what.Receivers.ToString(CultureInfo.InvariantCulture);
            await using var sink = await Child.StartAsync(HttpSink.Command, receivers, new Dictionary<string, string>(), ct);
            var urls = sink.Greeting.Split(' ');
            await using var gateway = await GatewayServer.StartAsync(design, scratch, "api,worker", "25", ct, Settings(urls[0]));
            await WarmUp.UntilFlatAsync(async () => (await RoundAsync(what, gateway, sink, seconds * what.ForEachSecond, ct)).Used.Cpu);

            var perSecond = new List<double>();
            var used = new List<Usage>();
            for (var round = 0; round < rounds; round++)
            {
                var (rate, usage) = await RoundAsync(what, gateway, sink, seconds * what.ForEachSecond, ct);
                perSecond.Add(rate);
                used.Add(usage);
            }

            Tell(
                new(
                    what.Name,
                    design.Name,
                    Medians.Of(perSecond),
                    Medians.Of(used.ConvertAll(one => one.Cpu.TotalMicroseconds)),
                    Medians.Of(used.ConvertAll(one => one.Bytes / 1024.0))
                ),
                what,
                report
            );
        }

        return 0;
    }

    private static Dictionary<string, string> Settings(string mailjet) =>
        new()
        {
            ["Hooks__AllowPrivateTargets"] = "true",
            ["Lists__Mailjet__BaseUrl"] = mailjet,
            ["Lists__Mailjet__ApiKey"] = "key",
            ["Lists__Mailjet__SecretKey"] = "secret",
        };

    /// <returns>How many a second, and what each took of the gateway's process.</returns>
    private static async Task<(double PerSecond, Usage Used)> RoundAsync(
        Outgoing what,
        GatewayServer gateway,
        Child sink,
        int count,
        CancellationToken ct
    )
    {
        var before = what.Count(await TakenAsync(sink, ct));
        await gateway.StoreOutgoingAsync(what.Name, count, sink.Greeting, ct);
        var usedBefore = await gateway.UsageAsync(ct);
        var began = Stopwatch.GetTimestamp();
        await gateway.WakeAsync(what.Name, ct);

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (seen, since) = (-1L, Stopwatch.GetTimestamp());
        HttpSink.Taken taken;
        while (what.Count(taken = await TakenAsync(sink, ct)) is var now && now < before + count)
        {
            (seen, since) = now > seen ? (now, Stopwatch.GetTimestamp()) : (seen, since);
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new BenchmarkFailed(
                    $"No {what.What.ToLowerInvariant()} came for {Patience.TotalSeconds} s; {before + count - now} are missing."
                );
            }

            await pace.WaitForNextTickAsync(ct);
        }

        var used = await gateway.UsageAsync(ct);
        return (
            count / Stopwatch.GetElapsedTime(began, taken.Last).TotalSeconds,
            new((used.Bytes - usedBefore.Bytes) / count, (used.Cpu - usedBefore.Cpu) / count)
        );
    }

    private static void Tell(OutgoingResult result, Outgoing what, Report report)
    {
        var figure = new Figure($"{what.What} a second, {result.Design}", result.PerSecond, Goal.AtLeast(what.Goal), "N0");
        report.Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Design}: {result.PerSecond:N0} {what.What.ToLowerInvariant()} a second ({figure.Sentence}); "
                    + $"{result.Microseconds:F0} µs of CPU and {result.Kilobytes:F0} KB for each"
            ),
            result,
            figure
        );
    }

    private static async Task<HttpSink.Taken> TakenAsync(Child sink, CancellationToken ct) =>
        JsonSerializer.Deserialize<HttpSink.Taken>(await sink.AskAsync("taken", ct))!;

    /// <param name="Microseconds">CPU time of the gateway's process for each.</param>
    /// <param name="Kilobytes">Allocated by it for each.</param>
    private sealed record OutgoingResult(string Name, string Design, double PerSecond, double Microseconds, double Kilobytes);
}
