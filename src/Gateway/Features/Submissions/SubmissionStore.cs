using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>Which of a site's submissions are asked for.</summary>
/// <param name="State">Null for all.</param>
/// <param name="Form">The sender's id of the form; null for all.</param>
/// <param name="List">The list that somebody was asked to confirm because of it; null for all.</param>
/// <param name="Since">Received then or later, UTC; null for all.</param>
internal sealed record SubmissionFilter(SubmissionState? State = null, string? Form = null, Guid? List = null, DateTime? Since = null);

/// <summary>What some submissions that failed alike have in common.</summary>
/// <param name="Fields">The names of all fields that came in.</param>
/// <param name="AddressField">The one of these that holds an address in each; null where none does, or several.</param>
/// <param name="NameField">The only one that is called a name; null where none is, several are, or what the forms name did come.</param>
/// <param name="Forms">The forms that sent them.</param>
internal sealed record AlikeSubmissions(
    IReadOnlyList<string> Fields,
    string? AddressField,
    string? NameField,
    IReadOnlyList<FormOfSite> Forms
)
{
    public static readonly AlikeSubmissions None = new([], AddressField: null, NameField: null, []);

    /// <summary>Of bodies as they came in; those that cannot be read have no fields.</summary>
    public static AlikeSubmissions Of(IEnumerable<(Guid SiteId, byte[] Body)> submissions)
    {
        var read = submissions.Select(one => (one.SiteId, Request: SubmissionRequest.Read(one.Body))).ToList();
        var fields = read.SelectMany(one => one.Request?.Fields?.Keys ?? []).Distinct().ToList();
        var addresses = fields.FindAll(field =>
            read.TrueForAll(one =>
                one.Request?.Fields?.TryGetValue(field, out var value) == true && EmailAddress.Parse(value.First) is not null
            )
        );
        var named = read.SelectMany(one => one.Request?.Subscribe ?? []).Select(asked => asked.Name).OfType<string>().Distinct();
        var names = fields.FindAll(field => field.Contains("name", StringComparison.OrdinalIgnoreCase));
        return new(
            fields,
            addresses is [var only] ? only : null,
            named.Any() && !named.Intersect(fields).Any() && names is [var name] ? name : null,
            [
                .. read.Where(one => one.Request?.Form?.Id is not null)
                    .Select(one => new FormOfSite(one.SiteId, one.Request!.Form!.Id!, one.Request.Form.Title))
                    .DistinctBy(form => (form.SiteId, form.Id)),
            ]
        );
    }
}

/// <param name="Title">Null when the sender tells none.</param>
internal sealed record FormOfSite(Guid SiteId, string Id, string? Title);

/// <summary>Submissions as others ask for them.</summary>
internal sealed class SubmissionStore(GatewayDb db, SignUps signUps, Suppressions hashes)
{
    private const int AtOnce = 200;

    /// <summary>So many that failed alike tell which fields their forms have.</summary>
    private const int Compared = 50;

    /// <summary>The newest first, in the order of the index that statistics are read from.</summary>
    /// <param name="after">The last of the page before; null to begin.</param>
    public async Task<List<Submission>> PageAsync(Guid siteId, SubmissionFilter filter, Guid? after, int limit, CancellationToken ct)
    {
        var rows = db.Submissions.AsNoTracking().Where(row => row.SiteId == siteId);
        rows = filter.State switch
        {
            null => rows,

            // Both have an index of the few rows that count.
            SubmissionState.Failed => rows.Where(row => row.FailureCode != null),
            SubmissionState.Waiting => rows.Where(row => row.DueAt != null),
            var state => rows.Where(row => row.State == state),
        };
        rows = filter.Form is { } form ? rows.Where(row => row.FormId == form) : rows;
        rows = filter.Since is { } since ? rows.Where(row => row.ReceivedAt >= since) : rows;
        if (filter.List is { } list)
        {
            var asked = signUps.SubmissionsFor(list);
            if (filter.State is not (SubmissionState.Failed or SubmissionState.Waiting))
            {
                return await OfListAsync(rows, asked, filter.Since, after, limit, ct);
            }

            rows = rows.Where(row => asked.Any(id => id == row.Id));
        }

        if (after is { } last)
        {
            var found = await db
                .Submissions.Where(row => row.Id == last && row.SiteId == siteId)
                .Select(row => (DateTime?)row.ReceivedAt)
                .SingleOrDefaultAsync(ct);

            // One that is gone in the meantime still says when it was made. The index is entered at that time.
            var at = found ?? PublicId.MadeAt(last);
            rows = rows.Where(row => row.ReceivedAt <= at && (row.ReceivedAt < at || row.Id < last));
        }

        return await rows.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.Id).Take(limit).ToListAsync(ct);
    }

    /// <summary>
    /// From the requests of the list to their submissions, in the order of the ids: through all submissions of a site it would be far to
    /// the next of a list that few join.
    /// </summary>
    private static async Task<List<Submission>> OfListAsync(
        IQueryable<Submission> rows,
        IQueryable<Guid> asked,
        DateTime? since,
        Guid? after,
        int limit,
        CancellationToken ct
    )
    {
        // An id is made a moment before or after the time that is written down.
        var first = since is { } time ? PublicId.FirstOf(time.AddMinutes(-1)) : Guid.Empty;
        var found = new List<Submission>();
        List<Guid> ids;
        do
        {
            var before = after;
            ids = await asked
                .Where(id => id >= first && (before == null || id < before))
                .Distinct()
                .OrderByDescending(id => id)
                .Take(AtOnce)
                .ToListAsync(ct);
            var left = limit - found.Count;
            found.AddRange(await rows.Where(row => ids.Contains(row.Id)).OrderByDescending(row => row.Id).Take(left).ToListAsync(ct));
            after = ids.Count == 0 ? after : ids[^1];
        } while (ids.Count == AtOnce && found.Count < limit);
        return found;
    }

    /// <summary>Reads the newest of those that failed for one cause.</summary>
    /// <param name="sites">Of these sites alone; null is all.</param>
    public async Task<AlikeSubmissions> FailedAlikeAsync(FailedCause cause, IReadOnlyCollection<Guid>? sites, CancellationToken ct)
    {
        var newest = await db
            .Submissions.AsNoTracking()
            .Where(row => row.FailureCode == cause.Code && (sites == null || sites.Contains(row.SiteId)))
            .OrderByDescending(row => row.Id)
            .Take(Compared)
            .Select(row => new
            {
                row.SiteId,
                row.Failure,
                row.Body,
            })
            .ToListAsync(ct);
        return AlikeSubmissions.Of(
            newest
                .Where(row => FailedCauses.Of(cause.Queue, cause.Code, row.Failure) == cause.Cause)
                .Select(row => (row.SiteId, row.Body))
        );
    }

    /// <returns>Null when the site has no such submission.</returns>
    public Task<Submission?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Submissions.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Id == id, ct);

    /// <summary>The newest that name the address in any field. What came in a moment ago is not among them yet.</summary>
    public async Task<List<Submission>> NamingAsync(Guid siteId, EmailAddress address, int limit, CancellationToken ct)
    {
        var hash = hashes.Hash(address.Key);
        var ids = await db
            .SubmissionAddresses.Where(row => row.SiteId == siteId && row.AddressHash == hash)
            .OrderByDescending(row => row.SubmissionId)
            .Select(row => row.SubmissionId)
            .Take(limit)
            .ToListAsync(ct);
        return await db.Submissions.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderByDescending(row => row.Id).ToListAsync(ct);
    }
}
