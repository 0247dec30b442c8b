using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Submissions;

/// <summary>Something that holds up a site's mails, SMS or lists, all of them together.</summary>
/// <param name="Connection"><c>mail</c>, <c>lists</c> or <c>sms</c>.</param>
/// <param name="Code">Stable, such as <c>sign_in_refused</c>, <c>sending_limit</c>, <c>credentials_refused</c> or
/// <c>server_unreachable</c>.</param>
/// <param name="Reason">A sentence without personal data, for whoever runs the gateway.</param>
/// <param name="Since">When it began, UTC.</param>
/// <param name="Waiting">How many of the site's mails, SMS or changes wait for it.</param>
internal sealed record SiteProblem(string Connection, string Code, string Reason, DateTime Since, int Waiting);

/// <summary>What holds up a site, for its owner. A connection that all sites share is shown to those who wait for it.</summary>
internal sealed class SiteProblems(Outages outages, TimeProvider clock)
{
    public async Task<IReadOnlyList<SiteProblem>> ReadAsync(Guid siteId, CancellationToken ct) =>
        [
            .. (await outages.ListAsync([siteId], ct))
                .Where(one => IsNews(one.Outage) && (one.Outage.SiteId is not null || one.Waiting.Count > 0))
                .Select(one => new SiteProblem(
                    one.Outage.Queue,
                    one.Outage.Code,
                    one.Outage.Reason,
                    one.Outage.Since,
                    one.Waiting.GetValueOrDefault(siteId)
                )),
        ];

    /// <summary>Servers restart: a site hears of what lasts.</summary>
    private bool IsNews(Outage outage) => outage.Announced.Length > 0 || outage.AnnounceAt <= clock.GetUtcNow().UtcDateTime;
}
