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

/// <summary>Spends a site's limits. What is spent stays spent, also when the message is cancelled or fails: a loop must not go round it.</summary>
internal sealed class SmsBudget(GatewayDb db, Suppressions hashes, TimeProvider clock)
{
    /// <summary>Spends what one message takes, inside the caller's transaction, which must be undone when a limit is reached.</summary>
    /// <returns>The limit that is used up; null when all was spent.</returns>
    public async Task<SmsLimit?> SpendAsync(Guid siteId, SmsPolicy policy, string recipient, int parts, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (day, month, hour) = (now.Date, new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc), now.Date.AddHours(now.Hour));

        // Only a keyed hash: the row is about a number that may never have been stored. The day, which many wait for, comes last.
        var hash = Convert.ToHexStringLower(hashes.Hash(recipient).AsSpan(0, 16));
        return !await SpendAsync(siteId, Period($"to {hash} {hour:yyyy-MM-ddTHH}"), hour.AddHours(1), 1, policy.PerRecipientHour, ct) ? SmsLimit.PerRecipientHour
            : !await SpendAsync(siteId, Period($"month {month:yyyy-MM}"), month.AddMonths(1), parts, policy.PartsPerMonth, ct) ? SmsLimit.PartsPerMonth
            : !await SpendAsync(siteId, Period($"day {day:yyyy-MM-dd}"), day.AddDays(1), parts, policy.PartsPerDay, ct) ? SmsLimit.PartsPerDay
            : null;
    }

    /// <summary>Removes the rows of periods that are over.</summary>
    public Task TidyAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(() => db.SmsSpending.Where(row => row.EndsAt < now).ExecuteDeleteAsync(ct), ct);
    }

    /// <summary>The statement that spends also counts, so two gateways cannot both spend the last part.</summary>
    private async Task<bool> SpendAsync(Guid siteId, string period, DateTime endsAt, int amount, int limit, CancellationToken ct) =>
        amount <= limit && await db.Database.ExecuteSqlAsync(
            $"""
            insert into sms_spending (site_id, period, spent, ends_at) values ({siteId}, {period}, {amount}, {endsAt})
            on conflict (site_id, period) do update set spent = sms_spending.spent + excluded.spent where sms_spending.spent + excluded.spent <= {limit}
            """,
            ct) > 0;

    private static string Period(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
