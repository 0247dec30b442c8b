using Gateway.Features.Contacts;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Bounces;

/// <summary>A mail that the server refused for good, since its recipient does not exist.</summary>
internal sealed record Bounce(Message Message, EmailAddress To)
{
    public SuppressionCause ToCause() =>
        new(Message.SiteId, To, SuppressionReason.Bounced, MailOptions.SmtpTransport, Message.Answer!, Message.Id, Message.ListId);
}
