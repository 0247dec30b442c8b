using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>PUT and DELETE /v1/templates/{id} — another name; or gone, unless something uses it.</summary>
internal static class ChangeTemplate
{
    public sealed record Request(string? Name);

    public static void Map(IEndpointRouteBuilder template)
    {
        template
            .MapPut("/", RenameAsync)
            .ComparesVersion()
            .TellsVersion()
            .WithName("RenameTemplate")
            .WithSummary("Give a template another name")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        template
            .MapDelete("/", DeleteAsync)
            .ComparesVersion()
            .WithName("DeleteTemplate")
            .WithSummary("Delete a template with its history")
            .Answers(StatusCodes.Status409Conflict, "`in_use`: a list names it, or mails that wait are made of it.");
    }

    private static async Task<Results<Ok<ReadTemplate.Response>, ProblemHttpResult>> RenameAsync(
        Request request,
        TemplateOfSite of,
        TemplateStore store,
        GatewayDb db,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Template is null)
        {
            return TemplateProblems.NoTemplate();
        }

        var outcome = await store.RenameAsync(of.Template, request.Name ?? "", ct, http.ComparesVersion() ? of.Template.Name : null);
        if (outcome is not TemplateOutcome.Done { Template: var template })
        {
            return TemplateProblems.Of(outcome);
        }

        http.TellVersion(template.Changeable());
        return TypedResults.Ok(await ReadTemplate.ResponseAsync(template, db, store, ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        TemplateOfSite of,
        TemplateStore store,
        CancellationToken ct
    )
    {
        if (of.Template is null)
        {
            return TemplateProblems.NoTemplate();
        }

        if (await store.DeleteAsync(of.Template, of.Caller, ct) is var outcome && outcome is not TemplateOutcome.Done)
        {
            return TemplateProblems.Of(outcome);
        }

        return TypedResults.NoContent();
    }
}
