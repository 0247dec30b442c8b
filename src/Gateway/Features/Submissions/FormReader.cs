using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
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
/// <param name="Missing">Fields that it names and that did not come: they were renamed, or are not part of the form any more.</param>
internal sealed record KnownForm(
    string Id,
    string? Title,
    string? Url,
    DateTime LastAt,
    int Count,
    IReadOnlyList<string> Fields,
    IReadOnlyList<FormOfList> Lists,
    IReadOnlyList<string> Missing
);

/// <summary>Finds a site's forms by what they sent: nobody has to name them here.</summary>
internal sealed class FormReader(GatewayDb db, TimeProvider clock)
{
    public const int Days = 90;

    /// <summary>More than a site has.</summary>
    private const int Most = 100;

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
            var body = await db
                .Submissions.Where(row => row.SiteId == siteId && row.ReceivedAt == form.LastAt && row.FormId == form.Id)
                .Select(row => row.Body)
                .FirstOrDefaultAsync(ct);
            forms.Add(Of(form.Id, form.Count, form.LastAt, body is null ? null : Read(body)));
        }

        return forms;
    }

    private static KnownForm Of(string id, int count, DateTime lastAt, SubmissionRequest? last)
    {
        var fields = last?.Fields?.Keys.ToList() ?? [];
        var lists = (last?.Subscribe ?? []).ToList();
        var named = lists
            .SelectMany(one => (one.Properties?.Values ?? []).Append(one.Email).Append(one.Name))
            .OfType<string>()
            .Distinct();
        return new(
            id,
            last?.Form?.Title,
            last?.Form?.Url,
            lastAt,
            count,
            fields,
            lists.ConvertAll(one => new FormOfList(one.List, one.Email)),
            fields.Count == 0 ? [] : [.. named.Except(fields)]
        );
    }

    /// <returns>Null when it cannot be read, such as after its person was erased.</returns>
    private static SubmissionRequest? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<SubmissionRequest>(body, ApiJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
