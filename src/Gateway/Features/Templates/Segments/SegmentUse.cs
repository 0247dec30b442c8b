using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// Finds which templates name a segment, in a draft or in what is published. What was published before may be brought back, and is looked
/// at again then.
/// </summary>
internal sealed class SegmentUse(GatewayDb db)
{
    /// <returns>In the order of their names.</returns>
    public async Task<IReadOnlyList<Template>> OfAsync(Guid siteId, string key, CancellationToken ct)
    {
        // Only those that hold the word at all are parsed.
        var candidates = await (
            from template in db.Templates.AsNoTracking()
            where template.SiteId == siteId
            join version in db.TemplateVersions.AsNoTracking() on template.Id equals version.TemplateId
            where
                version.State != VersionState.Archived
                && (
                    version.Subject.Contains(key)
                    || version.Preheader.Contains(key)
                    || version.Html.Contains(key)
                    || version.Text.Contains(key)
                )
            select new { template, version }
        ).ToListAsync(ct);
        var naming = new List<Template>();
        foreach (var one in candidates)
        {
            if ((await CompiledTemplate.OfAsync(one.version.Source, siteId, ct)).Template?.Segments.Contains(key) == true)
            {
                naming.Add(one.template);
            }
        }

        return [.. naming.DistinctBy(template => template.Id).OrderBy(template => template.Name, StringComparer.Ordinal)];
    }
}
