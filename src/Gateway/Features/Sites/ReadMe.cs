using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Sites;

/// <summary>GET /v1/me — who the access token speaks for.</summary>
internal static class ReadMe
{
    public sealed record Response(SiteResponse Site, IReadOnlyList<string> Scopes);

    public sealed record SiteResponse(string Id, string Name);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/me", Handle)
            .RequireAuthorization(Policies.Token)
            .WithTags("Callers")
            .WithName(nameof(ReadMe))
            .WithSummary("Who this access token speaks for");

    private static Ok<Response> Handle(CallingSite site, HttpContext http) =>
        TypedResults.Ok(
            new Response(
                new(PublicId.Format(PublicId.Site, site.Id), site.Site.Name),
                http.User.FindFirst(CallerClaims.Scope)?.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []
            )
        );
}
