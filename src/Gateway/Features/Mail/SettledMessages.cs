using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>Mails that a server took, whatever became of them then, and those that were cancelled.</summary>
internal sealed class SettledMessages(GatewayDb db)
    : SettledRows<Message>(
        db,
        row =>
            row.DueAt == null
            && (
                row.State == MessageState.Sent
                || row.State == MessageState.Delivered
                || row.State == MessageState.Bounced
                || row.State == MessageState.Cancelled
            )
    );

/// <summary>What providers told of mails, once it is applied or changes nothing.</summary>
internal sealed class SettledMailEvents(GatewayDb db)
    : SettledRows<MailEvent>(db, row => row.DueAt == null && row.State != MailEventState.Failed);
