using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>The queue of requests whose time comes to an end, and those that could not be ended.</summary>
internal sealed class FailedExpiries(GatewayDb db, Signal<ExpireRequests> expiry, TimeProvider clock)
    : FailableQueueTable<OptInRequest>(db, clock, "expiry", "req", row => row.Failure != null)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        Db.OnCommitted(expiry.Wake);
        return Unless(
            await Db
                .OptInRequests.Where(row => row.Id == id && row.Failure != null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.DueAt, Now), ct)
        );
    }

    public override Task SetAsideAsync(IQueryable<OptInRequest> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Failure, ISetAside<OptInRequest>.Reason).SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<OptInRequest> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Losses >= Leases.SetAsideLosses ? ISetAside<OptInRequest>.Code : "expiry_failed",
            Reason = row.Failure,
            Since = row.CreatedAt,
        });
}
