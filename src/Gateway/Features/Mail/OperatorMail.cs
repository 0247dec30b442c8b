using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>
/// Says by mail that lists or SMS do not get through, once for all sites that meet the same. What holds up mail itself is said by all
/// other ways: the log, the admin pages, readiness and events.
/// </summary>
internal sealed class OperatorMail(
    GatewayDb db,
    SiteStore sites,
    SecretEncryption secrets,
    IOptions<MailOptions> options,
    Signal<SendMessages> mail,
    TimeProvider clock
) : IOutageListener
{
    public async Task AnnounceAsync(OutageAnnouncement announcement, CancellationToken ct)
    {
        var outage = announcement.Outage;
        if (
            announcement.IsRepeated
            || outage.Queue == MailConnections.Queue
            || outage.SiteId is not { } siteId
            || EmailAddress.Parse(options.Value.Operator) is not { } to
        )
        {
            return;
        }

        var site = await sites.GetAsync(siteId, ct);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var row = new Message
        {
            Id = id,
            SiteId = siteId,
            Key = $"outage:{id:N}",
            Template = BuiltInMails.Plain,
            Language = "en",
            Address = to.Key,
            Variables = MessageVariables.Protect(Text(announcement, site), secrets),
            MessageId = id.ToString("N"),
            CreatedAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
        await db.InsertNewAsync([row], ct);
        db.OnCommitted(mail.Wake);
    }

    private static JsonObject Text(OutageAnnouncement announcement, Site site)
    {
        var (outage, news, waiting, _) = announcement;
        var what = outage.Queue == "sms" ? "SMS" : "Changes of lists";
        var since = outage.Since.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return news == OutageNews.Ended
            ? new()
            {
                [MailTemplate.Subject] = $"{what} go out again",
                [MailTemplate.Body] =
                    $"What had waited since {since} UTC goes out now, the last of it for {site.Name}.\n\nThe reason was: {outage.Reason}",
            }
            : new()
            {
                [MailTemplate.Subject] = $"{what} do not go out",
                [MailTemplate.Body] =
                    $"{outage.Reason}\n\nIt was seen at {site.Name}, where since {since} UTC {waiting.Values.Sum()} wait. They "
                    + "go out by themselves once this is fixed. Other sites may wait as well: `gateway problems list` shows all.",
            };
    }
}
