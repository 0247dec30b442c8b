using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Lists;

/// <summary>The worker of list syncs: leases what is due and tells each list's provider, several providers side by side.</summary>
internal sealed class SyncLists(Leases leases, IServiceScopeFactory scopes) : IQueueWorker
{
    /// <summary>As many as a provider may take in one call.</summary>
    private const int Batch = 1000;

    // A provider that hangs should not hold up the others; more at once would only strain the database.
    private const int ListsAtOnce = 4;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<ListSync>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<ListSync>(Batch, PushList.Lease, ct);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ListsAtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(
            rows.GroupBy(row => row.ListId),
            options,
            async (list, stop) =>
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<PushList>().PushAsync(list.Key, [.. list], stop);
            }
        );
        return rows.Count;
    }
}
