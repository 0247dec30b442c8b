using System.Diagnostics;
using System.Net;
using FluentValidation;
using Microsoft.AspNetCore.HttpOverrides;
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
        services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
            {
                var problem = context.ProblemDetails;
                problem.Extensions.TryAdd("code", Problems.CodeOf(problem.Status ?? StatusCodes.Status500InternalServerError));
                problem.Extensions["traceId"] = Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
            }
        );

        // An unreadable body is thrown in every environment, so that ExceptionAnswers can say where.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddGatewayRateLimits();
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

    private static System.Net.IPNetwork SingleAddress(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
