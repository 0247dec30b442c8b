using System.Diagnostics;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Infrastructure.Telemetry;

/// <summary>
/// OpenTelemetry: metrics for Prometheus always, and metrics and traces to a collector when the standard variable names one.
/// </summary>
internal static class TelemetrySetup
{
    /// <summary>What there is to tell.</summary>
    public static IServiceCollection AddGatewayMetrics(this IServiceCollection services) =>
        services
            .AddSingleton<GatewayMeter>()
            .AddScoped<TableSizes>()
            .AddScoped<QueueDepths>()
            .AddSingleton<QueueGauges>()
            .AddRestartedService<QueueGauges>();

    /// <summary>Whom it is told.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptions.Validator>();

        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService("gateway", serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3))
            )
            .WithMetrics(metrics =>
                metrics.AddMeter(GatewayMeter.Name, "System.Runtime").AddAspNetCoreInstrumentation().AddPrometheusExporter()
            );

        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter())
                .WithTracing(traces =>
                    traces
                        .AddAspNetCoreInstrumentation(options =>
                            options.Filter = http => !http.Request.Path.StartsWithSegments("/health")
                        )
                        .AddProcessor<RoutesOnly>()
                        .AddOtlpExporter()
                );
        }

        return services;
    }

    /// <summary>
    /// A span carries the route. Paths hold the tokens of links, queries what people typed, and the rest says who they are.
    /// </summary>
    private sealed class RoutesOnly : BaseProcessor<Activity>
    {
        private static readonly string[] Removed =
        [
            "url.path",
            "url.query",
            "url.full",
            "client.address",
            "network.peer.address",
            "user_agent.original",
        ];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Removed)
            {
                data.SetTag(tag, null);
            }
        }
    }
}
