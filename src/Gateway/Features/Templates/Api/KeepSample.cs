using System.Text.Json;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>PUT and DELETE /v1/templates/{id}/samples/{name} — values to look at a template with.</summary>
internal static class KeepSample
{
    public static void Map(IEndpointRouteBuilder template)
    {
        template
            .MapPut("/samples/{name}", SaveAsync)
            .WithName(nameof(KeepSample))
            .WithSummary("Keep values under a name: {\"vars\": {…}, \"contact\": {…}}")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        template.MapDelete("/samples/{name}", DeleteAsync).WithName("DeleteSample").WithSummary("Forget values");
    }

    private static async Task<Results<Ok<SampleResponse>, ProblemHttpResult>> SaveAsync(
        string name,
        JsonElement body,
        TemplateOfSite of,
        TemplateSamples samples,
        CancellationToken ct
    )
    {
        if (of.Template is null)
        {
            return TemplateProblems.NoTemplate();
        }

        if (GivenJson.Read(body, "values", "The body").IsRefused(out var unfit, out var values))
        {
            return Problems.Of(unfit);
        }

        var saved = await samples.SaveAsync(of.Template.Id, name, values, ct);
        return saved.IsRefused(out var why, out var sample) ? Problems.Of(why) : TypedResults.Ok(SampleResponse.Of(sample));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string name,
        TemplateOfSite of,
        TemplateSamples samples,
        CancellationToken ct
    ) =>
        of.Template is null ? TemplateProblems.NoTemplate()
        : await samples.DeleteAsync(of.Template.Id, name, ct) ? TypedResults.NoContent()
        : Problems.NotFound("sample");
}
