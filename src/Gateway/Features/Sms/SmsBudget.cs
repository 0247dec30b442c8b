using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

internal enum SmsLimit
{
    PartsPerDay,
    PartsPerMonth,
    PerRecipientHour,
}

/// <summary>
/// Spends a site's limits. What is spent stays spent, also when the message is cancelled or fails: a loop must not go round it.
/// </summary>
internal sealed class SmsBudget(GatewayDb db, Suppressions hashes, TimeProvider clock)
{
    private static readonly string[] Columns =
    [
        nameof(SmsSpending.SiteId),
        nameof(SmsSpending.Period),
        nameof(SmsSpending.Spent),
        nameof(SmsSpending.Max),
        nameof(SmsSpending.EndsAt),
    ];

    /// <summary>Spends what the messages take, inside the caller's transaction, which must be undone when a limit is reached.</summary>
    /// <returns>A limit that is used up; null when all was spent.</returns>
    public async Task<SmsLimit?> SpendAsync(IReadOnlyList<NewSms> messages, CancellationToken ct)
    {
        // Sorted, so that two gateways lock the same rows in the same order.
        var wanted = messages
            .SelectMany(PeriodsOf)
            .GroupBy(row => (row.SiteId, row.Period))
            .OrderBy(same => same.Key.SiteId)
            .ThenBy(same => same.Key.Period, StringComparer.Ordinal)
            .Select(same => new SmsSpending
            {
                SiteId = same.Key.SiteId,
                Period = same.Key.Period,
                Spent = same.Sum(row => row.Spent),
                Max = same.Min(row => row.Max),
                EndsAt = same.First().EndsAt,
            })
            .ToList();
        var over = wanted.Find(row => row.Spent > row.Max);
        if (over is null)
        {
            var spent = await SpendAsync(wanted, ct);
            over = wanted.Find(row => !spent.Contains((row.SiteId, row.Period)));
        }

        return over is null ? null
            : over.Period.StartsWith("day", StringComparison.Ordinal) ? SmsLimit.PartsPerDay
            : over.Period.StartsWith("month", StringComparison.Ordinal) ? SmsLimit.PartsPerMonth
            : SmsLimit.PerRecipientHour;
    }

    /// <summary>Removes the rows of periods that are over.</summary>
    public Task TidyAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(() => db.SmsSpending.Where(row => row.EndsAt < now).ExecuteDeleteAsync(ct), ct);
    }

    private IEnumerable<SmsSpending> PeriodsOf(NewSms message)
    {
        var (sms, policy) = message;
        var now = clock.GetUtcNow().UtcDateTime;
        var (day, month, hour) = (now.Date, new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc), now.Date.AddHours(now.Hour));

        // Only a keyed hash of the number: rows that count are no place to learn whom a site writes to.
        var recipient = Convert.ToHexStringLower(hashes.Hash(sms.Recipient).AsSpan(0, 16));
        yield return Row(
            string.Create(CultureInfo.InvariantCulture, $"to {recipient} {hour:yyyy-MM-ddTHH}"),
            1,
            policy.PerRecipientHour,
            hour.AddHours(1)
        );
        yield return Row(
            string.Create(CultureInfo.InvariantCulture, $"month {month:yyyy-MM}"),
            sms.Parts,
            policy.PartsPerMonth,
            month.AddMonths(1)
        );
        yield return Row(
            string.Create(CultureInfo.InvariantCulture, $"day {day:yyyy-MM-dd}"),
            sms.Parts,
            policy.PartsPerDay,
            day.AddDays(1)
        );

        SmsSpending Row(string period, int amount, int most, DateTime endsAt) =>
            new()
            {
                SiteId = sms.SiteId,
                Period = period,
                Spent = amount,
                Max = most,
                EndsAt = endsAt,
            };
    }

    /// <summary>The statement that spends also counts, so two gateways cannot both spend the last part.</summary>
    /// <returns>What could be spent.</returns>
    private async Task<HashSet<(Guid SiteId, string Period)>> SpendAsync(List<SmsSpending> wanted, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(SmsSpending))!;
        var columns = Columns.Select(name => entity.FindProperty(name)!).ToList();
        var into = $"insert into sms_spending ({string.Join(", ", columns.Select(column => column.GetColumnName()))})";
        var spent = new HashSet<(Guid, string)>();
        await db.RunForAsync(
            wanted,
            columns,
            list =>
                $"""
                    {into} select * from ({list}) as given where true
                    on conflict (site_id, period) do update set spent = sms_spending.spent + excluded.spent, max = excluded.max
                    where sms_spending.spent + excluded.spent <= excluded.max returning site_id, period
                    """,
            ct,
            reader => spent.Add((reader.GetGuid(0), reader.GetString(1)))
        );
        return spent;
    }
}
