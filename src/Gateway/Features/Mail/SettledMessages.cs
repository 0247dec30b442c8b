using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>Mails that a server took, and those that were cancelled.</summary>
internal sealed class SettledMessages(GatewayDb db)
    : SettledRows<Message>(db, row => (row.State == MessageState.Sent || row.State == MessageState.Cancelled) && row.DueAt == null);
