using Gateway.Features.Templates;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Data;

namespace Gateway.Console.Templates;

/// <summary>Who sees which section of a template. Public, like the components, because Razor makes them so.</summary>
/// <param name="Segments">The names of those that the template names.</param>
public sealed record ShownSections(IReadOnlyList<string> Segments, IReadOnlyList<SectionLine> Lines)
{
    internal static ShownSections Of(
        IReadOnlyList<KnownSegment> segments,
        IReadOnlyList<SectionRow> rows,
        IReadOnlyList<ShownSection> shown
    ) =>
        new(
            [.. segments.Select(segment => segment.Name)],
            [
                .. rows.Select(row => new SectionLine(
                    row.Section.Name,
                    row.Part,
                    row.Section.Segment is { } key ? segments.First(segment => segment.Key == key).Name : null,
                    row.Section.Parent?.Name,
                    shown.Any(one => one.IsShown && one.Part == row.Part && one.Section.Name == row.Section.Name),
                    [.. row.SeenBy.Select(one => CaseConverter.Lower(one.Seen.ToString()))]
                )),
            ]
        );
}

/// <param name="Segment">The name of the segment it is for; null when it is for everybody.</param>
/// <param name="Inside">The section around it.</param>
/// <param name="IsShown">Whether the preview shows it.</param>
/// <param name="SeenBy"><c>always</c>, <c>depends</c> or <c>never</c>: by each of the segments, and last by whoever belongs to none of
/// them.</param>
public sealed record SectionLine(string Name, string Part, string? Segment, string? Inside, bool IsShown, IReadOnlyList<string> SeenBy);
