using Scalar.AspNetCore;

namespace Gateway.ApiDescription;

/// <summary>GET /docs — the API description to read and to try. Its script comes with the package: the page asks no other host.</summary>
internal static class DocsPage
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapScalarApiReference(
                "/docs",
                options =>
                {
                    options.Title = "Gateway API";
                    options.OpenApiRoutePattern = "/openapi/{documentName}.json";
                    options.DynamicNonce = true;

                    // Each of these would ask a host of the page's maker.
                    options.DefaultFonts = false;
                    options.Telemetry = false;
                    options.HideClientButton = true;
                    options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
                    options.Agent = new ScalarAgentOptions { Disabled = true };
                    options.Mcp = new ScalarMcpOptions { Disabled = true };
                }
            )
            .AllowAnonymous()
            .AddEndpointFilter(
                (context, next) =>
                {
                    context.HttpContext.Response.OnStarting(() => ProtectAsync(context.HttpContext));
                    return next(context);
                }
            );

    /// <summary>The page's script is let in by its nonce; it writes styles of its own.</summary>
    private static Task ProtectAsync(HttpContext http)
    {
        var nonce = http.Items[ScalarOptions.NonceHttpContextItemKey];
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri "
            + "'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }
}
