using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>GET /v1/hooks, GET /v1/hooks/{id} — the hooks a site has.</summary>
internal static class ReadHooks
{
    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/", HandleAsync).WithName(nameof(ReadHooks)).WithSummary("The site's hooks");
        group.MapGet("/{id}", HandleOne).TellsVersion().WithName("ReadHook").WithSummary("One of the site's hooks");
    }

    public static string UrlOf(Hook hook) => $"/v1/hooks/{PublicId.Format(PublicId.Hook, hook.Id)}";

    private static Results<Ok<HookResponse>, ProblemHttpResult> HandleOne(string id, HookOfSite of, HttpContext http)
    {
        if (of.Hook is not { } hook)
        {
            return Problems.NotFound("hook");
        }

        http.TellVersion(hook.Changeable());
        return TypedResults.Ok(HookResponse.Of(hook));
    }

    private static async Task<Results<Ok<Page<HookResponse>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] PageQuery page,
        CallingSite site,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Hook).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var (limit, after) = start;

        var hooks = await db
            .Hooks.AsNoTracking()
            .Where(hook => hook.SiteId == site.Id && hook.EndedAt == null && (after == null || hook.Id > after))
            .OrderBy(hook => hook.Id)
            .Take(limit + 1)
            .ToListAsync(ct);
        return TypedResults.Ok(Page<HookResponse>.Of([.. hooks.Select(HookResponse.Of)], limit, hook => hook.Id));
    }
}
