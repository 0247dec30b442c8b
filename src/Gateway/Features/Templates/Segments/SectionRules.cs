using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Segments;

/// <summary>What the sections of a template may name.</summary>
internal static class SectionRules
{
    public static Task<List<string>> SegmentKeysAsync(this GatewayDb db, Guid siteId, CancellationToken ct) =>
        db.Segments.AsNoTracking().Where(segment => segment.SiteId == siteId).Select(segment => segment.Key).ToListAsync(ct);

    /// <param name="segments">The keys of the site's.</param>
    public static IReadOnlyList<TemplateError> Errors(
        TemplateKind kind,
        TemplateSource source,
        CompiledTemplate template,
        IReadOnlyCollection<string> segments
    ) =>
        [
            .. template
                .Sections.Select(one => (one.Part, one.Section, Message: ErrorOf(kind, one.Section, segments)))
                .Where(one => one.Message is not null)
                .Select(one => TemplateError.At(one.Part, source.Of(one.Part), one.Section.SegmentOffset, one.Message!)),
        ];

    private static string? ErrorOf(TemplateKind kind, TemplateSection section, IReadOnlyCollection<string> segments)
    {
        if (section.Segment is not { } segment)
        {
            return null;
        }

        if (kind == TemplateKind.Confirmation)
        {
            return T("A confirmation mail knows nothing about its reader, so its sections are for everybody: leave the segment out.");
        }

        var near = Nearest.To(segment, segments);
        return segments.Contains(segment) ? null
            : near is null ? T($"The site has no segment \"{segment}\".")
            : T($"The site has no segment \"{segment}\". Is {near} meant?");
    }
}
