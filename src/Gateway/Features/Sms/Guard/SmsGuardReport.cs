using System.Globalization;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms.Guard;

/// <summary>What a site's guard has counted.</summary>
/// <param name="SpentToday">Euros: estimates, and what providers said where they did.</param>
/// <param name="OverThresholds">How often each visitors' threshold was passed within the last 14 days.</param>
internal sealed record SmsGuardStatus(decimal SpentToday, IReadOnlyDictionary<string, int> OverThresholds);

/// <summary>Keeps and tells what the guard noticed.</summary>
internal sealed class SmsGuardReport(GatewayDb db, SpendingRows rows, TimeProvider clock)
{
    private const string Over = "over ";
    private const int Days = 14;

    public async Task<SmsGuardStatus> ReadAsync(Guid siteId, CancellationToken ct)
    {
        var money = SmsBudget.MoneyPeriod(clock.GetUtcNow().UtcDateTime);
        var counted = await db
            .SmsSpending.AsNoTracking()
            .Where(row => row.SiteId == siteId && (row.Period == money || row.Period.StartsWith(Over)))
            .ToListAsync(ct);
        return new(
            (decimal)(counted.Find(row => row.Period == money)?.Spent ?? 0) / SmsPrices.PerEuro,
            counted
                .Where(row => row.Period.StartsWith(Over, StringComparison.Ordinal))
                .GroupBy(row => row.Period.Split(' ')[1], StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Sum(row => row.Spent), StringComparer.Ordinal)
        );
    }

    /// <summary>Notes that thresholds were passed. Inside the caller's transaction.</summary>
    public Task NoteAsync(Guid siteId, IEnumerable<SmsLimit> passed, CancellationToken ct)
    {
        var today = clock.GetUtcNow().UtcDateTime.Date;
        return rows.AddAsync(
            [
                .. passed
                    .GroupBy(limit => limit)
                    .Select(same => new SmsSpending
                    {
                        SiteId = siteId,
                        Period = string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Over}{CaseConverter.Lower(same.Key.ToString())} {today:yyyy-MM-dd}"
                        ),
                        Spent = same.Count(),
                        Max = int.MaxValue,
                        EndsAt = today.AddDays(Days + 1),
                    })
                    .OrderBy(row => row.Period, StringComparer.Ordinal),
            ],
            ct
        );
    }
}
