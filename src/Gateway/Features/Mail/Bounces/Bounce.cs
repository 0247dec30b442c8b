using Gateway.Features.Contacts;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Bounces;

/// <summary>A mail that the server refused for good, since its recipient does not exist.</summary>
/// <param name="Source">Who refused it: <c>smtp</c>, a provider's name.</param>
/// <param name="Count">What the sums are to know of it.</param>
internal sealed record Bounce(Message Message, EmailAddress To, string Source, MailRate? Count)
{
    public SuppressionCause ToCause() =>
        new(Message.SiteId, To, SuppressionReason.Bounced, Source, Message.Answer!, Message.Id, Message.ListId);
}
