using Gateway.Features.Mail.Budgets;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.Rates;

/// <summary>The sums of some days.</summary>
/// <param name="Sender">The domain of the From address.</param>
/// <param name="Provider">See <see cref="RecipientProviders"/>.</param>
internal sealed record RateSum(
    Guid SiteId,
    string Sender,
    string Provider,
    int Sent,
    int Delivered,
    int Bounced,
    int Returned,
    int Complained
)
{
    /// <summary>Those that arrived, as far as anybody has said.</summary>
    public int Arrived => Math.Max(0, Sent - Bounced - Returned);

    /// <summary>The sums of several together.</summary>
    public static RateSum Of(Guid siteId, string sender, string provider, IReadOnlyCollection<RateSum> sums) =>
        new(
            siteId,
            sender,
            provider,
            sums.Sum(one => one.Sent),
            sums.Sum(one => one.Delivered),
            sums.Sum(one => one.Bounced),
            sums.Sum(one => one.Returned),
            sums.Sum(one => one.Complained)
        );

    /// <returns>From 0 to 1; null where there are too few mails to say.</returns>
    public double? ShareOf(RateMeasure measure, int minSent = PublishedLimits.MinSent) =>
        Sent < minSent || WholeOf(measure) == 0 ? null : Math.Round((double)CasesOf(measure) / WholeOf(measure), 6);

    public int CasesOf(RateMeasure measure) => measure == RateMeasure.Complaints ? Complained : Bounced;

    /// <summary>What the cases are a share of.</summary>
    public int WholeOf(RateMeasure measure) => measure == RateMeasure.Complaints ? Arrived : Sent;
}

/// <summary>What became of the mails that were sent on a day.</summary>
/// <param name="Bounced">They came back, for whatever reason.</param>
internal sealed record DayRates(DateOnly Day, int Sent, int Bounced, int Complained);

/// <summary>
/// Adds to the sums what became of mails, one statement for a whole batch, in the transaction that says it of the messages.
/// </summary>
internal sealed class MailRateStore(GatewayDb db, MailMetrics metrics, Signal<WatchRates> watch)
{
    private static readonly string[] Columns =
    [
        nameof(MailRate.SiteId),
        nameof(MailRate.Day),
        nameof(MailRate.Sender),
        nameof(MailRate.Provider),
        nameof(MailRate.Sent),
        nameof(MailRate.Delivered),
        nameof(MailRate.Bounced),
        nameof(MailRate.Returned),
        nameof(MailRate.Complained),
    ];

    /// <returns>A row that counts nothing yet.</returns>
    public static MailRate CountOf(Guid siteId, DateTimeOffset sent, EmailAddress from, string provider) =>
        new()
        {
            SiteId = siteId,
            Day = DateOnly.FromDateTime(sent.UtcDateTime),
            Sender = MailboxFolding.DomainOf(from),
            Provider = provider,
        };

    /// <inheritdoc cref="Message.CountedAs"/>
    public static string NameOf(MailRate count) => $"{count.Sender} {count.Provider}";

    /// <param name="message">As it is after the event.</param>
    /// <returns>Null of a message that was not counted when it was sent.</returns>
    public static MailRate? CountOf(Message message, MessageState before, MailEventType type)
    {
        if (OfMessage(message) is not { } count)
        {
            return null;
        }

        count.Delivered = (message.State == MessageState.Delivered ? 1 : 0) - (before == MessageState.Delivered ? 1 : 0);
        count.Bounced = type == MailEventType.HardBounced ? 1 : 0;
        count.Returned = message.State == MessageState.Bounced && type != MailEventType.HardBounced ? 1 : 0;
        return count;
    }

    /// <inheritdoc cref="CountOf(Message, MessageState, MailEventType)"/>
    public static MailRate? ComplaintOf(Message message)
    {
        var count = OfMessage(message);
        count?.Complained = 1;
        return count;
    }

