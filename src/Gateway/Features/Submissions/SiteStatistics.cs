using System.Globalization;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <param name="Accepted">All that came in within the time.</param>
internal sealed record SubmissionCounts(int Accepted, int Waiting, int Failed);

/// <summary>Requests to confirm that were made within the time, by how they stand now.</summary>
/// <param name="Rate">Confirmed, of all these, from 0 to 1; null when there are none.</param>
/// <param name="Held">Their mails wait, because too many went out already; they leave by themselves.</param>
/// <param name="Refused">No mail was sent: there was no room in time, or none is sent to such a domain.</param>
internal sealed record RequestCounts(int Pending, int Confirmed, int Cancelled, int Expired, int Held, int Refused, double? Rate);

/// <param name="Form">The form's id; null for what came without one.</param>
internal sealed record FormCounts(string? Form, int Accepted, int Pending, int Confirmed, double? Rate);

/// <param name="Day">In UTC, such as <c>2026-11-23</c>.</param>
internal sealed record DayCounts(string Day, int Accepted, int Pending, int Confirmed);

internal sealed record Statistics(
    SubmissionCounts Submissions,
    RequestCounts Confirmations,
    IReadOnlyList<FormCounts> Forms,
    IReadOnlyList<DayCounts> Days
);

/// <summary>
/// Counts what came in at a site and who confirmed. Each of the two tables is read once, from an index that holds all that is counted.
/// </summary>
internal sealed class SiteStatistics(GatewayDb db)
{
    /// <summary>How many rows of one form, day and state there are.</summary>
    private sealed record Tally(string? Form, DateOnly Day, string State, long Count);

    private sealed class Tallies(IEnumerable<Tally> rows)
    {
        private readonly List<Tally> _rows = [.. rows];

        public int All => Sum(_ => true);

        public int Submitted(SubmissionState state) => Sum(row => row.State == CaseConverter.Lower(state.ToString()));

        public int Asked(OptInState state) => Sum(row => row.State == CaseConverter.Lower(state.ToString()));

        /// <summary>What another request of the same person answered is no answer of its own; whoever got no mail was not asked.</summary>
        public double? Rate =>
            All - Asked(OptInState.Voided) - Asked(OptInState.Held) - Asked(OptInState.Refused) is > 0 and var asked
                ? Math.Round((double)Asked(OptInState.Confirmed) / asked, 4)
                : null;

        public ILookup<string, Tally> ByForm => _rows.ToLookup(row => row.Form ?? "");

        public ILookup<DateOnly, Tally> ByDay => _rows.ToLookup(row => row.Day);

        private int Sum(Func<Tally, bool> which) => (int)_rows.Where(which).Sum(row => row.Count);
    }

    /// <param name="form">Null for all forms.</param>
    public async Task<Statistics> ReadAsync(Guid siteId, DateTime from, DateTime to, string? form, CancellationToken ct)
    {
        var submissions = await TallyAsync("submissions", "received_at", siteId, from, to, form, ct);
        var requests = await TallyAsync("optin_requests", "created_at", siteId, from, to, form, ct);
        return new(
            new(submissions.All, submissions.Submitted(SubmissionState.Waiting), submissions.Submitted(SubmissionState.Failed)),
            new(
                requests.Asked(OptInState.Pending),
                requests.Asked(OptInState.Confirmed),
                requests.Asked(OptInState.Cancelled),
                requests.Asked(OptInState.Expired),
                requests.Asked(OptInState.Held),
                requests.Asked(OptInState.Refused),
                requests.Rate
            ),
            Forms(submissions.ByForm, requests.ByForm),
            Days(from, to, submissions.ByDay, requests.ByDay)
        );
    }

    /// <summary>How much came in on each day, from the same index.</summary>
    /// <param name="from">The first day, UTC.</param>
    /// <returns>A day without anything is not in it.</returns>
    public async Task<Dictionary<DateOnly, int>> ReceivedByDayAsync(Guid siteId, DateOnly from, CancellationToken ct)
    {
        var start = from.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        var read = await TallyAsync("submissions", "received_at", siteId, start, DateTime.MaxValue, form: null, ct);
        return read.ByDay.ToDictionary(day => day.Key, day => (int)day.Sum(one => one.Count));
    }

    /// <summary>The forms that something came in from lately, by their ids.</summary>
    public async Task<IReadOnlyList<string>> FormsAsync(Guid siteId, DateTime now, CancellationToken ct)
    {
        var since = now.AddDays(-30);
        return await db
            .Submissions.Where(row => row.SiteId == siteId && row.ReceivedAt >= since && row.FormId != null)
            .Select(row => row.FormId!)
            .Distinct()
            .OrderBy(form => form)
            .Take(100)
            .ToListAsync(ct);
    }

    private async Task<Tallies> TallyAsync(
        string table,
        string time,
        Guid siteId,
        DateTime from,
        DateTime to,
        string? form,
        CancellationToken ct
    )
    {
        // The names are texts of the program's own; everything else is a parameter.
        var sql = $"""
            select form_id as form, {db.DayOf(time)} as day, state, count(*) as count from {table}
            where site_id = @site and {time} >= @from and {time} <= @to {(form is null ? "" : "and form_id = @form")}
            group by 1, 2, 3
            """;
        var given = new List<object> { db.Parameter("site", siteId), db.Parameter("from", from), db.Parameter("to", to) };
        if (form is not null)
        {
            given.Add(db.Parameter("form", form));
        }

        return new(await db.Database.SqlQueryRaw<Tally>(sql, [.. given]).ToListAsync(ct));
    }

    private static List<FormCounts> Forms(ILookup<string, Tally> submissions, ILookup<string, Tally> requests) =>
        [
            .. submissions
                .Select(form => form.Key)
                .Union(requests.Select(form => form.Key))
                .Select(form => (Form: form, Submitted: new Tallies(submissions[form]), Asked: new Tallies(requests[form])))
                .Select(one => new FormCounts(
                    one.Form.Length == 0 ? null : one.Form,
                    one.Submitted.All,
                    one.Asked.Asked(OptInState.Pending),
                    one.Asked.Asked(OptInState.Confirmed),
                    one.Asked.Rate
                ))
                .OrderByDescending(one => one.Accepted)
                .ThenBy(one => one.Form, StringComparer.Ordinal),
        ];

    private static List<DayCounts> Days(
        DateTime from,
        DateTime to,
        ILookup<DateOnly, Tally> submissions,
        ILookup<DateOnly, Tally> requests
    )
    {
        var days = new List<DayCounts>();
        for (var day = DateOnly.FromDateTime(from); day <= DateOnly.FromDateTime(to); day = day.AddDays(1))
        {
            var asked = new Tallies(requests[day]);
            days.Add(
                new(
                    day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    new Tallies(submissions[day]).All,
                    asked.Asked(OptInState.Pending),
                    asked.Asked(OptInState.Confirmed)
                )
            );
        }

        return days;
    }
}
