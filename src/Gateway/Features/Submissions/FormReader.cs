using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>A list that a form asks for.</summary>
/// <param name="List">As the form writes it, <c>lst_…</c>.</param>
/// <param name="EmailField">The field that holds the address.</param>
internal sealed record FormOfList(string? List, string? EmailField);

/// <summary>A form, as its last submission shows it.</summary>
/// <param name="Title">Null when the sender tells none.</param>
/// <param name="Count">Submissions within the time.</param>
/// <param name="Fields">The names of the fields that came in last.</param>
/// <param name="Missing">Fields that it names and that do not come: they were renamed, or are not part of the form any more.</param>
/// <param name="Fresh">Fields that came in last, and did not as long as those that are missing came.</param>
internal sealed record KnownForm(
    string Id,
    string? Title,
    string? Url,
    DateTime LastAt,
    int Count,
    IReadOnlyList<string> Fields,
    IReadOnlyList<FormOfList> Lists,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Fresh
)
{
    private const int MaxNamed = 5;

    /// <summary>What to do about those that are missing.</summary>
    public string Sentence
    {
        get
        {
            var missing = Missing.Count == 1 ? "the field" : "the fields";
            var came = Fresh.Count == 0 ? "" : $" New in it: {Quoted(Fresh)}.";
            return $"It takes something from {missing} {Quoted(Missing)}, which did not come with the last submission.{came} "
                + "Where a field was renamed, choose the new one in WordPress: edit the form, and open its box for the list.";
        }
    }

    private static string Quoted(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MaxNamed).Select(name => $"“{name}”")) + (names.Count > MaxNamed ? " and others" : "");
}

/// <summary>Finds a site's forms by what they sent: nobody has to name them here.</summary>
internal sealed class FormReader(GatewayDb db, TimeProvider clock)
{
    public const int Days = 90;

    private const int DaysInUse = 14;

    /// <summary>More than a site has.</summary>
    private const int Most = 100;

    /// <summary>Of a site's submissions, for its forms that are in use.</summary>
    private const int Newest = 200;

    /// <summary>So many of a form's last submissions tell which fields it has.</summary>
    private const int Compared = 10;

    /// <returns>The forms that sent something within the time, the busiest first.</returns>
    public async Task<IReadOnlyList<KnownForm>> OfSiteAsync(Guid siteId, CancellationToken ct)
    {
        var since = clock.GetUtcNow().UtcDateTime.AddDays(-Days);

        // All that is counted stands in the index, and the last row of each is found by it.
        var seen = await db
            .Submissions.Where(row => row.SiteId == siteId && row.ReceivedAt >= since && row.FormId != null)
            .GroupBy(row => row.FormId!)
            .Select(same => new
            {
                Id = same.Key,
                Count = same.Count(),
                LastAt = same.Max(row => row.ReceivedAt),
            })
            .OrderByDescending(form => form.Count)
            .ThenBy(form => form.Id)
            .Take(Most)
            .ToListAsync(ct);
        var forms = new List<KnownForm>();
        foreach (var form in seen)
        {
            forms.Add(await ReadAsync(siteId, form.Id, form.Count, form.LastAt, ct));
        }

        return forms;
    }

    /// <returns>When the site's newest submission came in; null when none did.</returns>
    public Task<DateTime?> LastAtAsync(Guid siteId, CancellationToken ct) =>
        db.Submissions.Where(row => row.SiteId == siteId).MaxAsync(row => (DateTime?)row.ReceivedAt, ct);

    /// <returns>
    /// The forms of the site's newest submissions, for whoever asks often. One that sent nothing for weeks is used by nobody.
    /// </returns>
    public async Task<IReadOnlyList<KnownForm>> NewestOfSiteAsync(Guid siteId, CancellationToken ct)
    {
        var since = clock.GetUtcNow().UtcDateTime.AddDays(-DaysInUse);
        var newest = await db
            .Submissions.Where(row => row.SiteId == siteId && row.ReceivedAt >= since)
            .OrderByDescending(row => row.ReceivedAt)
            .Take(Newest)
            .Where(row => row.FormId != null)
            .Select(row => new { Id = row.FormId!, row.ReceivedAt })
            .ToListAsync(ct);
        var forms = new List<KnownForm>();
        foreach (var form in newest.GroupBy(row => row.Id))
        {
            forms.Add(await ReadAsync(siteId, form.Key, form.Count(), form.Max(row => row.ReceivedAt), ct));
        }

        return forms;
    }

    private async Task<KnownForm> ReadAsync(Guid siteId, string id, int count, DateTime lastAt, CancellationToken ct)
    {
        // Of a form that is seldom sent there may be none before for as long as the index is.
        var since = lastAt.AddDays(-DaysInUse);
        var bodies = await db
            .Submissions.Where(row => row.SiteId == siteId && row.ReceivedAt <= lastAt && row.ReceivedAt >= since && row.FormId == id)
            .OrderByDescending(row => row.ReceivedAt)
            .Take(Compared)
            .Select(row => row.Body)
            .ToListAsync(ct);
        return Of(id, count, lastAt, bodies.ConvertAll(SubmissionRequest.Read));
    }

    /// <param name="newest">The newest first; one that cannot be read, such as after its person was erased, is null.</param>
    private static KnownForm Of(string id, int count, DateTime lastAt, List<SubmissionRequest?> newest)
    {
        var last = newest is [var first, ..] ? first : null;
        var fields = last?.Fields?.Keys.ToList() ?? [];
        var before = newest.Skip(1).Select(one => one?.Fields).OfType<IReadOnlyDictionary<string, FieldValue>>().ToList();
        var lists = (last?.Subscribe ?? []).ToList();
        var missing = lists
            .SelectMany(one => (one.Properties?.Values ?? []).Append(one.Email).Append(one.Name))
            .OfType<string>()
            .Distinct()
            .Except(fields)
            .Where(IsGone)
            .ToList();
        var fresh = fields.FindAll(field => missing.Exists(gone => IsInPlaceOf(field, gone)));
        return new(
            id,
            last?.Form?.Title,
            last?.Form?.Url,
            lastAt,
            count,
            fields,
            lists.ConvertAll(one => new FormOfList(one.List, one.Email)),
            fields.Count == 0 ? [] : missing,
            fresh
        );

        // A browser does not send a box that nobody ticked: what came lately, and has no new name, will come again.
        bool IsGone(string field) => !before.Exists(one => one.ContainsKey(field)) || fields.Exists(other => IsInPlaceOf(other, field));

        bool IsInPlaceOf(string field, string gone) =>
            before.FindIndex(one => one.ContainsKey(gone)) is var at and >= 0 && !before.Skip(at).Any(one => one.ContainsKey(field));
    }
}
