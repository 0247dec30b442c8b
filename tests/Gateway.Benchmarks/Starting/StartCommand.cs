using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Benchmarks.Starting;

/// <summary>
/// How long the program takes to be ready, against an ASP.NET Core app that does nothing, how long a command takes, and what memory the
/// program holds when nobody wants anything of it. The database is there and migrated.
/// </summary>
internal static class StartCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Between two looks whether it answers.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <param name="program">
    /// As <c>dotnet publish</c> makes it; without one it is the program beside this, which the runtime has to compile.
    /// </param>
    public static async Task<int> RunAsync(FileInfo? program, int rounds, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        string[] gateway = program is null
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Gateway.dll")]
            : [program.FullName];
        string[] empty = [Environment.ProcessPath!, typeof(StartCommand).Assembly.Location, EmptyApp.Command, "any"];
        var masterKey = Path.Combine(scratch.Folder, "start.pem");
        var settings = GatewayServer.Production(scratch.Sqlite("start"), masterKey, smtpPort: "25");
        await EndAsync([.. gateway, "key", "master", masterKey], settings, ct);
        await EndAsync([.. gateway, "migrate"], settings, ct);

        // The first start of all is not like others, and is used for the memory.
        var (_, bytes) = await UntilReadyAsync(gateway, settings, "/health/ready", Idle, ct);
        var (ready, nothing, command) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            nothing.Add((await UntilReadyAsync(empty, settings, "/", TimeSpan.Zero, ct)).Seconds);
            ready.Add((await UntilReadyAsync(gateway, settings, "/health/ready", TimeSpan.Zero, ct)).Seconds);
            command.Add(await EndAsync([.. gateway, "site", "list"], settings, ct));
        }

        Tell(new(Medians.Of(ready), Medians.Of(nothing), Medians.Of(command), bytes / 1024.0 / 1024), report);
        return 0;
    }

    private static void Tell(Start start, Report report)
    {
        var ready = new Figure("Ready after a start, in s", start.Ready, Goal.AtMost(1), "F2");
        var ratio = new Figure("Ready after a start ÷ an empty ASP.NET Core app", start.Ready / start.Empty, Goal.AtMost(4), "F1");
        var command = new Figure("A command, in s", start.Command, Goal.AtMost(0.6), "F2");
        var memory = new Figure("Memory of the idle program, in MiB", start.IdleMebibytes, Goal.AtMost(160), "F0");
        report.Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                ready after {ready.Shown} s ({ready.Sentence}), an empty app after {start.Empty:F2} s: ratio {ratio.Shown} ({ratio.Sentence})
                a command takes {command.Shown} s ({command.Sentence})
                idle the program holds {memory.Shown} MiB ({memory.Sentence})
                """
            ),
            start,
            ready,
            ratio,
            command,
            memory
        );
    }

    /// <returns>Seconds until it answered, and the memory it held after being idle for a while.</returns>
    private static async Task<(double Seconds, long Bytes)> UntilReadyAsync(
        string[] command,
        Dictionary<string, string> settings,
        string path,
        TimeSpan idle,
        CancellationToken ct
    )
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        using var http = new HttpClient { BaseAddress = url };
        var began = Stopwatch.GetTimestamp();
        using var process = Run(command, settings, url);
        try
        {
            while (!await AnswersAsync(http, path, ct))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                {
                    throw new BenchmarkFailed($"{string.Join(' ', command)} was not ready within {Patience.TotalSeconds} s.");
                }

                await Task.Delay(Pace, ct);
            }

            var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Task.Delay(idle, ct);
            process.Refresh();
            return (took, process.WorkingSet64);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <returns>Seconds until it ended.</returns>
    private static async Task<double> EndAsync(string[] command, Dictionary<string, string> settings, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Run(command, settings, null);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(began).TotalSeconds
            : throw new BenchmarkFailed($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }

    private static Process Run(string[] command, Dictionary<string, string> settings, Uri? url)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        if (url is not null)
        {
            start.Environment["ASPNETCORE_URLS"] = url.ToString();
        }

        // What it prints is read, so that it never waits for a reader, and thrown away.
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="Ready">Seconds, as the next two.</param>
    /// <param name="Empty">Until an app that does nothing was ready.</param>
    private sealed record Start(double Ready, double Empty, double Command, double IdleMebibytes);
}

/// <summary>What a start of ASP.NET Core takes at the least.</summary>
internal static class EmptyApp
{
    public const string Command = "empty";

    public static async Task<int> RunAsync()
    {
        var app = WebApplication.CreateBuilder().Build();
        app.MapGet("/", () => "Here");
        await app.RunAsync();
        return 0;
    }
}
