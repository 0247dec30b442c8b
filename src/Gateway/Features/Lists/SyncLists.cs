using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Jobs;

namespace Gateway.Features.Lists;

/// <summary>The drain of list syncs.</summary>
internal sealed class SyncLists(Leases leases) : IDrain
{
    public const int Batch = 100;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<ListSync>(ct);

    public Task<int> RunBatchAsync(CancellationToken ct) => Task.FromResult(0);
}
