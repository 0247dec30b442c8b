using Gateway.Features.Operations.ApiDescription;
using Gateway.Features.Operations.Health;
using Gateway.Features.Operations.Telemetry;
using Gateway.Infrastructure;

namespace Gateway.Features.Operations;

/// <summary>What operators see and do.</summary>
internal static class OperationsFeature
{
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration) => services
        .AddScoped<AuditLog>()
        .AddScoped<Failures>()
        .AddHealth(configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions())
        .AddGatewayMetrics()
        .AddTelemetry(configuration)
        .AddApiDescription();

    public static void MapOperations(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapJobsDashboard();
        app.MapApiDescription();
    }
}
