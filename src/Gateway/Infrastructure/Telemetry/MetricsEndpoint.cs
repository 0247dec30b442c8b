using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Settings;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Telemetry;

/// <summary>GET /metrics — for Prometheus, on a port of its own or with a token.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    /// <summary>
    /// Opens the metrics' port beside the addresses that are configured. It must stand where they stand, or one would replace the other.
    /// </summary>
    public static void ListenForMetrics(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (configuration.GetSection(MetricsOptions.Section).Get<MetricsOptions>()?.Url is not { } url)
        {
            return;
        }

        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            configuration["Kestrel:Endpoints:Metrics:Url"] = url;
        }
        else
        {
            builder.WebHost.UseUrls([.. ListenAddresses.Of(configuration).Urls]);
        }
    }

    /// <summary>The metrics' port may be open to a network that has no business with the rest.</summary>
    public static void UseMetricsPort(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                if (
                    !IsMetricsPort(http, Options(http))
                    || http.Request.Path.StartsWithSegments(Path)
                    || http.Request.Path.StartsWithSegments("/health")
                )
                {
                    return next(http);
                }

                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        );

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint(Path, meterProvider: null, branch => branch.Use(GuardAsync), optionsName: null)
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
            .AllowAnonymous();

    private static Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var options = Options(http);
        var isHere = options.IsPublished
            ? options.Port is null || IsMetricsPort(http, options)
            : http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        if (isHere && Fits(http, options.Token))
        {
            return next(http);
        }

        if (isHere)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        http.Response.StatusCode = isHere ? StatusCodes.Status401Unauthorized : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>The port of the connection: the Host header says what the caller likes.</summary>
    private static bool IsMetricsPort(HttpContext http, MetricsOptions options) =>
        options.Port is { } port && http.Connection.LocalPort == port;

    /// <summary>Hashes are compared, so that neither the time nor the length tells anything.</summary>
    private static bool Fits(HttpContext http, string? token) =>
        token is not { Length: > 0 }
        || Secrets.Same(Secrets.Hash(http.Request.Headers.Authorization.ToString()), Secrets.Hash("Bearer " + token));

    private static MetricsOptions Options(HttpContext http) => http.RequestServices.GetRequiredService<IOptions<MetricsOptions>>().Value;
}
