using Gateway.Features.Templates.Api;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Findings;

/// <summary>
/// PUT and DELETE /v1/templates/{id}/mutes/{findingId} — a finding is no matter for this template, and why; or it is again.
/// </summary>
internal static class MuteFinding
{
    /// <param name="Note">Why, in 1 to 200 characters.</param>
    public sealed record Request(string? Note);

    public static void Map(IEndpointRouteBuilder template)
    {
        // The rest of the path, since a word may have a slash in it.
        template
            .MapPut("/mutes/{**findingId}", MuteAsync)
            .WithName(nameof(MuteFinding))
            .WithSummary("Mute a finding for this template, with the reason")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        template.MapDelete("/mutes/{**findingId}", UnmuteAsync).WithName("UnmuteFinding").WithSummary("Hear of a finding again");
    }

    private static async Task<Results<Ok<MuteResponse>, ProblemHttpResult>> MuteAsync(
        string findingId,
        Request request,
        TemplateOfSite of,
        TemplateMutes mutes,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        var muted = await mutes.MuteAsync(template, IdOf(findingId), request.Note ?? "", of.Caller, ct);
        return muted.IsRefused(out var why, out var mute) ? Problems.Of(why) : TypedResults.Ok(MuteResponse.Of(mute));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnmuteAsync(
        string findingId,
        TemplateOfSite of,
        TemplateMutes mutes,
        CancellationToken ct
    ) =>
        of.Template is null ? TemplateProblems.NoTemplate()
        : await mutes.UnmuteAsync(of.Template.Id, IdOf(findingId), ct) ? TypedResults.NoContent()
        : Problems.NotFound("muted finding");

    /// <summary>Routing decodes everything but the slash.</summary>
    private static string IdOf(string findingId) => findingId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
