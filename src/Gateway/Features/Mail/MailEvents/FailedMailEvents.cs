using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>The queue of events, and those that could not be applied.</summary>
internal sealed class FailedMailEvents(GatewayDb db, Signal<ApplyMailEvents> signal, TimeProvider clock)
    : FailableQueueTable<MailEvent>(db, clock, "mail_events", "mev", row => row.State == MailEventState.Failed)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        Db.OnCommitted(signal.Wake);
        return Unless(
            await Db
                .MailEvents.Where(row => row.Id == id && row.State == MailEventState.Failed)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, MailEventState.Waiting)
                            .SetProperty(row => row.Failures, 0)
                            .SetProperty(row => row.DueAt, Now),
                    ct
                )
        );
    }

    public override Task SetAsideAsync(IQueryable<MailEvent> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, MailEventState.Failed)
                    .SetProperty(row => row.Remark, ISetAside<MailEvent>.Reason)
                    .SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<MailEvent> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Losses >= Leases.SetAsideLosses ? ISetAside<MailEvent>.Code : "mail_event_failed",
            Reason = row.Remark,
            Since = row.ReceivedAt,
        });
}
