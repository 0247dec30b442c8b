using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Templates.Segments;

/// <summary>The segment of a path, <c>/v1/segments/{id}</c>, if it is the caller's.</summary>
internal sealed record SegmentOfSite(Segment? Segment, string Caller) : IVersioned
{
    public object? Stored => Segment?.Changeable();

    public static async ValueTask<SegmentOfSite?> BindAsync(HttpContext http)
    {
        var site = await CallingSite.BindAsync(http);
        var id = PublicId.Parse(PublicId.Segment, http.GetRouteValue("id") as string);
        var segment = site is null
            ? null
            : await http.RequestServices.GetRequiredService<SegmentStore>().FindAsync(site.Id, id, http.RequestAborted);
        return new(segment, http.User.FindFirst(CallerClaims.Caller)?.Value ?? "");
    }
}
