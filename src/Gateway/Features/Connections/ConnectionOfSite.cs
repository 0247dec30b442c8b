using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Connections;

/// <summary>The connection of a path, <c>/v1/connections/{id}</c>, if it is the calling site's own.</summary>
internal sealed record ConnectionOfSite(Connection? Row) : IVersioned
{
    public object? Stored => Row?.Changeable();

    public static async ValueTask<ConnectionOfSite?> BindAsync(HttpContext http)
    {
        var site = await CallingSite.BindAsync(http);
        var id = PublicId.Parse(PublicId.Connection, http.GetRouteValue("id") as string);
        var row = await http.RequestServices.GetRequiredService<ConnectionStore>().FindAsync(id, http.RequestAborted);
        return new(row is not null && row.SiteId == site?.Id ? row : null);
    }
}
