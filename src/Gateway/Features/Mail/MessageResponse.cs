using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail;

/// <summary>A transactional mail as the API answers it; what it says is not shown again.</summary>
/// <param name="Status"><c>scheduled</c>, <c>queued</c>, <c>sent</c>, <c>failed</c>, <c>unknown</c> or <c>cancelled</c>; <c>sent</c> means
/// that a mail server took it.</param>
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
    DateTime? SentAt
)
{
    private const string Scheduled = "scheduled";

    /// <param name="Code">Stable: <c>mail_failed</c>.</param>
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
            message.State == MessageState.Failed ? new("mail_failed", message.Answer ?? "") : null,
            message.CreatedAt,
            message.SendAt,
            message.SentAt
        );
}
