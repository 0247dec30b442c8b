using System.Collections.Concurrent;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// Threads on which people's templates are rendered and looked at. Their stack is large and known: what reads CSS goes as deep as its
/// brackets, and an ordinary thread would end there, and the process with it.
/// </summary>
internal sealed class TemplateThreads
{
    /// <summary>In bytes. Only what is used takes memory.</summary>
    private const int Stack = 256 * 1024 * 1024;

    [ThreadStatic]
    private static bool _isOne;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Lazy<int> _started;

    private TemplateThreads(string name) => _started = new(() => Start(name));

    /// <summary>What leaves waits for nobody who looks at templates.</summary>
    public static TemplateThreads Sending { get; } = new("templates sent");

    public static TemplateThreads Looking { get; } = new("templates looked at");

    /// <summary>Runs the work with a <see cref="CpuBudget"/> of its own.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        if (_isOne)
        {
            return Task.FromResult(work());
        }

        _ = _started.Value;
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Run(work, result));
        return result.Task;
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> result)
    {
        try
        {
            using var budget = CpuBudget.Begin();
            result.SetResult(work());
        }
        catch (Exception failed)
        {
            result.SetException(failed);
        }
    }

    private int Start(string name)
    {
        var count = Math.Max(2, Environment.ProcessorCount);
        for (var one = 0; one < count; one++)
        {
            new Thread(Work, Stack) { IsBackground = true, Name = name }.Start();
        }

        return count;
    }

    private void Work()
    {
        _isOne = true;
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
