using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Segments;

/// <param name="Condition">Of one that is gone, or that a later version of the gateway cannot read any more, <see cref="Nobody"/>.</param>
internal sealed record KnownSegment(string Key, string Name, SegmentCondition Condition)
{
    public static readonly SegmentCondition Nobody = new SegmentCondition.Any([]);
}

/// <summary>The segments of a site, ready to be asked, and the lists that they can name.</summary>
internal sealed record SiteSegments(IReadOnlyDictionary<string, KnownSegment> ByKey, IReadOnlyList<(Guid Id, string Name)> Lists)
{
    public static readonly SiteSegments None = new(new Dictionary<string, KnownSegment>(), []);

    public static async Task<SiteSegments> ReadAsync(GatewayDb db, Guid siteId, CancellationToken ct)
    {
        var rows = await db
            .Segments.AsNoTracking()
            .Where(segment => segment.SiteId == siteId)
            .OrderBy(segment => segment.Key)
            .Select(segment => new
            {
                segment.Key,
                segment.Name,
                segment.Condition,
            })
            .ToListAsync(ct);
        return rows.Count == 0
            ? None
            : new(
                rows.ToDictionary(
                    row => row.Key,
                    row => new KnownSegment(row.Key, row.Name, Conditions.Read(row.Condition).Condition ?? KnownSegment.Nobody),
                    StringComparer.Ordinal
                ),
                await ListsAsync(db, siteId, ct)
            );
    }

    public static async Task<IReadOnlyList<(Guid Id, string Name)>> ListsAsync(GatewayDb db, Guid siteId, CancellationToken ct) =>
        (await new ListStore(db).OfSiteAsync(siteId, ct)).ConvertAll(list => (list.Id, list.Name));

    public KnownSegment Named(string key) => ByKey.GetValueOrDefault(key) ?? new(key, key, KnownSegment.Nobody);

    public SegmentMoment At(DateTime now, TimeZoneInfo zone) => new(now, zone, Lists);
}
