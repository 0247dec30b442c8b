using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>The queue of mails, and those that were refused or given up.</summary>
internal sealed class FailedMessages(GatewayDb db, Signal<SendMessages> mail, TimeProvider clock)
    : FailableQueueTable<Message>(db, clock, "mail", PublicId.Message, row => row.State == MessageState.Failed)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        Db.OnCommitted(mail.Wake);
        return Unless(
            await Db
                .Messages.Where(row => row.Id == id && row.State == MessageState.Failed)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, MessageState.Queued)
                            .SetProperty(row => row.Failures, 0)
                            .SetProperty(row => row.DueAt, Now),
                    ct
                )
        );
    }

    public override Task SetAsideAsync(IQueryable<Message> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, MessageState.Failed)
                    .SetProperty(row => row.Answer, ISetAside<Message>.Reason)
                    .SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override FailedItem ItemOf(Message row, bool withBody) => ItemOf(row, row.SiteId, "mail_failed", row.Answer, row.CreatedAt);
}
