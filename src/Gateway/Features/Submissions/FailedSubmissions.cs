using System.Text;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>
/// The queue of submissions, and those that could not be understood. What came in stays as it is; what is to be different stands beside it.
/// </summary>
internal sealed class FailedSubmissions(GatewayDb db, ListStore lists, Signal<ProcessSubmissions> submissions, TimeProvider clock)
    : FailableQueueTable<Submission>(db, clock, "submissions", PublicId.Submission, row => row.FailureCode != null)
{
    /// <summary>So many fields are named in a sentence.</summary>
    private const int MaxNamed = 20;

    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change.List is not null && PublicId.Parse(PublicId.List, change.List) is null)
        {
            return "The list is given by its id, lst_….";
        }

        var mine = Db.Submissions.Where(row => row.Id == id && row.FailureCode != null);
        if (await mine.LockAsync(ct) == 0)
        {
            return Unless(0);
        }

        if (change.Email is not null || change.Name is not null)
        {
            var fields = SubmissionRequest.FieldsIn(await mine.Select(row => row.Body).SingleAsync(ct));
            if (UnfitField(change, fields) is { } unfit)
            {
                return unfit;
            }
        }

        var row = await mine.Select(one => new { one.SiteId, one.Override }).SingleAsync(ct);
        if (change.List is not null)
        {
            if (await lists.FindAsync(row.SiteId, change.List, ct) is not { } list)
            {
                return $"The site has no list {change.List}. Choose one of its own.";
            }

            if (list.ErrorOfJoining() is { } closed)
            {
                return closed.Message;
            }
        }

        var before = row.Override;
        var known = Override.FromJson(before);
        var after =
            change == new ReplayChange()
                ? before
                : new Override(change.Email ?? known?.Email, change.List ?? known?.List, change.Name ?? known?.Name).ToJson();
        Db.OnCommitted(submissions.Wake);
        return Unless(
            await mine.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.Override, after)
                        .SetProperty(row => row.State, SubmissionState.Waiting)
                        .SetProperty(row => row.FailureCode, (string?)null)
                        .SetProperty(row => row.Failure, (string?)null)
                        .SetProperty(row => row.DueAt, Now),
                ct
            )
        );
    }

    /// <returns>Why the address or the name cannot be taken from its field, in a sentence; null when both can.</returns>
    private static string? UnfitField(ReplayChange change, IReadOnlyDictionary<string, FieldValue> fields)
    {
        var came = fields.Count switch
        {
            0 => "No fields came in.",
            <= MaxNamed => $"These came in: {string.Join(", ", fields.Keys)}.",
            _ => $"These came in, among others: {string.Join(", ", fields.Keys.Take(MaxNamed))}.",
        };
        return new[] { change.Email, change.Name }.FirstOrDefault(field => field is not null && !fields.ContainsKey(field)) is { } unknown
                ? $"There is no field \"{unknown}\". {came}"
            : change.Email is { } email && EmailAddress.Parse(fields[email].First) is null
                ? $"The field \"{email}\" does not hold one valid address. {came}"
            : null;
    }

    public override Task SetAsideAsync(IQueryable<Submission> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, SubmissionState.Failed)
                    .SetProperty(row => row.FailureCode, ISetAside<Submission>.Code)
                    .SetProperty(row => row.Failure, ISetAside<Submission>.Reason)
                    .SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<Submission> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.FailureCode!,
            Reason = row.Failure,
            Since = row.ReceivedAt,
        });

    public override async Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Rows.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(ct);
        return FailedItem.WhomOf(rows.Select(row => (row.Id, (string?)string.Join(", ", SubmissionContent.Of(row).Addresses))));
    }

    protected override async Task<string?> BodyAsync(Guid id, CancellationToken ct) =>
        Encoding.UTF8.GetString(await Rows.Where(row => row.Id == id).Select(row => row.Body).SingleAsync(ct));
}
