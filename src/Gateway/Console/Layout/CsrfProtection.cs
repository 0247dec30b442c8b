using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Antiforgery;

namespace Gateway.Console.Layout;

/// <summary>What holds for every request to the admin pages.</summary>
internal static class CsrfProtection
{
    private const string Csp =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action "
        + "'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Protect(HttpContext http) => PageSafety.Set(http.Response.Headers, Csp);

    /// <summary>Whatever changes something must come from a form of ours. GET and HEAD change nothing and need no token.</summary>
    public static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        Protect(http);
        if (AdminPages.Look.Contains(http.Request.Method))
        {
            return await next(context);
        }

        var isOurs =
            (await PageForm.OfAsync(http)).IsRead
            && await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http);
        return isOurs ? await next(context) : AdminAnswers.Stale();
    }

    /// <summary>The site of the route exists; whether it may be seen, the policy has said before.</summary>
    public static async ValueTask<object?> FindSiteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        (await AdminPageContext.OfAsync(context.HttpContext)).Site is null ? AdminAnswers.NotFound() : await next(context);
}
