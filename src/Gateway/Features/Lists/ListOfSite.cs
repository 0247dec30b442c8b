using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Lists;

/// <summary>The list of a path, <c>/v1/lists/{list}</c>, if it is the calling site's.</summary>
internal sealed record ListOfSite(ContactList? List) : IVersioned
{
    public object? Stored => List?.Changeable();

    public static async ValueTask<ListOfSite?> BindAsync(HttpContext http)
    {
        var site = await CallingSite.BindAsync(http);
        var lists = http.RequestServices.GetRequiredService<ListStore>();
        return new(site is null ? null : await lists.FindAsync(site.Id, http.GetRouteValue("list") as string, http.RequestAborted));
    }
}
