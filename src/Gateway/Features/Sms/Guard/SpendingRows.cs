using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms.Guard;

/// <summary>Adds to what was spent, never over a limit, by one statement: two gateways cannot both spend the last of it.</summary>
internal sealed class SpendingRows(GatewayDb db)
{
    private static readonly string[] Columns =
    [
        nameof(SmsSpending.SiteId),
        nameof(SmsSpending.Period),
        nameof(SmsSpending.Spent),
        nameof(SmsSpending.Max),
        nameof(SmsSpending.EndsAt),
    ];

    /// <summary>Inside the caller's transaction.</summary>
    /// <param name="rows">Sorted by site and period, so that all lock the same rows in the same order.</param>
    /// <returns>What is spent now of each that held it.</returns>
    public async Task<Dictionary<(Guid SiteId, string Period), int>> AddAsync(IReadOnlyList<SmsSpending> rows, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(SmsSpending))!;
        var columns = Columns.Select(name => entity.FindProperty(name)!).ToList();
        var into = $"insert into sms_spending ({string.Join(", ", columns.Select(column => column.GetColumnName()))})";
        var spent = new Dictionary<(Guid, string), int>();
        await db.RunForAsync(
            rows,
            columns,
            list =>
                $"""
                    {into} select * from ({list}) as given where true
                    on conflict (site_id, period) do update set spent = sms_spending.spent + excluded.spent, max = excluded.max
                    where sms_spending.spent + excluded.spent <= excluded.max returning site_id, period, spent
                    """,
            ct,
            reader => spent[(reader.GetGuid(0), reader.GetString(1))] = reader.GetInt32(2)
        );
        return spent;
    }
}
