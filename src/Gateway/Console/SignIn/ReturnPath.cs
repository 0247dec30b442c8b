using Gateway.Infrastructure;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>
/// Where somebody wanted to go before they were asked to sign in. A link that signs in comes by another way and does not know it, so the
/// browser keeps it for a while; it is read as if anybody had written it.
/// </summary>
internal sealed class ReturnPath(IOptions<GatewayOptions> options)
{
    private const string Name = "gateway-return";
    private const int MaxLength = 2000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>A page of ours, never an address that somebody put into a link.</summary>
    public static string Local(string? to) =>
        to is not null
        && to.All(letter => letter is >= '!' and <= '~')
        && (
            to == "/admin"
            || to.StartsWith("/admin/", StringComparison.Ordinal)
            || to == "/hangfire"
            || to.StartsWith("/hangfire/", StringComparison.Ordinal)
        )
        && !to.StartsWith("/admin/sign-in", StringComparison.Ordinal)
            ? to
            : "/admin";

    public void Keep(HttpContext http, string path)
    {
        if (path == "/admin" || path.Length > MaxLength)
        {
            // Where somebody wanted to go before is not where they want to go now.
            http.Response.Cookies.Delete(Name, Cookie(lifetime: null));
            return;
        }

        http.Response.Cookies.Append(Name, path, Cookie(Lifetime));
    }

    /// <returns>Null where nothing is kept.</returns>
    public string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } path)
        {
            return null;
        }

        http.Response.Cookies.Delete(Name, Cookie(lifetime: null));
        return Local(path);
    }

    private CookieOptions Cookie(TimeSpan? lifetime) =>
        new()
        {
            Path = "/admin/sign-in",
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = AdminAuthentication.IsSecure(options.Value),
            MaxAge = lifetime,
        };
}
