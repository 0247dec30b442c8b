using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>A confirmation mail that somebody asked for.</summary>
/// <param name="Visitor">Where the sign-up came from (<see cref="BudgetKeys.VisitorOf"/>); null when nobody knows.</param>
internal sealed record BudgetClaim(Guid SiteId, EmailAddress Address, byte[]? Visitor);

/// <summary>
/// Whether a confirmation mail may go out now: nobody is to be bombed, whatever lists and sites of the installation a stranger uses for it.
/// One statement counts every mail of a batch and returns the sums, and its rows stay locked until the commit; what was too much is given
/// back before that. So two replicas never spend the last of anything twice.
/// </summary>
internal sealed class ConfirmationBudget(
    GatewayDb db,
    BudgetKeys keys,
    LargeDomains large,
    RecipientDomains domains,
    Breakers breakers,
    IOptions<ConfirmationOptions> options,
    TimeProvider clock
)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly string[] Columns = [nameof(MailSpending.Key), nameof(MailSpending.ThisHour)];

    /// <summary>What a mail is counted under, and how many there may be; 0 is no limit.</summary>
    private sealed record Limit(HoldReason Reason, string Key, int PerHour, int PerDay, int PerWeek = 0)
    {
        public bool IsSet => PerHour > 0 || PerDay > 0 || PerWeek > 0;
    }

    /// <summary>Spends what the mails take, inside the caller's transaction.</summary>
    /// <returns>For each in order: null when it may go out; else why it may not, and until when. A mail that waits has spent
    /// nothing.</returns>
    public async Task<IReadOnlyList<Hold?>> SpendAsync(IReadOnlyList<BudgetClaim> claims, CancellationToken ct)
    {
        if (claims.Count == 0)
        {
            return [];
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var wanted = claims.Select(claim => (Claim: claim, Limits: LimitsOf(claim).Where(limit => limit.IsSet).ToList())).ToList();
        var asked = wanted.SelectMany(one => one.Limits).GroupBy(limit => limit.Key).ToDictionary(same => same.Key, same => same.Count());
        var counters = await AddAsync(asked, now, ct);
        var rooms = await breakers.RoomsAsync(claims.Select(claim => (claim.SiteId, domains.GroupOf(claim.Address))), ct);

        var holds = new List<Hold?>(claims.Count);
        var refused = new Dictionary<string, int>();
        foreach (var (claim, limits) in wanted)
        {
            var hold = HoldOf(limits, counters) ?? rooms.Take(claim.SiteId, domains.GroupOf(claim.Address), now);
            holds.Add(hold);
            foreach (var limit in limits)
            {
                if (hold is null)
                {
                    counters[limit.Key].Grant();
                }
                else
                {
                    refused[limit.Key] = refused.GetValueOrDefault(limit.Key) + 1;
                }
            }
        }

        await GiveBackAsync(refused, ct);
        await breakers.RecordAsync(rooms, ct);
        return holds;
    }

    /// <summary>Removes the rows of windows that are over.</summary>
    public Task TidyAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(() => db.MailSpending.Where(row => row.WeekEnds < now).ExecuteDeleteAsync(ct), ct);
    }

    private IEnumerable<Limit> LimitsOf(BudgetClaim claim)
    {
        var budget = options.Value.Budget;
        yield return new(
            HoldReason.Mailbox,
            keys.Of("mailbox", MailboxFolding.Of(claim.Address)),
            budget.MailboxPerHour,
            budget.MailboxPerDay,
            budget.MailboxPerWeek
        );

        var domain = domains.GroupOf(claim.Address);
        yield return large.Has(domain)
            ? new(HoldReason.Domain, keys.Of("domain", domain), budget.LargeDomainPerHour, budget.LargeDomainPerDay)
            : new(HoldReason.Domain, keys.Of("domain", domain), budget.DomainPerHour, budget.DomainPerDay);

        if (claim.Visitor is not null)
        {
            var (visitor, network) = BudgetKeys.Of(claim.Visitor);
            yield return new(HoldReason.Visitor, visitor, budget.VisitorPerHour, budget.VisitorPerDay);
            yield return new(HoldReason.Network, network, budget.NetworkPerHour, budget.NetworkPerDay);
        }

        yield return new(HoldReason.Site, keys.Of("site", claim.SiteId.ToString("N")), budget.SitePerHour, budget.SitePerDay);
    }

    /// <returns>The limit that leaves no room for the longest time.</returns>
    private static Hold? HoldOf(IEnumerable<Limit> limits, Dictionary<string, Counter> counters) =>
        limits
            .Select(limit => (limit.Reason, Until: counters[limit.Key].FullUntil(limit)))
            .Where(full => full.Until is not null)
            .OrderByDescending(full => full.Until)
            .Select(full => new Hold(full.Reason, full.Until!.Value))
            .FirstOrDefault();

    /// <summary>Counts the mails and holds the rows, in one order, so that two replicas never wait for each other.</summary>
    private async Task<Dictionary<string, Counter>> AddAsync(Dictionary<string, int> asked, DateTime now, CancellationToken ct)
    {
        var rows = RowsOf(asked);
        var entity = db.Model.FindEntityType(typeof(MailSpending))!;
        var columns = Columns.Select(name => entity.FindProperty(name)!).ToList();
        const string Insert = """
            insert into mail_spending (key, this_hour, hour_ends, this_day, day_ends, this_week, week_ends)
            select column1, column2, @hour, column2, @day, column2, @week from (values 
            """;
        const string Add = """
            ) as given where true
            on conflict (key) do update set
                this_hour = excluded.this_hour + case when mail_spending.hour_ends > @now then mail_spending.this_hour else 0 end,
                hour_ends = case when mail_spending.hour_ends > @now then mail_spending.hour_ends else excluded.hour_ends end,
                this_day = excluded.this_day + case when mail_spending.day_ends > @now then mail_spending.this_day else 0 end,
                day_ends = case when mail_spending.day_ends > @now then mail_spending.day_ends else excluded.day_ends end,
                this_week = excluded.this_week + case when mail_spending.week_ends > @now then mail_spending.this_week else 0 end,
                week_ends = case when mail_spending.week_ends > @now then mail_spending.week_ends else excluded.week_ends end
            returning key, this_hour, hour_ends, this_day, day_ends, this_week, week_ends
            """;

        var counters = new Dictionary<string, Counter>(rows.Count);
        foreach (var some in ValuesList.Statements(db, rows, columns))
        {
            await using var command = ValuesList.Command(db, Insert, columns, some, Add);
            command.Parameters.Add(db.Parameter("@now", now));
            command.Parameters.Add(db.Parameter("@hour", now + Hour));
            command.Parameters.Add(db.Parameter("@day", now + Day));
            command.Parameters.Add(db.Parameter("@week", now + Week));
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var key = reader.GetString(0);
                counters[key] = new(
                    new(reader.GetInt32(1) - asked[key], Utc(reader.GetDateTime(2))),
                    new(reader.GetInt32(3) - asked[key], Utc(reader.GetDateTime(4))),
                    new(reader.GetInt32(5) - asked[key], Utc(reader.GetDateTime(6)))
                );
            }
        }

        return counters;
    }

    /// <summary>The rows are still ours, so nobody has seen the higher sums.</summary>
    private async Task GiveBackAsync(Dictionary<string, int> refused, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(MailSpending))!;
        var columns = Columns.Select(name => entity.FindProperty(name)!).ToList();
        const string Update = """
            update mail_spending set
                this_hour = this_hour - given.column2, this_day = this_day - given.column2, this_week = this_week - given.column2
            from (values 
            """;
        foreach (var some in ValuesList.Statements(db, RowsOf(refused), columns))
        {
            await using var command = ValuesList.Command(db, Update, columns, some, ") as given where mail_spending.key = given.column1");
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static List<MailSpending> RowsOf(Dictionary<string, int> counts) =>
        [
            .. counts
                .OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => new MailSpending { Key = one.Key, ThisHour = one.Value }),
        ];

    private static DateTime Utc(DateTime stored) => DateTime.SpecifyKind(stored, DateTimeKind.Utc);

    /// <param name="Spent">Mails within it, those of this batch that were granted included.</param>
    private sealed record Window(int Spent, DateTime Ends)
    {
        public int Spent { get; set; } = Spent;

        public DateTime? FullUntil(int limit) => limit > 0 && Spent >= limit ? Ends : null;
    }

    private sealed record Counter(Window Hour, Window Day, Window Week)
    {
        public void Grant()
        {
            Hour.Spent++;
            Day.Spent++;
            Week.Spent++;
        }

        /// <returns>When there is room again; null when there is some now.</returns>
        public DateTime? FullUntil(Limit limit) =>
            Week.FullUntil(limit.PerWeek) ?? Day.FullUntil(limit.PerDay) ?? Hour.FullUntil(limit.PerHour);
    }
}
