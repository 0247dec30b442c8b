using System.Security.Claims;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sites;

/// <summary>The site a request speaks for. It comes from the credential, never from the body.</summary>
internal sealed record CallingSite(Site Site)
{
    public Guid Id => Site.Id;

    /// <summary>Lets handlers take the calling site as a parameter.</summary>
    public static async ValueTask<CallingSite?> BindAsync(HttpContext http)
    {
        var id = PublicId.Parse(PublicId.Site, http.User.FindFirstValue(CallerClaims.Site));
        var known = id is null
            ? null
            : await http.RequestServices.GetRequiredService<SiteCache>().FindAsync(id.Value, http.RequestAborted);
        return known is null
            ? throw new BadHttpRequestException("The site of this credential no longer exists.", StatusCodes.Status403Forbidden)
            : new(known.Site);
    }
}
