using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>
/// The queue of changes for list providers, and those whose last try failed: refused for good, or tried again by itself until the provider
/// takes it.
/// </summary>
internal sealed class FailedSyncs(GatewayDb db, ListSyncQueue syncs, ContactStore contacts, ListStore lists, TimeProvider clock)
    : FailableQueueTable<ListSync>(db, clock, ListConnections.Queue, "syn", row => row.Failure != null)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange()
            ? "Only a submission can be replayed with another field or list."
            : Unless(await syncs.ReplayAsync(id, ct) ? 1 : 0);

    public override Task SetAsideAsync(IQueryable<ListSync> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Failure, ISetAside<ListSync>.Reason).SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    public override async Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Rows.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.ContactId }).ToListAsync(ct);
        var people = await contacts.GetManyAsync([.. rows.Select(row => row.ContactId).Distinct()], ct);
        return FailedItem.WhomOf(rows.Select(row => (row.Id, people.GetValueOrDefault(row.ContactId)?.Address)));
    }

    protected override async Task<IReadOnlyDictionary<string, string>?> DetailsAsync(Guid id, CancellationToken ct)
    {
        var row = await Rows.SingleAsync(one => one.Id == id, ct);
        var (contact, list) = (await contacts.FindAsync(row.SiteId, row.ContactId, ct), await lists.FindAsync(row.ListId, ct));
        return FailedItem.DetailsOf((FailedItem.Recipient, contact?.Address), (FailedItem.List, list?.Name));
    }

    protected override IQueryable<FailedFact> Facts(IQueryable<ListSync> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Losses >= Leases.SetAsideLosses ? ISetAside<ListSync>.Code : "list_sync_failed",
            Reason = row.Failure,
            Since = row.SyncedAt,
        });
}
