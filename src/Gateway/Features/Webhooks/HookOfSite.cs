using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Webhooks;

/// <summary>The hook of a path, <c>/v1/hooks/{id}</c>, if it is the caller's and has not ended.</summary>
internal sealed record HookOfSite(Hook? Hook) : IVersioned
{
    public object? Stored => Hook?.Changeable();

    public static async ValueTask<HookOfSite?> BindAsync(HttpContext http)
    {
        var site = await CallingSite.BindAsync(http);
        var id = PublicId.Parse(PublicId.Hook, http.GetRouteValue("id") as string);
        return new(
            site is null ? null : await http.RequestServices.GetRequiredService<HookStore>().FindAsync(site.Id, id, http.RequestAborted)
        );
    }
}
