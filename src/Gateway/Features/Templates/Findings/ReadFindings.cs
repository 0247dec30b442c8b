using Gateway.Features.Sites;
using Gateway.Features.Templates.Api;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Templates.Findings;

/// <summary>GET /v1/templates/{id}/findings — what readers, filters and the law may mind about a version, and what was muted.</summary>
internal static class ReadFindings
{
    public sealed record Response(string Language, int Version, IReadOnlyList<TemplateFindingResponse> Findings);

    public static void Map(IEndpointRouteBuilder template) =>
        template
            .MapGet("/findings", HandleAsync)
            .WithName(nameof(ReadFindings))
            .WithSummary("Findings about a version of a template, each with its note when it is muted");

    /// <param name="language">The site's when left out.</param>
    /// <param name="version"><c>draft</c> (the default; what is published where there is none), <c>published</c>, or a number.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        [FromQuery] string? language,
        [FromQuery] string? version,
        CallingSite site,
        TemplateOfSite of,
        TemplateDrafts drafts,
        TemplateFindings findings,
        CancellationToken ct
    ) =>
        of.Template is not { } template ? TemplateProblems.NoTemplate()
        : await PreviewTemplate.VersionAsync(drafts, template.Id, Languages.Pick(language, language ?? site.Site.Language), version, ct)
            is not { } found
            ? Problems.NotFound("version")
        : TypedResults.Ok(
            new Response(found.Language, found.Number, TemplateFindingResponse.Of(await findings.OfAsync(template, found, ct)))
        );
}
