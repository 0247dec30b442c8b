using System.Globalization;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// Threads on which people's templates are read, rendered and looked at. Their stack is large and known: what reads CSS goes as deep as its
/// brackets, and an ordinary thread would end there, and the process with it. Sites take turns (<see cref="TemplateTurns"/>).
/// </summary>
internal sealed class TemplateThreads
{
    /// <summary>In bytes. Only what is used takes memory.</summary>
    private const int Stack = 256 * 1024 * 1024;

    /// <summary>More than one site may keep busy, so that there is a free one for the next.</summary>
    private const int Least = 4;

    private const int AtOnce = 2;
    private const int WaitingOfSite = 40;
    private const int WaitingInAll = 1_000;
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static bool _isOne;

    private readonly TemplateTurns _turns;
    private readonly Lazy<int> _started;

    private TemplateThreads(string name, TemplateTurns turns) => (_turns, _started) = (turns, new(() => Start(name)));

    /// <summary>
    /// What leaves waits for nobody who looks at templates. It is bounded by the workers that send, and nothing of it is refused.
    /// </summary>
    public static TemplateThreads Sending { get; } = new("templates sent", new(int.MaxValue, int.MaxValue, int.MaxValue));

    public static TemplateThreads Looking { get; } = new("templates looked at", new(AtOnce, WaitingOfSite, WaitingInAll));

    /// <summary>For an SMS, which is filled while its caller waits.</summary>
    public static TemplateThreads Filling { get; } = new("templates filled", new(AtOnce, WaitingOfSite, WaitingInAll));

    /// <summary>Runs the work with a <see cref="CpuBudget"/> of its own.</summary>
    /// <param name="siteId">Whose turn it takes.</param>
    /// <param name="ct">Once nobody waits for it, it does not begin, or it ends where it looks at its budget next.</param>
    /// <exception cref="TooManyRequestsException">Too much of the site waits already.</exception>
    public Task<T> RunAsync<T>(Guid siteId, Func<T> work, CancellationToken ct)
    {
        if (_isOne)
        {
            return Task.FromResult(work());
        }

        _ = _started.Value;
        var queued = new Work<T>(work, ct);
        return _turns.TryAdd(siteId, queued)
            ? queued.Result
            : throw new TooManyRequestsException(
                "templates_busy",
                "Too many templates of this site are being looked at or filled. Wait for the answers that are open, and try again in "
                    + $"{ComeAgain.TotalSeconds:0} seconds.",
                ComeAgain
            );
    }

    private int Start(string name)
    {
        var count = Math.Max(Least, Environment.ProcessorCount);
        for (var one = 0; one < count; one++)
        {
            new Thread(DoAll, Stack) { IsBackground = true, Name = name }.Start();
        }

        return count;
    }

    private void DoAll()
    {
        _isOne = true;
        while (true)
        {
            _turns.DoNext();
        }
    }

    private sealed class Work<T>(Func<T> work, CancellationToken ct) : ITemplateWork
    {
        /// <summary>Of whoever asks: what is said of the template is said to them.</summary>
        private readonly CultureInfo _language = CultureInfo.CurrentUICulture;

        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _result.Task;

        public bool DropIfAborted() => ct.IsCancellationRequested && (_result.TrySetCanceled(ct) || Result.IsCompleted);

        public void Run()
        {
            if (DropIfAborted())
            {
                return;
            }

            try
            {
                CultureInfo.CurrentUICulture = _language;
                using var budget = CpuBudget.Begin(ct);
                _result.SetResult(work());
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                _result.SetCanceled(ct);
            }
            catch (Exception failed)
            {
                _result.SetException(failed);
            }
        }
    }
}
