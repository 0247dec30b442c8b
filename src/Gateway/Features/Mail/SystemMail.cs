using System.Text.Json.Nodes;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail;

/// <summary>
/// Mails of the gateway itself to those who run it. They go the way of a site's mails, and what they say is kept encrypted.
/// </summary>
internal sealed class SystemMail(GatewayDb db, SecretEncryption secrets, Signal<SendMessages> mail, TimeProvider clock)
{
    /// <summary>
    /// What tells them from a site's own mails among the values of a message: quiet hours are not meant for somebody who waits for a link.
    /// </summary>
    public const string Mark = "gateway-system";

    /// <summary>Adds one to the caller's transaction; it leaves once that is committed.</summary>
    /// <param name="about">A word that its key begins with.</param>
    /// <param name="contactId">Where it goes to a person of the site, so that it goes when they are erased.</param>
    public async Task QueueAsync(
        Guid siteId,
        EmailAddress to,
        string about,
        string subject,
        string body,
        CancellationToken ct,
        string language = "en",
        Guid? contactId = null
    )
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var text = new JsonObject
        {
            [MailTemplate.Subject] = subject,
            [MailTemplate.Body] = body,
            [Mark] = true,
        };
        var row = new Message
        {
            Id = id,
            SiteId = siteId,
            Key = $"{about}:{id:N}",
            Template = BuiltInMails.Plain,
            Language = language,
            ContactId = contactId,
            Address = to.Key,
            Variables = MessageVariables.Protect(text, secrets),
            MessageId = id.ToString("N"),
            CreatedAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
        await db.InsertNewAsync([row], ct);
        db.OnCommitted(mail.Wake);
    }
}
