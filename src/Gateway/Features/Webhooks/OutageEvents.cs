using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;

namespace Gateway.Features.Webhooks;

/// <summary>Passes on by an event that something every message of a site needs is held.</summary>
internal sealed class OutageEvents(GatewayDb db, Events events) : IOutageListener
{
    public Task AnnounceAsync(OutageAnnouncement announcement, CancellationToken ct)
    {
        var (outage, news, waiting, _) = announcement;
        return events.WriteAsync(
            db,
            [
                .. waiting.Select(site =>
                    events.Of(
                        EventTypes.SiteProblem,
                        site.Key,
                        contactId: null,
                        new
                        {
                            state = CaseConverter.Lower(news.ToString()),
                            connection = outage.Queue,
                            code = outage.Code,
                            reason = outage.Reason,
                            since = outage.Since,
                            endedAt = outage.EndedAt,
                            waiting = site.Value,
                        }
                    )
                ),
            ],
            ct
        );
    }
}
