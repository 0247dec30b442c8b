using System.Text.Json;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Load;

/// <summary>The load generator in a process of its own, since it takes a runtime setting that only suits it.</summary>
internal sealed class LoadProcess(Child child) : IAsyncDisposable
{
    /// <summary>The word on the command line that starts it.</summary>
    public const string Command = "load";

    public static async Task<LoadProcess> StartAsync(CancellationToken ct) =>
        new(
            await Child.StartAsync(
                Command,
                "closed-loop",
                new Dictionary<string, string>
                {
                    // One thread does all sending and receiving, without handing over to the pool: half the cost of a request.
                    ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
                    ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
                },
                ct
            )
        );

    /// <exception cref="BenchmarkFailed">An answer was not 202, or none came.</exception>
    public async Task<LoadResult> RunAsync(Target target, int connections, TimeSpan time, CancellationToken ct)
    {
        var answer = JsonSerializer.Deserialize<Answer>(
            await child.AskAsync(JsonSerializer.Serialize(new Question(target, connections, time)), ct)
        );
        return answer?.Result ?? throw new BenchmarkFailed(answer?.Failure ?? "The load generator gave no answer.");
    }

    /// <summary>The process's own side.</summary>
    public static async Task<int> ServeAsync()
    {
        await Child.AnswerAsync(
            "ready",
            async line =>
            {
                var question = JsonSerializer.Deserialize<Question>(line)!;
                try
                {
                    return JsonSerializer.Serialize(
                        new Answer(
                            await LoadGenerator.RunAsync(question.Target, question.Connections, question.Time, CancellationToken.None),
                            null
                        )
                    );
                }
                catch (Exception failed) when (failed is BenchmarkFailed or TimeoutException or System.Net.Sockets.SocketException)
                {
                    return JsonSerializer.Serialize(new Answer(null, failed.Message));
                }
            }
        );
        return 0;
    }

    public ValueTask DisposeAsync() => child.DisposeAsync();

    private sealed record Question(Target Target, int Connections, TimeSpan Time);

    private sealed record Answer(LoadResult? Result, string? Failure);
}
