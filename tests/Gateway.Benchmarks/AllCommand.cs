using System.Diagnostics;
using Gateway.Benchmarks.Http;
using Gateway.Benchmarks.Ingest;
using Gateway.Benchmarks.Mail;
using Gateway.Benchmarks.Scaling;
using Gateway.Benchmarks.Sms;
using Gateway.Benchmarks.Starting;

namespace Gateway.Benchmarks;

/// <summary>Everything in turn, each for a short time.</summary>
internal static class AllCommand
{
    private const int Seconds = 4;
    private const int Rounds = 3;

    /// <summary>A p99 of one form a second needs a hundred of them.</summary>
    private const int FairSeconds = 100;
    private const int FairBulk = 100_000;

    public static async Task<int> RunAsync(FileInfo? table, FileInfo? program, CancellationToken ct)
    {
        var file = table is null ? null : new MarkedFile(table);
        var report = new Report(json: false);
        foreach (var (name, run) in Commands(report, program, ct))
        {
            System.Console.WriteLine($"== {name} ==");
            var began = Stopwatch.GetTimestamp();
            if (await run() is not 0 and var failed)
            {
                return failed;
            }

            System.Console.WriteLine($"({Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s)");
        }

        System.Console.WriteLine(report.Table());
        if (file is not null)
        {
            await file.WriteAsync(report.Table(), ct);
        }

        return 0;
    }

    private static IEnumerable<(string Name, Func<Task<int>> Run)> Commands(Report report, FileInfo? program, CancellationToken ct)
    {
        yield return ("ingest", () => IngestCommand.RunAsync(new(Seconds, Rounds, null), report, ct));
        yield return ("alloc", () => AllocCommand.RunAsync(TimeSpan.FromSeconds(Seconds), report, ct));
        yield return ("mail", () => MailCommand.RunAsync(new(Seconds, Rounds, null), report, ct));
        yield return ("sms", () => SmsCommand.RunAsync(Seconds, Rounds, report, ct));
        yield return ("hooks", () => OutgoingCommand.RunAsync(Outgoing.Hooks, Seconds, Rounds, report, ct));
        yield return ("lists", () => OutgoingCommand.RunAsync(Outgoing.Lists, Seconds, Rounds, report, ct));
        yield return ("scale", () => ScaleCommand.RunAsync(Seconds, Rounds, report, ct));
        yield return ("start", () => StartCommand.RunAsync(program, Rounds, report, ct));
        yield return ("fair", () => FairCommand.RunAsync(FairSeconds, FairBulk, report, ct));
    }
}
