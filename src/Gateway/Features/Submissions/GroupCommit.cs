using System.Threading.Channels;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <summary>
/// Commits submissions in groups: requests hand their row to one writer, which commits all that are waiting in one transaction, and each
/// request
/// waits for its own commit. A single request is committed at once; a group forms only while a commit is under way.
/// </summary>
/// <remarks>Measured: about four times the throughput of a commit for each request, see docs/performance.md.</remarks>
internal sealed partial class GroupCommit(
    IInboxWriter writer,
    Signal<ProcessSubmissions> signal,
    SubmissionMetrics metrics,
    ILogger<GroupCommit> logger
) : BackgroundService
{
    private const int MaxWaiting = 10_000;
    private const int MaxInGroup = 512;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    public async Task<TakenIn> StoreAsync(Submission row, CancellationToken ct)
    {
        var waiting = new Waiting(row);
        if (!_queue.Writer.TryWrite(waiting))
        {
            return new TakenIn.Busy();
        }

        // A caller that leaves does not take its row back: it is stored, and a retry gets the same answer.
        return await waiting.Outcome.Task.WaitAsync(ct);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        // A thread of its own: SQLite's calls block.
        Task
            .Factory.StartNew(() => WriteAsync(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .Unwrap();

    private async Task WriteAsync(CancellationToken ct)
    {
        var group = new List<Waiting>(MaxInGroup);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(ct))
            {
                group.Clear();
                while (group.Count < MaxInGroup && _queue.Reader.TryRead(out var next))
                {
                    group.Add(next);
                }

                await CommitAsync(group, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down: what still waits is answered below and was never acknowledged.
        }

        _queue.Writer.Complete();
        while (_queue.Reader.TryRead(out var left))
        {
            left.Outcome.TrySetResult(new TakenIn.Busy());
        }
    }

    private async Task CommitAsync(List<Waiting> group, CancellationToken ct)
    {
        try
        {
            await StoreAsync(group, ct);
        }
        catch (Exception failed) when (group.Count > 1 && failed is not OperationCanceledException)
        {
            // One row that the database refuses must not take its neighbours with it.
            LogGroupFailed(group.Count, failed);
            foreach (var one in group)
            {
                await CommitAsync([one], ct);
            }
        }
        catch (Exception failed)
        {
            // The request that waits for it answers, as it would for any failure of the storage.
            group.ForEach(one => one.Outcome.TrySetException(failed));
        }
    }

    private async Task StoreAsync(List<Waiting> group, CancellationToken ct)
    {
        // Sorted, so that two replicas lock the same keys in the same order.
        var rows = group
            .Select(one => one.Row)
            .DistinctBy(row => (row.SiteId, row.Key))
            .OrderBy(row => row.SiteId)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
        var stored = await writer.StoreAsync(rows, ct);
        signal.Wake();
        metrics.Accepted(rows.Count(row => stored[(row.SiteId, row.Key)].Id == row.Id));

        foreach (var one in group)
        {
            var first = stored[(one.Row.SiteId, one.Row.Key)];
            one.Outcome.TrySetResult(
                first.ContentHash.AsSpan().SequenceEqual(one.Row.ContentHash) ? new TakenIn.Stored(first.Id) : new TakenIn.KeyReused()
            );
        }
    }

    [LoggerMessage(LogLevel.Warning, "A group of {Count} submissions could not be committed; they are tried one by one")]
    private partial void LogGroupFailed(int count, Exception exception);

    private sealed record Waiting(Submission Row)
    {
        public TaskCompletionSource<TakenIn> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Commits a group of submissions in one transaction; the one statement that each database has its own fastest form of.</summary>
internal interface IInboxWriter
{
    /// <param name="rows">Sorted by site and key, each key once.</param>
    /// <returns>What stands under each key after the commit: the given row, or the one that was there before.</returns>
    Task<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>> StoreAsync(
        IReadOnlyList<Submission> rows,
        CancellationToken ct
    );
}

internal readonly record struct StoredSubmission(Guid Id, byte[] ContentHash);
