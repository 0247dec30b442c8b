using Gateway.Features.Mail.Budgets;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>
/// Notices when a site asks many people of one recipient domain and few confirm: first it is only told, then further mails wait, and
/// they leave when it is calm again.
/// </summary>
internal sealed partial class Breakers(
    GatewayDb db,
    BreakerGauges gauges,
    LargeDomains large,
    Events events,
    IOptions<ConfirmationOptions> options,
    TimeProvider clock,
    ILogger<Breakers> logger
)
{
    /// <summary>What it holds back is tried again after this.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan History = TimeSpan.FromDays(14);

    private const int LargeFactor = 10;

    /// <summary>The gauges that one batch of mails has to do with.</summary>
    internal sealed class Rooms(IReadOnlyDictionary<(Guid SiteId, string Domain), BreakerGauge> gauges)
    {
        public IReadOnlyDictionary<(Guid SiteId, string Domain), BreakerGauge> Gauges => gauges;

        /// <param name="network">The visitor's (<see cref="BudgetKeys.NetworkOf"/>).</param>
        public Hold? Take(Guid siteId, string domain, int? network, DateTime now) =>
            gauges.TryGetValue((siteId, domain), out var gauge) && !gauge.Take(network) ? new(HoldReason.Unconfirmed, now + Pause) : null;
    }

    /// <summary>Inside the caller's transaction.</summary>
    /// <param name="asked">Site and domain of each mail that is to go out.</param>
    public Task<Rooms> RoomsAsync(IEnumerable<(Guid SiteId, string Domain)> asked, CancellationToken ct) =>
        RoomsAsync(asked.CountBy(key => key).ToDictionary(), always: false, ct);

    private async Task<Rooms> RoomsAsync(Dictionary<(Guid SiteId, string Domain), int> asked, bool always, CancellationToken ct)
    {
        var settings = options.Value.Breaker;
        if (settings.Mode == ConfirmationOptions.BreakerOptions.Off)
        {
            return new(new Dictionary<(Guid, string), BreakerGauge>());
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var all = asked.Keys.ToDictionary(key => key, key => gauges.Of(key, () => NewGauge(key.Domain, settings)));
        db.OnUndone(() => all.Values.ToList().ForEach(gauge => gauge.Forget()));
        foreach (var (key, gauge) in all.Where(one => always || one.Value.NeedsCount(asked[one.Key], now)))
        {
            var stored = await db
                .Breakers.Where(row => row.SiteId == key.SiteId && row.Domain == key.Domain)
                .Select(row => (BreakerState?)row.State)
                .SingleOrDefaultAsync(ct);
            gauge.Set(await CountAsync(key.SiteId, key.Domain, now, ct), stored ?? BreakerState.Calm, now);
        }

        return new(all);
    }

    /// <summary>Stores what has changed and tells it, once over all replicas. Inside the caller's transaction.</summary>
    public async Task RecordAsync(Rooms rooms, CancellationToken ct)
    {
        var changed = rooms.Gauges.Where(one => one.Value.State != one.Value.Stored);
        foreach (var (key, gauge) in changed.OrderBy(one => one.Key.SiteId).ThenBy(one => one.Key.Domain, StringComparer.Ordinal))
        {
            var (before, after) = (gauge.Stored, gauge.State);
            if (await StoreAsync(key.SiteId, key.Domain, gauge, ct))
            {
                await TellAsync(key.SiteId, key.Domain, before, after, gauge, ct);
            }

            db.OnCommitted(() => gauge.Stored = after);
        }
    }

    /// <summary>Where nobody signs up any more, nobody would notice that it is calm.</summary>
    public Task LookAgainAsync(CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var open = await db.Breakers.AsNoTracking().Select(row => new { row.SiteId, row.Domain }).ToListAsync(ct);
                if (open.Count > 0)
                {
                    var keys = open.ToDictionary(row => (row.SiteId, row.Domain), _ => 0);
                    await RecordAsync(await RoomsAsync(keys, always: true, ct), ct);
                }
            },
            ct
        );

    /// <returns>Those of a site, or of all; the longest first.</returns>
    public Task<List<Breaker>> OpenAsync(Guid? siteId, CancellationToken ct) =>
        db.Breakers.AsNoTracking().Where(row => siteId == null || row.SiteId == siteId).OrderBy(row => row.Since).ToListAsync(ct);

    private BreakerGauge NewGauge(string domain, ConfirmationOptions.BreakerOptions settings) =>
        new(
            settings.AlwaysAllowed * (large.Has(domain) ? LargeFactor : 1),
            settings.PerConfirmed,
            settings.Mode == ConfirmationOptions.BreakerOptions.Enforce
        );

    /// <summary>All from one index. What another request of the same person settled counts on neither side.</summary>
    private async Task<BreakerCount> CountAsync(Guid siteId, string domain, DateTime now, CancellationToken ct)
    {
        var requests = db.OptInRequests.Where(row => row.SiteId == siteId && row.Domain == domain && row.State != OptInState.Voided);
        var today = await requests
            .Where(row => row.AskedAt > now.AddDays(-1))
            .GroupBy(row => new
            {
                IsConfirmed = row.State == OptInState.Confirmed,
                IsRecent = row.AskedAt > now.AddHours(-1),
                row.Network,
            })
            .Select(group => new { group.Key, Count = group.Count() })
            .ToListAsync(ct);
        var confirmed = today.FindAll(one => one.Key.IsConfirmed);
        return new(
            [
                .. today
                    .Where(one => !one.Key.IsConfirmed)
                    .GroupBy(one => one.Key.Network)
                    .Select(one => new Unanswered(
                        one.Key,
                        one.Where(part => part.Key.IsRecent).Sum(part => part.Count),
                        one.Sum(part => part.Count)
                    )),
            ],
            confirmed.Where(one => one.Key.IsRecent).Sum(one => one.Count),
            confirmed.Sum(one => one.Count),
            await BestDayAsync(siteId, domain, now, ct)
        );
    }

    private async Task<int> BestDayAsync(Guid siteId, string domain, DateTime now, CancellationToken ct)
    {
        var sql = $"""
            select cast(count(*) as int) as "Value" from optin_requests
            where site_id = @site and domain = @domain and asked_at > @from and state = 'confirmed'
            group by {db.DayOf("asked_at")} order by 1 desc limit 1
            """;
        return (
            await db
                .Database.SqlQueryRaw<int>(
                    sql,
                    db.Parameter("site", siteId),
                    db.Parameter("domain", domain),
                    db.Parameter("from", now - History)
                )
                .ToListAsync(ct)
        ).FirstOrDefault();
    }

    /// <returns>False when another replica was quicker.</returns>
    private async Task<bool> StoreAsync(Guid siteId, string domain, BreakerGauge gauge, CancellationToken ct)
    {
        var mine = db.Breakers.Where(row => row.SiteId == siteId && row.Domain == domain);
        if (gauge.State == BreakerState.Calm)
        {
            return await mine.ExecuteDeleteAsync(ct) > 0;
        }

        var row = new Breaker
        {
            SiteId = siteId,
            Domain = domain,
            State = gauge.State,
            Since = clock.GetUtcNow().UtcDateTime,
            Unconfirmed = gauge.Unconfirmed,
            Confirmed = gauge.Confirmed,
        };
        return await db.InsertNewAsync([row], ct) > 0
            || await mine.Where(one => one.State != row.State)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(one => one.State, row.State)
                            .SetProperty(one => one.Unconfirmed, row.Unconfirmed)
                            .SetProperty(one => one.Confirmed, row.Confirmed),
                    ct
                ) > 0;
    }

    private async Task TellAsync(
        Guid siteId,
        string domain,
        BreakerState before,
        BreakerState after,
        BreakerGauge gauge,
        CancellationToken ct
    )
    {
        var holds = after == BreakerState.Holding && options.Value.Breaker.Mode == ConfirmationOptions.BreakerOptions.Enforce;
        var told = events.Of(
            EventTypes.SiteProblem,
            siteId,
            null,
            new
            {
                state = after == BreakerState.Calm ? "ended"
                : before == BreakerState.Calm ? "began"
                : "changed",
                connection = "confirmations",
                code = "confirmations_unanswered",
                reason = Reason(holds),
                holding = holds,
                domain,
                unconfirmed = gauge.Unconfirmed,
                confirmed = gauge.Confirmed,
            }
        );
        await events.WriteAsync(db, [told], ct);
        db.OnCommitted(() =>
        {
            if (after == BreakerState.Calm)
            {
                LogCalm(PublicId.Format(PublicId.Site, siteId));
            }
            else
            {
                LogUnanswered(PublicId.Format(PublicId.Site, siteId), gauge.Unconfirmed, gauge.Confirmed, holds);
            }
        });
    }

    private static string Reason(bool holds) =>
        "Many people of one domain were asked to confirm, and few did: somebody may be typing in addresses of others. "
        + (
            holds
                ? "Further confirmation mails to this domain wait, first those asked for from where most came."
                : "Their mails still go out."
        );

    [LoggerMessage(
        LogLevel.Warning,
        "Site {Site} asked {Unconfirmed} people of one domain who did not confirm, and {Confirmed} who did; further mails wait: {Holds}"
    )]
    private partial void LogUnanswered(string site, int unconfirmed, int confirmed, bool holds);

    [LoggerMessage(LogLevel.Information, "Confirmations of site {Site} at one domain are answered as usual again")]
    private partial void LogCalm(string site);
}
