using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>
/// "Send me a test": a mail of a version and a sample, over the same way as every mail, to one of the addresses that an operator allowed.
/// </summary>
internal sealed class TestSend(GatewayDb db, SecretEncryption secrets, Signal<SendMessages> mail, TimeProvider clock)
{
    private const int MaxPerHour = 30;

    public async Task<Result<Message>> SendAsync(
        Site site,
        Template template,
        TemplateVersion version,
        JsonObject values,
        PreviewRecipient recipient,
        string to,
        CancellationToken ct
    )
    {
        if (EmailAddress.Parse(to) is not { } address || !Allowed(site).Contains(address.Key))
        {
            return new Refusal(
                RefusalKind.Forbidden,
                "recipient_not_allowed",
                "Tests go only to addresses that your administrator allowed for this site. Ask them to add this one."
            );
        }

        var now = IsoTime.WholeMilliseconds(clock.GetUtcNow().UtcDateTime);
        var hourAgo = now.AddHours(-1);
        if (
            await db.Messages.CountAsync(
                message => message.SiteId == site.Id && message.TestOf != null && message.CreatedAt > hourAgo,
                ct
            ) >= MaxPerHour
        )
        {
            return new Refusal(RefusalKind.TooMany, "rate_limited", $"A site may send {MaxPerHour} tests an hour.");
        }

        PreviewAudience.Store(values, recipient);
        var id = Guid.CreateVersion7(now);
        var row = new Message
        {
            Id = id,
            SiteId = site.Id,
            Key = $"test:{id:N}",
            Template = template.Key,
            TestOf = version.Id,
            Language = version.Language,
            Address = address.Key,
            Variables = MessageVariables.Protect(values, secrets),
            MessageId = id.ToString("N"),
            CreatedAt = now,
            DueAt = now,
        };
        await db.WriteAsync(() => db.InsertNewAsync([row], ct), ct);
        mail.Wake();
        return row;
    }

    public static IReadOnlyCollection<string> Allowed(Site site) =>
        [
            .. (site.TestRecipients ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(EmailAddress.Parse)
                .OfType<EmailAddress>()
                .Select(address => address.Key),
        ];
}
