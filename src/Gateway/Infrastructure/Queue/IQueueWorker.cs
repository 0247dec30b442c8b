namespace Gateway.Infrastructure.Queue;

/// <summary>Does the work that waits in one table. It may run at any time, twice, and beside itself: leases keep the rows apart.</summary>
internal interface IQueueWorker
{
    /// <summary>Takes one batch of due rows and brings each to its next state.</summary>
    /// <returns>How many rows were taken; 0 when nothing is due.</returns>
    Task<int> RunBatchAsync(CancellationToken ct);

    /// <returns>When the next row comes due, UTC; null when none is waiting.</returns>
    Task<DateTime?> NextDueAsync(CancellationToken ct);
}

/// <summary>
/// A worker that is also given, in memory, rows that this process has just stored (docs/adr/0046-workers-look-at-tables-when-told.md).
/// </summary>
internal interface IFreshQueueWorker : IQueueWorker
{
    /// <summary>Takes one batch of what waits in memory, without a look at the table.</summary>
    /// <returns>How many rows were taken; 0 when nothing waits there.</returns>
    Task<int> RunFreshBatchAsync(CancellationToken ct);
}
