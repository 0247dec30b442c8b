using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Rates;

/// <summary>
/// Compares each site's sums of the last days with the limits that providers have published. A first limit that is reached is told once;
/// at the second, bulk mail of a site that wants it so stops. What has been reached is over once the share is below the first limit again,
/// so that a share at the second does not stop and start a site's mail by turns.
/// </summary>
internal sealed partial class WatchRates(
    GatewayDb db,
    MailRateStore rates,
    SiteStore sites,
    Outages outages,
    Events events,
    RatesPass pass,
    IOptions<MailOptions> options,
    TimeProvider clock,
    ILogger<WatchRates> logger
) : IQueueWorker
{
    /// <summary>A burst of complaints is looked at together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Days begin and end without anybody saying so.</summary>
    private static readonly TimeSpan AtLeast = TimeSpan.FromMinutes(10);

    /// <summary>A year back can be looked at, and a little more.</summary>
    private const int KeptDays = 400;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => Task.FromResult<DateTime?>(pass.NextAt);

    /// <returns>Always 0, so that there is a pause before the next.</returns>
    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now - pass.LastAt < Pause && now >= pass.LastAt)
        {
            pass.NextAt = pass.LastAt + Pause;
            return 0;
        }

        (pass.LastAt, pass.NextAt) = (now, now + AtLeast);
        await LookAsync(now, ct);
        return 0;
    }

    /// <summary>Looks at all sites now.</summary>
    public async Task LookAsync(DateTime now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(now);
        var sums = await rates.ReadAsync(siteId: null, today.AddDays(1 - PublishedLimits.Days), today, ct);
        var known = (await db.RateAlarms.AsNoTracking().ToListAsync(ct)).ToDictionary(NameOf);
        var reached = JudgeAll(sums, known).ToDictionary(NameOf);
        foreach (var alarm in reached.Values)
        {
            await db.WriteAsync(() => StoreAsync(alarm, known.GetValueOrDefault(NameOf(alarm)), now, ct), ct);
        }

        var over = known.Values.Where(alarm => !reached.ContainsKey(NameOf(alarm))).Select(alarm => alarm.Id).ToList();
        if (over.Count > 0)
        {
            await db.WriteAsync(() => db.RateAlarms.Where(alarm => over.Contains(alarm.Id)).ExecuteDeleteAsync(ct), ct);
        }

        await BrakeAsync(ct);
        if (pass.TidiedOn != today)
        {
            var kept = today.AddDays(-KeptDays);
            await db.WriteAsync(() => db.MailRates.Where(row => row.Day < kept).ExecuteDeleteAsync(ct), ct);
            pass.TidiedOn = today;
        }
    }

    private IEnumerable<RateAlarm> JudgeAll(List<RateSum> sums, Dictionary<AlarmName, RateAlarm> known)
    {
        foreach (var ofSender in sums.GroupBy(one => (one.SiteId, one.Sender)))
        {
            var (siteId, sender) = ofSender.Key;
            var all = RateSum.Of(siteId, sender, PublishedLimits.Everybody, [.. ofSender]);
            foreach (var sum in ofSender.Append(all))
            {
                foreach (var measure in Enum.GetValues<RateMeasure>())
                {
                    var before = known.GetValueOrDefault(new(siteId, sender, sum.Provider, measure));
                    if (
                        PublishedLimits.Of(sum.Provider, measure, options.Value.Smtp.Host) is { } limit
                        && Judge(sum, limit, before?.Level) is { } level
                    )
                    {
                        yield return New(sum, measure, level, clock.GetUtcNow());
                    }
                }
            }
        }
    }

    /// <returns>Null when the share is below the limits, or nobody can tell.</returns>
    internal static RateLevel? Judge(RateSum sum, PublishedLimit limit, RateLevel? before)
    {
        var isLow = sum.ShareOf(limit.Measure, limit.MinSent) is not { } share || share < limit.Warning;
        return isLow || sum.CasesOf(limit.Measure) == 0 ? null
            : before == RateLevel.Brake ? RateLevel.Brake
            : sum.ShareOf(limit.Measure) >= limit.Brake && sum.CasesOf(limit.Measure) >= PublishedLimits.MinCasesToBrake ? RateLevel.Brake
            : RateLevel.Warning;
    }

    /// <summary>Of gateways that look at the same moment, one tells.</summary>
    private async Task StoreAsync(RateAlarm alarm, RateAlarm? before, DateTime now, CancellationToken ct)
    {
        var same = db.RateAlarms.Where(one => before != null && one.Id == before.Id);
        var isNews =
            before is null ? await db.InsertNewAsync([alarm], ct) > 0
            : before.Level == alarm.Level ? false
            : await same.Where(one => one.Level == before.Level)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(one => one.Level, alarm.Level)
                            .SetProperty(one => one.Since, now)
                            .SetProperty(one => one.ReleasedAt, (DateTime?)null),
                    ct
                ) > 0;
        if (before is not null && (before.Sent, before.Cases) != (alarm.Sent, alarm.Cases))
        {
            await same.ExecuteUpdateAsync(
                set => set.SetProperty(one => one.Sent, alarm.Sent).SetProperty(one => one.Cases, alarm.Cases),
                ct
            );
        }

        if (isNews)
        {
            await TellAsync(alarm, ct);
        }
    }

    private async Task TellAsync(RateAlarm alarm, CancellationToken ct)
    {
        var limit = PublishedLimits.Of(alarm.Provider, alarm.Measure, options.Value.Smtp.Host)!;
        var site = await sites.GetAsync(alarm.SiteId, ct);
        var happened = events.Of(
            EventTypes.SiteThresholdReached,
            alarm.SiteId,
            contactId: null,
            new
            {
                sender = alarm.Sender,
                provider = alarm.Provider,
                measure = CaseConverter.Lower(alarm.Measure.ToString()),
                level = CaseConverter.Lower(alarm.Level.ToString()),
                rate = ShareOf(alarm),
                limit = alarm.Level == RateLevel.Brake ? limit.Brake : limit.Warning,
                source = limit.Source,
                cases = alarm.Cases,
                of = alarm.Sent,
                days = PublishedLimits.Days,
                bulkStops = alarm.Level == RateLevel.Brake && site.Brake,
            }
        );
        await events.WriteAsync(db, [happened], ct);
        db.OnCommitted(() => LogReached(alarm.SiteId, alarm.Level, alarm.Measure, alarm.Provider));
    }

    /// <summary>Bulk mail waits at the sites that want it so and are above a second limit that nobody has released.</summary>
    private async Task BrakeAsync(CancellationToken ct)
    {
        var alarms = await db
            .RateAlarms.AsNoTracking()
            .Where(alarm => alarm.Level == RateLevel.Brake && alarm.ReleasedAt == null)
            .OrderBy(alarm => alarm.Since)
            .ToListAsync(ct);
        var known = await sites.GetManyAsync([.. alarms.Select(alarm => alarm.SiteId).Distinct()], ct);
        var braked = alarms
            .Where(alarm => known.TryGetValue(alarm.SiteId, out var site) && site.Brake)
            .DistinctBy(alarm => alarm.SiteId)
            .ToDictionary(alarm => MailConnections.Bulk(alarm.SiteId));
        var now = await outages.DecidedAsync(BrakeCode, ct);
        foreach (var (connection, alarm) in braked.Where(one => !now.Contains(one.Key)))
        {
            var error = new ConnectionError(Concern.Decision, BrakeCode, ReasonOf(alarm));
            await outages.DecideAsync(new(MailConnections.Queue, connection, alarm.SiteId, error), ct);
        }

        foreach (var connection in now.Where(connection => !braked.ContainsKey(connection)))
        {
            await outages.ReleaseAsync(connection, ct);
        }
    }

    /// <summary>What <c>gateway problems list</c>, the admin pages and WordPress know the brake by.</summary>
    public const string BrakeCode = "brake";

    private string ReasonOf(RateAlarm alarm)
    {
        var limit = PublishedLimits.Of(alarm.Provider, alarm.Measure, options.Value.Smtp.Host)!;
        var what = alarm.Measure == RateMeasure.Complaints ? "were called spam" : "went to addresses that do not exist";
        var where = alarm.Provider == PublishedLimits.Everybody ? "" : $" to {alarm.Provider}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Bulk mail is stopped: of {alarm.Sent} mails{where} from {alarm.Sender} within {PublishedLimits.Days} days, {alarm.Cases} "
                + $"{what}, and the limit is {limit.Brake:0.###%} ({limit.Source}). Confirmation mails go on. Find out who gets mail that "
                + $"they do not want; an operator can let bulk mail go on."
        );
    }

    private static RateAlarm New(RateSum sum, RateMeasure measure, RateLevel level, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = sum.SiteId,
            Sender = sum.Sender,
            Provider = sum.Provider,
            Measure = measure,
            Level = level,
            Sent = sum.WholeOf(measure),
            Cases = sum.CasesOf(measure),
            Since = now.UtcDateTime,
        };

    /// <summary>As the alarm has it.</summary>
    public static double ShareOf(RateAlarm alarm) => alarm.Sent == 0 ? 0 : Math.Round((double)alarm.Cases / alarm.Sent, 6);

    private static AlarmName NameOf(RateAlarm alarm) => new(alarm.SiteId, alarm.Sender, alarm.Provider, alarm.Measure);

    private sealed record AlarmName(Guid SiteId, string Sender, string Provider, RateMeasure Measure);

    [LoggerMessage(LogLevel.Warning, "Site {SiteId} has reached a limit ({Level}) of {Measure} at {Provider}")]
    private partial void LogReached(Guid siteId, RateLevel level, RateMeasure measure, string provider);
}

/// <summary>When this process looked, and looks again.</summary>
internal sealed class RatesPass
{
    public DateTime LastAt { get; set; }

    public DateTime NextAt { get; set; }

    /// <summary>When old sums were deleted last.</summary>
    public DateOnly TidiedOn { get; set; }
}
