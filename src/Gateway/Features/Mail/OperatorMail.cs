using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>
/// Says by mail that lists or SMS do not get through, once for all sites that meet the same. What holds up mail itself is said by all
/// other ways: the log, the admin pages, readiness and events.
/// </summary>
internal sealed class OperatorMail(SiteStore sites, SystemMail mail, IOptions<MailOptions> options) : IOutageListener
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
        var (subject, body) = Text(announcement, site);
        await mail.QueueAsync(siteId, to, "outage", subject, body, ct);
    }

    private static (string Subject, string Body) Text(OutageAnnouncement announcement, Site site)
    {
        var (outage, news, waiting, _) = announcement;
        var what = outage.Queue == "sms" ? "SMS" : "Changes of lists";
        var since = outage.Since.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return news == OutageNews.Ended
            ? (
                $"{what} go out again",
                $"What had waited since {since} UTC goes out now, the last of it for {site.Name}.\n\nThe reason was: {outage.Reason}"
            )
            : (
                $"{what} do not go out",
                $"{outage.Reason}\n\nIt was seen at {site.Name}, where since {since} UTC {waiting.Values.Sum()} wait. They "
                    + "go out by themselves once this is fixed. Other sites may wait as well: `gateway problems list` shows all."
            );
    }
}
