using Gateway.Features.Sites;
using Gateway.Features.Templates.Api;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Templates.Segments;

/// <summary>GET /v1/templates/{id}/sections — which segments see which sections of a version.</summary>
internal static class ReadSections
{
    /// <param name="Segments">Those that the version names.</param>
    public sealed record Response(
        string Language,
        int Version,
        IReadOnlyList<NamedSegment> Segments,
        IReadOnlyList<SectionSeen> Sections
    );

    public sealed record NamedSegment(string Key, string Name);

    /// <param name="Part"><c>subject</c>, <c>preheader</c>, <c>html</c> or <c>text</c>.</param>
    /// <param name="Segment">The segment it is for; null when it is for everybody.</param>
    /// <param name="Inside">The name of the section around it.</param>
    /// <param name="SeenBy">By each segment, and last by whoever belongs to none of them.</param>
    public sealed record SectionSeen(string Part, string Name, string? Segment, string? Inside, IReadOnlyList<SeenResponse> SeenBy);

    /// <param name="Segment">Null stands for whoever belongs to none of the segments.</param>
    /// <param name="Seen"><c>always</c>, <c>never</c>, or <c>depends</c> on what else is true of them.</param>
    public sealed record SeenResponse(string? Segment, string Seen);

    public static void Map(IEndpointRouteBuilder template) =>
        template
            .MapGet("/sections", HandleAsync)
            .WithName(nameof(ReadSections))
            .WithSummary("Which segments see which sections of a template, by their conditions alone");

    /// <param name="language">The site's when left out.</param>
    /// <param name="version"><c>draft</c> (the default; what is published where there is none), <c>published</c>, or a number.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        [FromQuery] string? language,
        [FromQuery] string? version,
        CallingSite site,
        TemplateOfSite of,
        TemplateDrafts drafts,
        SectionMatrix matrix,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        if (
            await PreviewTemplate.VersionAsync(drafts, template.Id, language ?? site.Site.Language, version, ct) is not { } found
            || (await CompiledTemplate.OfAsync(found.Source, site.Id, ct)).Template is not { } compiled
        )
        {
            return Problems.NotFound("version");
        }

        var (segments, rows) = await matrix.OfAsync(site.Site, template.Kind, compiled, ct);
        return TypedResults.Ok(
            new Response(
                found.Language,
                found.Number,
                [.. segments.Select(segment => new NamedSegment(segment.Key, segment.Name))],
                [
                    .. rows.Select(row => new SectionSeen(
                        row.Part,
                        row.Section.Name,
                        row.Section.Segment,
                        row.Section.Parent?.Name,
                        [.. row.SeenBy.Select(one => new SeenResponse(one.Segment, CaseConverter.Lower(one.Seen.ToString())))]
                    )),
                ]
            )
        );
    }
}
