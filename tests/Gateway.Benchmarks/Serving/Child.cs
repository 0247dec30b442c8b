using System.Diagnostics;
using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks.Serving;

/// <summary>
/// This program again in a process of its own. It is asked over standard input, answers a line, and ends with its input: none is left
/// behind.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>The line it said when it was ready.</summary>
    public required string Greeting { get; init; }

    public static async Task<Child> StartAsync(
        string command,
        string argument,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        start.ArgumentList.Add(command);
        start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        return new(process) { Greeting = await ReadLineAsync(process, ct).WaitAsync(Patience, ct) };
    }

    public async Task<string> AskAsync(string question, CancellationToken ct)
    {
        await _process.StandardInput.WriteLineAsync(question.AsMemory(), ct);
        await _process.StandardInput.FlushAsync(ct);
        return await ReadLineAsync(_process, ct);
    }

    /// <summary>The child's side: says that it is ready, and answers until its input ends.</summary>
    public static async Task AnswerAsync(string greeting, Func<string, Task<string>> answer)
    {
        await System.Console.Out.WriteLineAsync(greeting);
        while (await System.Console.In.ReadLineAsync() is { } question)
        {
            await System.Console.Out.WriteLineAsync(await answer(question));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            using var end = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task<string> ReadLineAsync(Process process, CancellationToken ct) =>
        await process.StandardOutput.ReadLineAsync(ct)
        ?? throw new BenchmarkFailed("A process of this benchmark ended early; what it wrote to standard error says why.");
}