    /// <summary>
    /// Inside the caller's transaction, and the last that it does: whoever sends to the same provider counts in the same row.
    /// </summary>
    public async Task AddAsync(IEnumerable<MailRate> counts, CancellationToken ct)
    {
        List<MailRate> rows =
        [
            .. counts
                .GroupBy(one => (one.SiteId, one.Day, Name: NameOf(one)))
                // In one order, so that two gateways do not wait for each other.
                .OrderBy(same => same.Key.SiteId)
                .ThenBy(same => same.Key.Day)
                .ThenBy(same => same.Key.Name, StringComparer.Ordinal)
                .Select(same => new MailRate
                {
                    SiteId = same.Key.SiteId,
                    Day = same.Key.Day,
                    Sender = same.First().Sender,
                    Provider = same.First().Provider,
                    Sent = same.Sum(one => one.Sent),
                    Delivered = same.Sum(one => one.Delivered),
                    Bounced = same.Sum(one => one.Bounced),
                    Returned = same.Sum(one => one.Returned),
                    Complained = same.Sum(one => one.Complained),
                }),
        ];
        if (rows.Count == 0)
        {
            return;
        }

        var entity = db.Model.FindEntityType(typeof(MailRate))!;
        await db.RunForAsync(
            rows,
            [.. Columns.Select(name => entity.FindProperty(name)!)],
            list =>
                $"""
                    insert into mail_rates (site_id, day, sender, provider, sent, delivered, bounced, returned, complained)
                    select * from ({list}) as given where true
                    on conflict (site_id, day, sender, provider) do update set
                        sent = mail_rates.sent + excluded.sent,
                        delivered = mail_rates.delivered + excluded.delivered,
                        bounced = mail_rates.bounced + excluded.bounced,
                        returned = mail_rates.returned + excluded.returned,
                        complained = mail_rates.complained + excluded.complained
                    """,
            ct
        );
        db.OnCommitted(() => rows.ForEach(metrics.Counted));
        if (rows.Exists(row => row.Bounced + row.Complained > 0))
        {
            db.OnCommitted(watch.Wake);
        }
    }

    /// <param name="siteId">Null for all sites.</param>
    /// <param name="to">The last day, which counts too.</param>
    public async Task<List<RateSum>> ReadAsync(Guid? siteId, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var rows = await db
            .MailRates.AsNoTracking()
            .Where(row => (siteId == null || row.SiteId == siteId) && row.Day >= from && row.Day <= to)
            .GroupBy(row => new
            {
                row.SiteId,
                row.Sender,
                row.Provider,
            })
            .Select(same => new
            {
                same.Key,
                Sent = same.Sum(row => row.Sent),
                Delivered = same.Sum(row => row.Delivered),
                Bounced = same.Sum(row => row.Bounced),
                Returned = same.Sum(row => row.Returned),
                Complained = same.Sum(row => row.Complained),
            })
            .ToListAsync(ct);
        var sums = rows.Select(row => new RateSum(
            row.Key.SiteId,
            row.Key.Sender,
            row.Key.Provider,
            row.Sent,
            row.Delivered,
            row.Bounced,
            row.Returned,
            row.Complained
        ));
        return
        [
            .. sums.OrderByDescending(sum => sum.Sent)
                .ThenBy(sum => sum.Provider, StringComparer.Ordinal)
                .ThenBy(sum => sum.Sender, StringComparer.Ordinal),
        ];
    }

    /// <param name="sites">Of these sites together; null is all.</param>
    /// <param name="from">The first day.</param>
    /// <returns>The sums of each day, in their order; a day without mails is not in it.</returns>
    public async Task<List<DayRates>> ByDayAsync(IReadOnlyCollection<Guid>? sites, DateOnly from, CancellationToken ct)
    {
        var rows = db.MailRates.AsNoTracking().Where(row => row.Day >= from);
        if (sites?.Count == 1)
        {
            // The primary key begins with the site.
            var one = sites.First();
            rows = rows.Where(row => row.SiteId == one);
        }
        else if (sites is not null)
        {
            rows = rows.Where(row => sites.Contains(row.SiteId));
        }

        return await rows.GroupBy(row => row.Day)
            .OrderBy(day => day.Key)
            .Select(day => new DayRates(
                day.Key,
                day.Sum(row => row.Sent),
                day.Sum(row => row.Bounced + row.Returned),
                day.Sum(row => row.Complained)
            ))
            .ToListAsync(ct);
    }

    private static MailRate? OfMessage(Message message) =>
        message.CountedAs?.Split(' ', 2) is [var sender, var provider]
            ? new()
            {
                SiteId = message.SiteId,
                Day = DateOnly.FromDateTime(message.SentAt ?? message.CreatedAt),
                Sender = sender,
                Provider = provider,
            }
            : null;
}
