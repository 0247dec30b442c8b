using System.Data.Common;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Does for many what each asks for, in one write: what arrives while a write is under way waits for the next, and one that comes alone is
/// written at once.
/// A group that cannot be written is written one by one, so that what spoils it spoils nothing else.
/// </summary>
/// <param name="write">Writes a group and returns the outcome of each, in order; may be called again for what it failed to write. It uses a
/// context of its own.</param>
internal sealed class GroupedWrites<TItem, TOutcome>(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TOutcome>>> write)
{
    private readonly Lock _gate = new();
    private List<Waiting> _waiting = [];
    private bool _writing;

    /// <returns>After the write is on the disk.</returns>
    public Task<TOutcome> AddAsync(TItem item)
    {
        var waiting = new Waiting(item);
        lock (_gate)
        {
            _waiting.Add(waiting);
            if (!_writing)
            {
                _writing = true;
                _ = Task.Run(WriteAllAsync);
            }
        }

        return waiting.Outcome.Task;
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { Count: > 0 } group)
        {
            await WriteAsync(group);
        }
    }

    private async Task WriteAsync(IReadOnlyList<Waiting> group)
    {
        try
        {
            var outcomes = await write([.. group.Select(one => one.Item)]);
            group.Zip(outcomes).ToList().ForEach(pair => pair.First.Outcome.SetResult(pair.Second));
        }
        catch (Exception error) when (group.Count > 1 && error is not DbException { IsTransient: true })
        {
            foreach (var one in group)
            {
                await WriteAsync([one]);
            }
        }
        catch (Exception failed)
        {
            // Whoever waits for it decides what that means.
            group[0].Outcome.SetException(failed);
        }
    }

    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var group = _waiting;
            _waiting = [];
            _writing = group.Count > 0;
            return group;
        }
    }

    private sealed record Waiting(TItem Item)
    {
        public TaskCompletionSource<TOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
