namespace Gateway.Infrastructure.Queue;

/// <summary>
/// What this process is working on: batches side by side, or one suspect alone (<see cref="Leases"/>). Only of what was alone is it known
/// that it ended the process, and not its neighbour.
/// </summary>
internal sealed partial class InFlight(IServiceScopeFactory scopes, TimeProvider clock, ILogger<InFlight> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly List<Func<IServiceProvider, Task>> _unsaid = [];
    private readonly Dictionary<string, long> _lookedAt = [];
    private readonly Dictionary<string, long> _notBefore = [];
    private readonly long _began = clock.GetTimestamp();
    private TaskCompletionSource _changed = New();
    private int _running;
    private bool _isAlone;

    /// <summary>
    /// How long a process has to live before it tries suspects. What ends one sooner is somebody who stops it, or its surroundings, and a
    /// row must not be blamed for that.
    /// </summary>
    public TimeSpan Settling { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Times as long as they waited in vain.</summary>
    private const int GoOnFor = 6;

    /// <summary>How often suspects are looked for. They come of processes that ended, so there are hardly ever any.</summary>
    public TimeSpan Between { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Waits while something has to be alone.</summary>
    /// <returns>What ends the batch.</returns>
    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (!_isAlone)
                {
                    _running++;
                    return new Pass(Leave);
                }

                change = _changed.Task;
            }

            await change.WaitAsync(ct);
        }
    }

    /// <summary>Work that a batch began and that goes on when the batch has ended.</summary>
    public IDisposable Join()
    {
        lock (_lock)
        {
            _running++;
        }

        return new Pass(Leave);
    }

    /// <summary>Waits until nothing else is in flight, and lets nothing begin meanwhile.</summary>
    /// <param name="patience">Something may wait for minutes for somebody's answer, and everything else for it.</param>
    /// <returns>Null when it was in vain.</returns>
    public async Task<IDisposable?> AloneAsync(TimeSpan patience, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        Change(() => _isAlone = true);
        try
        {
            await NothingAsync(ct).WaitAsync(patience, clock, ct);
        }
        catch (TimeoutException)
        {
            NotAlone();
            return null;
        }
        catch
        {
            NotAlone();
            throw;
        }

        return new Pass(NotAlone);
    }

    /// <summary>Waits until nothing is in flight any more.</summary>
    public async Task NothingAsync(CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (_running == 0)
                {
                    return;
                }

                change = _changed.Task;
            }

            await change.WaitAsync(ct);
        }
    }

    /// <returns>Whether it is time to look for suspects in this queue; asking is taken for looking.</returns>
    public bool IsTimeFor(string queue)
    {
        lock (_lock)
        {
            if (
                clock.GetElapsedTime(_began) < Settling
                || clock.GetTimestamp() < _notBefore.GetValueOrDefault(queue, long.MinValue)
                || (_lookedAt.TryGetValue(queue, out var last) && clock.GetElapsedTime(last) < Between)
            )
            {
                return false;
            }

            _lookedAt[queue] = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>
    /// Others waited so long for suspects of this queue, and in vain, since something was in flight all the time. Now they go on for much
    /// longer: a few rows that must be alone may slow down everybody's mails, and never stop them.
    /// </summary>
    public void WasInVain(string queue, TimeSpan waited)
    {
        lock (_lock)
        {
            _notBefore[queue] = clock.GetTimestamp() + (long)(GoOnFor * waited.TotalSeconds * clock.TimestampFrequency);
        }
    }

    /// <summary>There are suspects in this queue: it need not wait for <see cref="Between"/>.</summary>
    public void LookAgain(string queue)
    {
        lock (_lock)
        {
            _lookedAt.Remove(queue);
        }
    }

    /// <summary>Writes down that the process lived; what cannot be written now is written when the next batch ends.</summary>
    public Task SayAsync(Func<IServiceProvider, Task> survived)
    {
        lock (_lock)
        {
            _unsaid.Add(survived);
        }

        return SayWhatIsLeftAsync();
    }

    /// <summary>Writes down what could not be written before.</summary>
    public async Task SayWhatIsLeftAsync()
    {
        List<Func<IServiceProvider, Task>> all;
        lock (_lock)
        {
            all = [.. _unsaid];
            _unsaid.Clear();
        }

        foreach (var one in all)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await one(scope.ServiceProvider);
            }
            catch (Exception lost)
            {
                LogUnsaid(lost);
                lock (_lock)
                {
                    _unsaid.Add(one);
                }
            }
        }
    }

    public void SetAside(string what, IReadOnlyCollection<Guid> ids) => LogSetAside(what, string.Join(", ", ids));

    public void Dispose() => _one.Dispose();

    private void Leave() => Change(() => _running--);

    private void NotAlone()
    {
        Change(() => _isAlone = false);
        _one.Release();
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Pass(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }

    [LoggerMessage(LogLevel.Error, "The program ended twice while it was working on {Row} {Ids}; it is set aside as failed")]
    private partial void LogSetAside(string row, string ids);

    [LoggerMessage(LogLevel.Warning, "What the program lived through could not be written down; it is tried again")]
    private partial void LogUnsaid(Exception exception);
}
