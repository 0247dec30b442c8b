using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Rates;

/// <summary>What became of a site's mails.</summary>
/// <param name="Sent">The mail server took them, or said at once that nobody is there.</param>
/// <param name="Delivered">The recipient's server took them; 0 where nobody says so.</param>
/// <param name="Bounced">Nobody is there; no more goes to such an address.</param>
/// <param name="Returned">They came back for another reason, such as a full mailbox.</param>
/// <param name="Complained">Called spam.</param>
/// <param name="Suppressed">Addresses that nobody writes to now, whatever the time asked for.</param>
/// <param name="Providers">The same by sender and provider, the most mails first.</param>
/// <param name="Thresholds">Limits that are reached now.</param>
/// <param name="Brake">Whether bulk mail is stopped now.</param>
internal sealed record MailFigures(
    int Sent,
    int Delivered,
    int Bounced,
    int Returned,
    int Complained,
    double? BounceRate,
    double? ComplaintRate,
    SuppressedFigures Suppressed,
    IReadOnlyList<ProviderFigures> Providers,
    IReadOnlyList<ThresholdFigures> Thresholds,
    BrakeFigures Brake
);

/// <summary>Counted up to 10,000.</summary>
/// <param name="Bounced">Mail to them came back.</param>
/// <param name="Complained">Their owners called mail spam.</param>
internal sealed record SuppressedFigures(int Bounced, int Complained);

/// <param name="Sender">The domain of the From address.</param>
/// <param name="Provider">Who runs the mailboxes, such as <c>gmail.com</c>; <c>other</c> for all that have no name here.</param>
/// <param name="BounceRate">From 0 to 1; null where there are fewer than 100 mails, too few to say.</param>
/// <param name="ComplaintRate">Likewise; complained, of those that did not come back.</param>
internal sealed record ProviderFigures(
    string Sender,
    string Provider,
    int Sent,
    int Delivered,
    int Bounced,
    int Returned,
    int Complained,
    double? BounceRate,
    double? ComplaintRate
);

/// <summary>A limit that the mails of the last 7 days have reached.</summary>
/// <param name="Provider">Whose mailboxes it is about; <c>*</c> for all together.</param>
/// <param name="Measure"><c>complaints</c> or <c>bounces</c>.</param>
/// <param name="Level"><c>warning</c>: the first limit. <c>brake</c>: the second.</param>
/// <param name="Rate">From 0 to 1.</param>
/// <param name="Limit">The limit of this level, likewise.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="Cases">Mails that came back, or were called spam.</param>
/// <param name="Of">The mails they are a share of.</param>
/// <param name="Since">When it was reached.</param>
/// <param name="ReleasedAt">When an operator let bulk mail go on in spite of it.</param>
internal sealed record ThresholdFigures(
    string Sender,
    string Provider,
    string Measure,
    string Level,
    double Rate,
    double Limit,
    string Source,
    int Cases,
    int Of,
    DateTime Since,
    DateTime? ReleasedAt
);

/// <param name="Enabled">Whether the site wants bulk mail to stop at the second limit.</param>
/// <param name="Since">Since when it is stopped; null when it is not.</param>
/// <param name="Waiting">How many mails wait for it.</param>
internal sealed record BrakeFigures(bool Enabled, DateTime? Since, int Waiting);

/// <summary>What became of the mails of a site, from the sums: it costs the same however many mails there were.</summary>
internal sealed class SiteRates(
    GatewayDb db,
    MailRateStore rates,
    Suppressions suppressions,
    Outages outages,
    IOptions<MailOptions> options,
    TimeProvider clock
)
{
    /// <summary>The days that limits are about.</summary>
    public Task<MailFigures> ReadRecentAsync(Guid siteId, bool brake, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return ReadAsync(siteId, brake, today.AddDays(1 - PublishedLimits.Days), today, ct);
    }

    /// <param name="brake">Whether the site has it (<see cref="Sites.Site.Brake"/>).</param>
    /// <param name="to">The last day, UTC, which counts too.</param>
    public async Task<MailFigures> ReadAsync(Guid siteId, bool brake, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var sums = await rates.ReadAsync(siteId, from, to, ct);
        var all = RateSum.Of(siteId, PublishedLimits.Everybody, PublishedLimits.Everybody, sums);
        var suppressed = await suppressions.CountAsync(siteId, QueueDepth.MaxCounted, ct);
        var stopped = (await outages.ListAsync([siteId], ct)).Find(one => one.Outage.Connection == MailConnections.Bulk(siteId));
        return new(
            all.Sent,
            all.Delivered,
            all.Bounced,
            all.Returned,
            all.Complained,
            all.ShareOf(RateMeasure.Bounces),
            all.ShareOf(RateMeasure.Complaints),
            new(suppressed.GetValueOrDefault(SuppressionReason.Bounced), suppressed.GetValueOrDefault(SuppressionReason.Complained)),
            sums.ConvertAll(Of),
            [.. (await ThresholdsAsync([siteId], ct))[siteId]],
            new(brake, stopped?.Outage.Since, stopped?.Waiting.Values.Sum() ?? 0)
        );
    }

    /// <summary>Sums of the last days, by site.</summary>
    public async Task<ILookup<Guid, RateSum>> RecentAsync(CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return (await rates.ReadAsync(siteId: null, today.AddDays(1 - PublishedLimits.Days), today, ct)).ToLookup(sum => sum.SiteId);
    }

    /// <summary>The limits that are reached now, the worst first.</summary>
    /// <param name="sites">Null is all.</param>
    public async Task<ILookup<Guid, ThresholdFigures>> ThresholdsAsync(IReadOnlyCollection<Guid>? sites, CancellationToken ct) =>
        (await db.RateAlarms.AsNoTracking().Where(alarm => sites == null || sites.Contains(alarm.SiteId)).ToListAsync(ct))
            .OrderByDescending(alarm => alarm.Level)
            .ThenBy(alarm => alarm.Since)
            .ThenBy(alarm => alarm.Id)
            .ToLookup(alarm => alarm.SiteId, Of);

    private static ProviderFigures Of(RateSum sum) =>
        new(
            sum.Sender,
            sum.Provider,
            sum.Sent,
            sum.Delivered,
            sum.Bounced,
            sum.Returned,
            sum.Complained,
            sum.ShareOf(RateMeasure.Bounces),
            sum.ShareOf(RateMeasure.Complaints)
        );

    private ThresholdFigures Of(RateAlarm alarm)
    {
        // A provider that a later version does not know any more has no limit.
        var limit = PublishedLimits.Of(alarm.Provider, alarm.Measure, options.Value.Smtp.Host);
        return new(
            alarm.Sender,
            alarm.Provider,
            CaseConverter.Lower(alarm.Measure.ToString()),
            CaseConverter.Lower(alarm.Level.ToString()),
            WatchRates.ShareOf(alarm),
            (alarm.Level == RateLevel.Brake ? limit?.Brake : limit?.Warning) ?? 0,
            limit?.Source ?? "",
            alarm.Cases,
            alarm.Sent,
            alarm.Since,
            alarm.ReleasedAt
        );
    }
}
