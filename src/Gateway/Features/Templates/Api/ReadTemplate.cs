using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Api;

/// <summary>GET /v1/templates/{id} — a template with its history; the words of a version stand under /versions.</summary>
internal static class ReadTemplate
{
    /// <param name="Lists">The lists whose mails name it.</param>
    /// <param name="Versions">Newest first, within each language; of a long history the last 200.</param>
    public sealed record Response(
        string Id,
        string Key,
        string Kind,
        string Name,
        DateTime CreatedAt,
        IReadOnlyList<string> Lists,
        IReadOnlyList<VersionResponse> Versions,
        IReadOnlyList<SampleResponse> Samples
    );

    private const int Max = 200;

    public static void Map(IEndpointRouteBuilder template)
    {
        template
            .MapGet("/", HandleAsync)
            .TellsVersion()
            .WithName(nameof(ReadTemplate))
            .WithSummary("A template with its history and samples");
        template
            .MapGet("/versions/{language}/{version}", ReadVersionAsync)
            .TellsVersion()
            .WithName("ReadTemplateVersion")
            .WithSummary("The words of a version: its number, draft, or published");
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        TemplateOfSite of,
        GatewayDb db,
        TemplateStore store,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        http.TellVersion(template.Changeable());
        return TypedResults.Ok(await ResponseAsync(template, db, store, ct));
    }

    public static async Task<Response> ResponseAsync(Template template, GatewayDb db, TemplateStore store, CancellationToken ct)
    {
        var versions = await db
            .TemplateVersions.AsNoTracking()
            .Where(version => version.TemplateId == template.Id)
            .OrderBy(version => version.Language)
            .ThenByDescending(version => version.Number)
            .Take(Max)
            .Select(version => new VersionResponse(
                version.Language,
                version.Number,
                CaseConverter.Lower(version.State.ToString()),
                version.Author,
                version.CreatedAt,
                version.UpdatedAt,
                version.PublishedAt
            ))
            .ToListAsync(ct);
        var samples = await db
            .TemplateSamples.AsNoTracking()
            .Where(sample => sample.TemplateId == template.Id)
            .OrderBy(sample => sample.Name)
            .ToListAsync(ct);
        return new(
            PublicId.Format(PublicId.Template, template.Id),
            template.Key,
            CaseConverter.Lower(template.Kind.ToString()),
            template.Name,
            template.CreatedAt,
            [.. (await store.UsersAsync(template, ct)).Select(list => PublicId.Format(PublicId.List, list))],
            versions,
            samples.ConvertAll(SampleResponse.Of)
        );
    }

    private static async Task<Results<Ok<VersionDetails>, ProblemHttpResult>> ReadVersionAsync(
        string language,
        string version,
        TemplateOfSite of,
        TemplateDrafts drafts,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Template is null)
        {
            return TemplateProblems.NoTemplate();
        }

        if (await VersionNames.FindAsync(drafts, of.Template.Id, Languages.Pick(language, language), version, ct) is not { } found)
        {
            return Problems.NotFound("version");
        }

        http.TellVersion(found.Changeable());
        return TypedResults.Ok(VersionDetails.Of(found));
    }
}

/// <summary>How a version is named in the API: by its number, as <c>draft</c>, or as <c>published</c>.</summary>
internal static class VersionNames
{
    public const string Draft = "draft";
    public const string Published = "published";

    public static Task<TemplateVersion?> FindAsync(
        TemplateDrafts drafts,
        Guid templateId,
        string language,
        string name,
        CancellationToken ct
    ) =>
        name switch
        {
            Draft => drafts.FindAsync(templateId, language, VersionState.Draft, ct),
            Published => drafts.FindAsync(templateId, language, VersionState.Published, ct),
            _ when int.TryParse(
                    name,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var number
                ) => drafts.FindAsync(templateId, language, number, ct),
            _ => Task.FromResult<TemplateVersion?>(null),
        };
}
