using Gateway.Console.Layout;
using Gateway.Infrastructure;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>
/// What an endpoint says that does something dangerous: whoever asks has proved a short while ago who they are. A session lasts for weeks,
/// and whoever sits down at an open browser could else erase people, take all addresses along, or make a way in for later.
/// </summary>
/// <param name="Page">
/// The page that it is asked from, as a link from its own path would say it; null for itself where it is looked at, else for the nearest
/// page above it.
/// </param>
internal sealed record RecentSignIn(string? Page);

/// <summary>How routes say that they are dangerous.</summary>
internal static class RecentSignIns
{
    /// <inheritdoc cref="RecentSignIn"/>
    public static T NeedsRecentSignIn<T>(this T routes, string? page = null)
        where T : IEndpointConventionBuilder =>
        routes
            .WithMetadata(new RecentSignIn(page))
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    var again = http.RequestServices.GetRequiredService<SignInAgain>();
                    return again.IsRecent(AdminUser.ProvedAtOf(http.User)) ? await next(context) : await again.AskAsync(http);
                }
            );
}

/// <summary>Asks somebody who is signed in to prove anew who they are, in any of the ways that are theirs, and leads them back.</summary>
internal sealed class SignInAgain(
    AdminPasskeys passkeys,
    ReturnPath back,
    IOptions<GatewayOptions> gateway,
    IOptions<AdminOptions> admin,
    EndpointDataSource endpoints,
    TimeProvider clock
)
{
    public bool IsRecent(DateTimeOffset? provedAt) => provedAt is { } at && clock.GetUtcNow() - at < admin.Value.SignInAgainAfter;

    public async Task<RazorComponentResult> AskAsync(HttpContext http)
    {
        var user = AdminUser.Of(http.User)!;
        var page = ReturnPath.Local(PageOf(http));
        back.Keep(http, page);
        return new RazorComponentResult<SignInAgainPage>(
            new
            {
                Back = page,
                Minutes = (int)Math.Ceiling(admin.Value.SignInAgainAfter.TotalMinutes),
                HasPasskey = user.PersonId is { } person
                    && AdminPasskeys.ArePossible(gateway.Value)
                    && (await passkeys.ListAsync(person, http.RequestAborted)).Count > 0,
                Address = user.PersonId is null ? null : user.Name,
                Issuer = user.Subject is null ? null : $"/admin/sign-in/oidc?again=1&to={Uri.EscapeDataString(page)}",
            }
        )
        {
            StatusCode = StatusCodes.Status403Forbidden,
        };
    }

    /// <summary>The page that a request came from, as far as its own path tells. (Browsers do not say it to us.)</summary>
    internal string PageOf(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        if (http.GetEndpoint()?.Metadata.GetMetadata<RecentSignIn>()?.Page is { } from)
        {
            return new Uri(new Uri(gateway.Value.PublicBase + path), from).AbsolutePath;
        }

        if (AdminPages.Look.Contains(http.Request.Method))
        {
            return path + http.Request.QueryString;
        }

        var pages = endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(one => one.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal))
            .Where(one => one.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(HttpMethods.Get))
            .Select(one => new TemplateMatcher(TemplateParser.Parse(one.RoutePattern.RawText!), []))
            .ToList();
        while (path.Length > 0 && !pages.Exists(one => one.TryMatch(path, [])))
        {
            path = path[..path.LastIndexOf('/')];
        }

        return path;
    }
}
