using System.Net;
using FluentValidation;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Http;

internal static class HttpSetup
{
    public static IServiceCollection AddGatewayHttp(this IServiceCollection services)
    {
        // Errors speak of fields as the sender writes them.
        ValidatorOptions.Global.PropertyNameResolver = (_, member, _) =>
            member is null ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name);
        ValidatorOptions.Global.LanguageManager.Enabled = false;

        services.AddExceptionHandler<ExceptionAnswers>();

        // It stands before the framework's own, which would stay silent towards whoever accepts HTML alone.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();

        // An unreadable body is thrown in every environment, so that ExceptionAnswers can say where.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddGatewayRateLimits();
        services.AddSingleton<BodyRoom>();
        services.Configure<KestrelServerOptions>(server =>
        {
            server.AddServerHeader = false;

            // Of one connection, before anybody reads it.
            server.Limits.MaxRequestBufferSize = 128 * 1024;
            server.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 512, gracePeriod: TimeSpan.FromSeconds(5));
        });
        services
            .AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<GatewayOptions>>(
                (forwarded, gateway) =>
                {
                    // Empty lists would mean to the framework that everybody is trusted.
                    var proxies = gateway.Value.TrustedProxyList().ToList();
                    forwarded.ForwardedHeaders =
                        proxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    foreach (var proxy in proxies)
                    {
                        forwarded.KnownIPNetworks.Add(
                            System.Net.IPNetwork.TryParse(proxy, out var network) ? network : SingleAddress(IPAddress.Parse(proxy))
                        );
                    }
                }
            );
        return services;
    }

    /// <summary>
    /// What the API answers is a site's own, and nobody between is to keep it; an answer that may be kept says so itself.
    /// </summary>
    public static void UseUncachedApi(this IApplicationBuilder app) =>
        app.Use(
            (http, next) =>
            {
                if (http.Request.Path.StartsWithSegments("/v1"))
                {
                    http.Response.OnStarting(() =>
                    {
                        if (http.Response.Headers.CacheControl.Count == 0)
                        {
                            http.Response.Headers.CacheControl = "no-store";
                        }

                        return Task.CompletedTask;
                    });
                }

                return next(http);
            }
        );

    private static System.Net.IPNetwork SingleAddress(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
