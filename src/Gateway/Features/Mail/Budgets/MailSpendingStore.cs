using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.Budgets;

/// <summary>What a mail is counted under, and how many there may be; 0 is no limit.</summary>
/// <param name="Key">See <see cref="BudgetKeys"/>.</param>
internal sealed record MailLimit(string Key, int PerHour, int PerDay, int PerWeek = 0)
{
    public bool IsSet => PerHour > 0 || PerDay > 0 || PerWeek > 0;
}

/// <summary>
/// Counts mails. One statement adds those of a whole batch and returns the sums, and its rows stay locked until the commit; what was too
/// much is given back before that. So two replicas never spend the last of anything twice.
/// </summary>
internal sealed class MailSpendingStore(GatewayDb db, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly string[] Columns = [nameof(MailSpending.Key), nameof(MailSpending.ThisHour)];

    /// <summary>
    /// Counts the mails and holds the rows, in one order, so that two replicas never wait for each other. Inside the caller's transaction.
    /// </summary>
    /// <param name="asked">How many, by key.</param>
    /// <returns>What was spent before, by key.</returns>
    public async Task<Dictionary<string, MailCounter>> AddAsync(IReadOnlyDictionary<string, int> asked, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var rows = RowsOf(asked);
        var entity = db.Model.FindEntityType(typeof(MailSpending))!;
        var columns = Columns.Select(name => entity.FindProperty(name)!).ToList();
        var counters = new Dictionary<string, MailCounter>(rows.Count);
        await db.RunForAsync(
            rows,
            columns,
            list =>
                $"""
                    insert into mail_spending (key, this_hour, hour_ends, this_day, day_ends, this_week, week_ends)
                    select column1, column2, @hour, column2, @day, column2, @week from ({list}) as given where true
                    on conflict (key) do update set
                        this_hour = excluded.this_hour + case when mail_spending.hour_ends > @now then mail_spending.this_hour else 0 end,
                        hour_ends = case when mail_spending.hour_ends > @now then mail_spending.hour_ends else excluded.hour_ends end,
                        this_day = excluded.this_day + case when mail_spending.day_ends > @now then mail_spending.this_day else 0 end,
                        day_ends = case when mail_spending.day_ends > @now then mail_spending.day_ends else excluded.day_ends end,
                        this_week = excluded.this_week + case when mail_spending.week_ends > @now then mail_spending.this_week else 0 end,
                        week_ends = case when mail_spending.week_ends > @now then mail_spending.week_ends else excluded.week_ends end
                    returning key, this_hour, hour_ends, this_day, day_ends, this_week, week_ends
                    """,
            ct,
            reader =>
            {
                var key = reader.GetString(0);
                counters[key] = new(
                    new(reader.GetInt32(1) - asked[key], Utc(reader.GetDateTime(2))),
                    new(reader.GetInt32(3) - asked[key], Utc(reader.GetDateTime(4))),
                    new(reader.GetInt32(5) - asked[key], Utc(reader.GetDateTime(6)))
                );
            },
            db.Parameter("@now", now),
            db.Parameter("@hour", now + Hour),
            db.Parameter("@day", now + Day),
            db.Parameter("@week", now + Week)
        );
        return counters;
    }

    /// <summary>For mails that were counted and do not go out. The rows are still ours, so nobody has seen the higher sums.</summary>
    public Task GiveBackAsync(IReadOnlyDictionary<string, int> refused, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(MailSpending))!;
        return db.RunForAsync(
            RowsOf(refused),
            [.. Columns.Select(name => entity.FindProperty(name)!)],
            list =>
                $"""
                    update mail_spending set
                        this_hour = this_hour - given.column2, this_day = this_day - given.column2, this_week = this_week - given.column2
                    from ({list}) as given where mail_spending.key = given.column1
                    """,
            ct
        );
    }

    /// <summary>Removes the rows of windows that are over.</summary>
    public Task TidyAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(() => db.MailSpending.Where(row => row.WeekEnds < now).ExecuteDeleteAsync(ct), ct);
    }

    private static List<MailSpending> RowsOf(IReadOnlyDictionary<string, int> counts) =>
        [
            .. counts
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => new MailSpending { Key = one.Key, ThisHour = one.Value }),
        ];

    private static DateTime Utc(DateTime stored) => DateTime.SpecifyKind(stored, DateTimeKind.Utc);
}

/// <summary>What was spent within the three windows of one key; whoever grants a mail counts it.</summary>
internal sealed record MailCounter(MailCounter.Window Hour, MailCounter.Window Day, MailCounter.Window Week)
{
    public void Grant()
    {
        Hour.Spent++;
        Day.Spent++;
        Week.Spent++;
    }

    /// <returns>When there is room again; null when there is some now.</returns>
    public DateTime? FullUntil(MailLimit limit) =>
        Week.FullUntil(limit.PerWeek) ?? Day.FullUntil(limit.PerDay) ?? Hour.FullUntil(limit.PerHour);

    /// <param name="Spent">Mails within it, those of this batch that were granted included.</param>
    internal sealed record Window(int Spent, DateTime Ends)
    {
        public int Spent { get; set; } = Spent;

        public DateTime? FullUntil(int limit) => limit > 0 && Spent >= limit ? Ends : null;
    }
}
