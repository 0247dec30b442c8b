using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates.Api;

/// <summary>The template of a path, <c>/v1/templates/{id}</c>, if it is the caller's; and who calls, for the history.</summary>
/// <param name="MayReadContacts">Whether the caller may see people's properties, which a preview with somebody's values shows.</param>
internal sealed record TemplateOfSite(Template? Template, string Caller, bool MayReadContacts) : IVersioned
{
    public object? Stored => Template?.Changeable();

    public static async ValueTask<TemplateOfSite?> BindAsync(HttpContext http)
    {
        var site = await CallingSite.BindAsync(http);
        var id = PublicId.Parse(PublicId.Template, http.GetRouteValue("id") as string);
        var template = site is null
            ? null
            : await http.RequestServices.GetRequiredService<TemplateStore>().FindAsync(site.Id, id, http.RequestAborted);
        return new(
            template,
            http.User.FindFirst(CallerClaims.Caller)?.Value ?? "",
            Authentication.HasScope(http.User, Scopes.Contacts) || Authentication.HasScope(http.User, Scopes.Read)
        );
    }
}
