using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Webhooks;

/// <summary>DELETE /v1/hooks/{id} — be told no more; what waits for the hook is dropped.</summary>
internal static class DeleteHook
{
    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapDelete("/{id}", HandleAsync)
            .ComparesVersion()
            .WithName(nameof(DeleteHook))
            .WithSummary("End a hook; to end it again changes nothing");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        string id,
        HookOfSite of,
        CallingSite site,
        HookStore hooks,
        CancellationToken ct
    ) =>
        (of.Hook?.Id ?? PublicId.Parse(PublicId.Hook, id)) is { } hookId && await hooks.EndAsync(site.Id, hookId, ct)
            ? TypedResults.NoContent()
            : Problems.NotFound("hook");
}
