using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Sms.Guard;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

internal enum SmsLimit
{
    PartsPerDay,
    PartsPerMonth,
    PerRecipientHour,

    /// <summary>Euros that the site spends in a day.</summary>
    MoneyPerDay,

    /// <summary>Messages to one country that visitors asked for and nobody used.</summary>
    UnusedOfCountry,

    /// <summary>Messages that one visitor asked for and did not use.</summary>
    UnusedOfVisitor,

    /// <summary>Countries to which one visitor has such messages.</summary>
    CountriesOfVisitor,
}

/// <summary>
/// Spends a site's limits. What is spent stays spent, also when the message is cancelled or fails: a loop must not go round it. Only what a
/// provider says that a message cost takes the place of what it was thought to cost.
/// </summary>
internal sealed class SmsBudget(
    GatewayDb db,
    Suppressions hashes,
    SpendingRows rows,
    VisitorCounts visitors,
    SmsGuardReport report,
    SmsPrices prices,
    TimeProvider clock
)
{
    /// <summary>More than this is not counted, in ten-thousandths of a euro: the column ends soon after.</summary>
    private const int MostMoney = 2_000_000_000;

    /// <summary>Spends what the messages take, inside the caller's transaction, which must be undone when a limit is reached.</summary>
    public async Task<SmsSpent> SpendAsync(IReadOnlyList<NewSms> messages, CancellationToken ct)
    {
        var wanted = SmsClaim.Merge([.. messages.SelectMany(PeriodsOf), .. await visitors.ClaimsAsync(messages, ct)]);
        var noted = new List<SmsClaim>();
        while (wanted.Count > 0)
        {
            if (wanted.Find(claim => claim.Row.Spent > claim.Row.Max) is { } tooMuch)
            {
                return new(tooMuch.Limit, []);
            }

            var spent = await rows.AddAsync(wanted.ConvertAll(claim => claim.Row), ct);
            if (wanted.Find(claim => !spent.ContainsKey(Key(claim))) is { } full)
            {
                return new(full.Limit, []);
            }

            noted.AddRange(wanted.Where(claim => spent[Key(claim)] > claim.Threshold));
            wanted = SmsClaim.Merge(
                wanted.Where(claim => spent[Key(claim)] == claim.Row.Spent).Select(claim => claim.WhenFirst).OfType<SmsClaim>()
            );
        }

        foreach (var site in noted.GroupBy(claim => claim.Row.SiteId).OrderBy(site => site.Key))
        {
            await report.NoteAsync(site.Key, site.Select(claim => claim.Limit), ct);
        }

        return new(null, noted.ConvertAll(claim => claim.Limit));

        static (Guid, string) Key(SmsClaim claim) => (claim.Row.SiteId, claim.Row.Period);
    }

    /// <summary>
    /// Spends what a message costs once more, since it goes out once more, on the day of now. Inside the caller's transaction. What its
    /// provider says that it cost takes the place of the estimate only where it was accepted on the same day.
    /// </summary>
    /// <returns>False when the site's money for the day does not hold it; then nothing is spent.</returns>
    public async Task<bool> SpendAgainAsync(SmsMessage sms, SmsPolicy policy, CancellationToken ct)
    {
        var day = clock.GetUtcNow().UtcDateTime.Date;
        var claim = MoneyClaim(sms.SiteId, day, prices.Estimate(sms), policy);
        return claim.Row.Spent <= claim.Row.Max && (await rows.AddAsync([claim.Row], ct)).Count > 0;
    }

    /// <summary>The row of what a site spends in a day.</summary>
    /// <param name="day">UTC.</param>
    public static string MoneyPeriod(DateTime day) => string.Create(CultureInfo.InvariantCulture, $"money {day:yyyy-MM-dd}");

    /// <summary>
    /// Puts what providers say that messages cost in the place of the estimates, on the day that spent them. Inside the caller's
    /// transaction, and once for each message.
    /// </summary>
    public async Task CorrectAsync(IEnumerable<SmsMessage> priced, CancellationToken ct)
    {
        var changes = priced
            .Where(sms => sms.Recipient.Length > 0)
            .Select(sms => (Sms: sms, Cost: prices.Of(sms.Price ?? 0, sms.Currency)))
            .Where(one => one.Cost is not null)
            .GroupBy(one => (one.Sms.SiteId, Period: MoneyPeriod(one.Sms.CreatedAt)))
            .OrderBy(same => same.Key.SiteId)
            .ThenBy(same => same.Key.Period, StringComparer.Ordinal);
        foreach (var same in changes)
        {
            var change = (int)Math.Clamp(same.Sum(one => (long)one.Cost!.Value - prices.Estimate(one.Sms)), -MostMoney, MostMoney);

            // A price of nonsense must not keep a receipt from being stored.
            var room = change > 0 ? MostMoney - change : MostMoney;
            await db
                .SmsSpending.Where(row => row.SiteId == same.Key.SiteId && row.Period == same.Key.Period)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(row => row.Spent, row => row.Spent > room ? MostMoney : row.Spent + change),
                    ct
                );
        }
    }

    /// <summary>Removes the rows of periods that are over.</summary>
    public Task TidyAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(() => db.SmsSpending.Where(row => row.EndsAt < now).ExecuteDeleteAsync(ct), ct);
    }

    private IEnumerable<SmsClaim> PeriodsOf(NewSms message)
    {
        var (sms, policy) = (message.Sms, message.Policy);
        var now = clock.GetUtcNow().UtcDateTime;
        var (day, month, hour) = (now.Date, new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc), now.Date.AddHours(now.Hour));

        // Only a keyed hash of the number: rows that count are no place to learn whom a site writes to.
        var recipient = Convert.ToHexStringLower(hashes.Hash(sms.Recipient).AsSpan(0, 16));
        var culture = CultureInfo.InvariantCulture;
        yield return Claim(
            SmsLimit.PerRecipientHour,
            string.Create(culture, $"to {recipient} {hour:yyyy-MM-ddTHH}"),
            1,
            policy.PerRecipientHour,
            hour.AddHours(1)
        );
        yield return Claim(
            SmsLimit.PartsPerMonth,
            string.Create(culture, $"month {month:yyyy-MM}"),
            sms.Parts,
            policy.PartsPerMonth,
            month.AddMonths(1)
        );
        yield return Claim(
            SmsLimit.PartsPerDay,
            string.Create(culture, $"day {day:yyyy-MM-dd}"),
            sms.Parts,
            policy.PartsPerDay,
            day.AddDays(1)
        );
        yield return MoneyClaim(sms.SiteId, sms.CreatedAt.Date, message.Cost, policy);

        SmsClaim Claim(SmsLimit limit, string period, int amount, int most, DateTime endsAt) =>
            SmsBudget.Claim(limit, sms.SiteId, period, amount, most, endsAt);
    }

    private static SmsClaim MoneyClaim(Guid siteId, DateTime day, int cost, SmsPolicy policy) =>
        Claim(
            SmsLimit.MoneyPerDay,
            siteId,
            MoneyPeriod(day),
            cost,
            policy.MoneyPerDay is { } most ? SmsPrices.Count(most) : int.MaxValue,
            // Prices may come a day later.
            day.AddDays(2)
        );

    private static SmsClaim Claim(SmsLimit limit, Guid siteId, string period, int amount, int most, DateTime endsAt) =>
        new(
            limit,
            new()
            {
                SiteId = siteId,
                Period = period,
                Spent = amount,
                Max = most,
                EndsAt = endsAt,
            }
        );
}
