using Gateway.Infrastructure.Http;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// What every page tells the browser: run no script, load nothing foreign but the logo, keep nothing, pass the address with its token to
/// nobody.
/// </summary>
internal static class PageHeaders
{
    public static ValueTask<object?> AddAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        PageSafety.Set(
            http.Response.Headers,
            $"default-src 'none'; style-src 'self' 'nonce-{PageContext.Of(http).Nonce}'; img-src 'self' https: data:; form-action 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'"
        );
        return next(context);
    }
}
