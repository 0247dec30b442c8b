using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Mail;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Scaling;

/// <summary>
/// One site has a hundred thousand mails to send while another submits one form a second: how long that one's confirmations take from the
/// acknowledgement to the mail server, against a gateway with nothing else to do.
/// </summary>
internal static class FairCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Numbers of the bulk's recipients begin here, so that they are no visitor's.</summary>
    public const int FirstOfBulk = 50_000_000;

    public static async Task<int> RunAsync(int seconds, int bulk, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        foreach (var design in Design.Measurable.Intersect([Design.Postgres, Design.Sqlite]))
        {
            await using var sink = await Child.StartAsync(SmtpSink.Command, "any", new Dictionary<string, string>(), ct);
            await using var gateway = await GatewayServer.StartAsync(design, scratch, "api,worker", sink.Greeting, ct);
            var forms = new MailLoad(gateway.Target, connections: 1);

            // Just-in-time compilation is neither side's, and the bulk's path has its own.
            await HandOverAsync(forms, sink, count: 300, perSecond: 20, ct);
            var before = await MailCommand.CountAsync(sink, ct);
            await gateway.AddBulkAsync(500, ct);
            await MailCommand.ArriveAsync(sink, before + 500, ct);

            var calm = await HandOverAsync(forms, sink, seconds, perSecond: 1, ct);
            before = await MailCommand.CountAsync(sink, ct);
            await gateway.AddBulkAsync(bulk, ct);
            var busy = await HandOverAsync(forms, sink, seconds, perSecond: 1, ct);
            var left = bulk - (await MailCommand.CountAsync(sink, ct) - before - seconds);
            Tell(new(design.Name, bulk, left, calm.P50, calm.P99, busy.P50, busy.P99), report);
        }

        return 0;
    }

    private static void Tell(Fairness fair, Report report)
    {
        var figure = new Figure(
            string.Create(
                CultureInfo.InvariantCulture,
                $"p99 of a confirmation beside {fair.Bulk:N0} mails of another site ÷ calm, {fair.Design}"
            ),
            fair.Ratio,
            Goal.AtMost(2),
            "F2"
        );
        report.Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                {fair.Design}: a confirmation takes p50 {fair.CalmP50:F1} ms, p99 {fair.CalmP99:F1} ms, and beside {fair.Bulk:N0} mails of another site p50 {fair.BusyP50:F1} ms, p99 {fair.BusyP99:F1} ms
                  ratio of p99 {fair.Ratio:F2} ({figure.Sentence}); of the bulk {fair.Left:N0} were left at the end
                """
            ),
            fair,
            figure
        );
    }

    private static async Task<(double P50, double P99)> HandOverAsync(
        MailLoad load,
        Child sink,
        int count,
        int perSecond,
        CancellationToken ct
    )
    {
        var acknowledged = await load.SubmitAsync(count, perSecond, ct);
        var handedOver = await TimesAsync(sink, ct);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var end = Stopwatch.GetTimestamp(); !acknowledged.Keys.All(handedOver.ContainsKey); handedOver = await TimesAsync(sink, ct))
        {
            if (Stopwatch.GetElapsedTime(end) > Patience)
            {
                throw new BenchmarkFailed($"Confirmations did not leave within {Patience.TotalSeconds} s of the last form.");
            }

            await pace.WaitForNextTickAsync(ct);
        }

        var latencies = new LatencyHistogram();
        foreach (var (visitor, at) in acknowledged)
        {
            latencies.Add(handedOver[visitor] - at);
        }

        var began = acknowledged.Values.Min();
        var slowest = acknowledged.OrderByDescending(one => handedOver[one.Key] - one.Value).Take(5);
        await System.Console.Error.WriteLineAsync(
            $"  slowest: {string.Join(", ", slowest.Select(one => TimeOf(one.Value, handedOver[one.Key], began)))}"
        );
        return (latencies.Percentile(0.5), latencies.Percentile(0.99));
    }

    private static string TimeOf(long from, long to, long began) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(from, to).TotalMilliseconds:F0} ms after {Stopwatch.GetElapsedTime(began, from).TotalSeconds:F0} s"
        );

    /// <returns>When each visitor's mail was taken.</returns>
    private static async Task<Dictionary<int, long>> TimesAsync(Child sink, CancellationToken ct) =>
        JsonSerializer.Deserialize<Dictionary<int, long>>(await sink.AskAsync($"times {FirstOfBulk}", ct))!;

    /// <param name="Left">Mails of the bulk that had not left when the last confirmation had: above zero, or it was over too early.</param>
    /// <param name="CalmP50">In ms, as the others.</param>
    private sealed record Fairness(string Design, int Bulk, long Left, double CalmP50, double CalmP99, double BusyP50, double BusyP99)
    {
        public double Ratio => BusyP99 / CalmP99;
    }
}
