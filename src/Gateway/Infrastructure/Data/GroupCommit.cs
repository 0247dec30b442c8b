namespace Gateway.Infrastructure.Data;

/// <summary>
/// Does for many what each asks for, in one commit: what arrives while a commit is under way waits for the next, and one that comes alone
/// is committed at once. A group that fails is written one by one, so that what spoils it spoils nothing else.
/// </summary>
/// <param name="write">
/// Writes a group in one transaction and returns the outcome of each, in order. It may be called again for what it failed to write, never
/// for two groups at once, and uses a context of its own.
/// </param>
/// <remarks>Measured: several times the throughput of a commit for each, see docs/performance.md.</remarks>
internal sealed class GroupCommit<TItem, TOutcome>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TOutcome>>> write) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>How many are written together at most.</summary>
    public int MaxInGroup { get; init; } = int.MaxValue;

    /// <summary>How many may wait, and the outcome of one that comes when so many do; without a limit when null.</summary>
    public (int Waiting, TOutcome Otherwise)? Limit { get; init; }

    /// <summary>Called when a group of so many failed and is written one by one.</summary>
    public Action<int, Exception>? OnGroupFailed { get; init; }

    /// <returns>After the commit is on the disk. A caller that goes away does not take its item back.</returns>
    public Task<TOutcome> AddAsync(TItem item)
    {
        var one = new Waiting(item);
        lock (_gate)
        {
            if (Limit is { } limit && _waiting.Count >= limit.Waiting)
            {
                return Task.FromResult(limit.Otherwise);
            }

            _waiting.Add(one);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAllAsync);
            }
        }

        return one.Outcome.Task;
    }

    /// <summary>Ends when nothing waits and nothing is being written.</summary>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (_gate)
        {
            last = _writing;
        }

        await last;
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { Count: > 0 } group)
        {
            await WriteAsync(group);
        }
    }

    private async Task WriteAsync(List<Waiting> group)
    {
        if (await TryAsync(group) is not { } failed)
        {
            return;
        }

        if (group.Count == 1)
        {
            Fail(group, failed);
            return;
        }

        OnGroupFailed?.Invoke(group.Count, failed);
        for (var i = 0; i < group.Count; i++)
        {
            if (await TryAsync([group[i]]) is not { } alone)
            {
                continue;
            }

            if (alone.IsTransient())
            {
                // A database that is away refuses them all. To ask it for each would only take long.
                Fail(group[i..], alone);
                return;
            }

            Fail([group[i]], alone);
        }
    }

    /// <returns>Why the group was not written; null when it was.</returns>
    private async Task<Exception?> TryAsync(List<Waiting> group)
    {
        try
        {
            var outcomes = await write([.. group.Select(one => one.Item)]);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Outcome.TrySetResult(outcomes[i]);
            }

            return null;
        }
        catch (Exception failed)
        {
            return failed;
        }
    }

    /// <summary>Whoever waits for them decides what that means.</summary>
    private static void Fail(List<Waiting> group, Exception failed) => group.ForEach(one => one.Outcome.TrySetException(failed));

    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var group = _waiting.GetRange(0, Math.Min(_waiting.Count, MaxInGroup));
            _waiting.RemoveRange(0, group.Count);
            _isWriting = group.Count > 0;
            return group;
        }
    }

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource<TOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
