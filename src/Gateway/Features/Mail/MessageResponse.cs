using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail;

/// <summary>A transactional mail as the API answers it; what it says is not shown again.</summary>
/// <param name="Status"><c>scheduled</c>, <c>queued</c>, <c>sent</c>, <c>delivered</c>, <c>bounced</c>, <c>failed</c>, <c>unknown</c> or
/// <c>cancelled</c>; <c>sent</c> means that our mail server took it, <c>delivered</c> that the recipient's did, and <c>bounced</c> that it
/// came back; both need a source of events (<c>gateway mail-events</c>) or a bounce mailbox.</param>
/// <param name="To">The address in lower case.</param>
/// <param name="From">The sender that was asked for; null is the site's own.</param>
internal sealed record MessageResponse(
    string Id,
    string Status,
    string To,
    string Template,
    string? From,
    string? Reference,
    MessageResponse.ErrorResponse? Error,
    DateTime CreatedAt,
    DateTime? SendAt,
    DateTime? SentAt,
    DateTime? DeliveredAt
)
{
    private const string Scheduled = "scheduled";

    /// <param name="Code">Stable: <c>mail_failed</c> or <c>mail_bounced</c>.</param>
    /// <param name="Reason">A sentence, or what the mail server said, without addresses.</param>
    internal sealed record ErrorResponse(string Code, string Reason);

    public static MessageResponse Of(Message message, DateTime now) =>
        new(
            PublicId.Format(PublicId.Message, message.Id),
            message.State == MessageState.Queued && message.SendAt > now ? Scheduled : CaseConverter.Lower(message.State.ToString()),
            message.Address!,
            message.Template,
            message.Sender,
            message.Reference,
            message.State switch
            {
                MessageState.Failed => new("mail_failed", message.Answer ?? ""),
                MessageState.Bounced => new("mail_bounced", message.Answer ?? ""),
                _ => null,
            },
            message.CreatedAt,
            message.SendAt,
            message.SentAt,
            message.DeliveredAt
        );
}
