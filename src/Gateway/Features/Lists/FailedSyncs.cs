using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Lists;

/// <summary>
/// The queue of changes for list providers, and those whose last try failed: refused for good, or tried again by itself until the provider
/// takes it.
/// </summary>
internal sealed class FailedSyncs(GatewayDb db, ListSyncQueue syncs, TimeProvider clock)
    : FailableQueueTable<ListSync>(db, clock, ListConnections.Queue, "syn", row => row.Failure != null)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange()
            ? "Only a submission can be replayed with another field or list."
            : Unless(await syncs.ReplayAsync(id, ct) ? 1 : 0);

    protected override FailedItem ItemOf(ListSync row, bool withBody) =>
        ItemOf(row, row.SiteId, "list_sync_failed", row.Failure, row.SyncedAt ?? CreatedAt(row));

    /// <summary>When it was first to be pushed: version-7 ids begin with their time.</summary>
    private static DateTime CreatedAt(ListSync row) =>
        DateTime.UnixEpoch.AddMilliseconds(Convert.ToInt64(row.Id.ToString("N")[..12], 16));

    protected override IQueryable<FailedFact> Facts(IQueryable<ListSync> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = "list_sync_failed",
            Reason = row.Failure,
            Since = row.SyncedAt,
        });

    protected override Guid SiteOf(ListSync row) => row.SiteId;
}
