using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>The queue of imports, and those that do not go on.</summary>
internal sealed class FailedImports(GatewayDb db, Signal<WorkImports> work, TimeProvider clock)
    : FailableQueueTable<Import>(db, clock, "imports", PublicId.Import, row => row.Failure != null)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        Db.OnCommitted(work.Wake);
        return Unless(
            await Db
                .Imports.Where(row => row.Id == id && row.Failure != null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.Failure, (string?)null)
                            .SetProperty(row => row.Failures, 0)
                            .SetProperty(row => row.DueAt, Now),
                    ct
                )
        );
    }

    public override Task SetAsideAsync(IQueryable<Import> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Failure, ISetAside<Import>.Reason).SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<Import> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Failure == ISetAside<Import>.Reason ? ISetAside<Import>.Code : "internal",
            Reason = row.Failure,
            Since = row.CreatedAt,
        });
}
