using Gateway.Features.Sites;
using Gateway.Infrastructure.Telemetry.Health;

namespace Gateway.Features.Connections;

/// <summary>Accounts at providers that sites and operators make, beside those in the installation's settings.</summary>
internal static class ConnectionsFeature
{
    public static IServiceCollection AddProviderConnections(this IServiceCollection services) =>
        services
            .AddScoped<ConnectionProviders>()
            .AddScoped<ConnectionStore>()
            .AddScoped<DescribeConnections>()
            .AddSingleton<UsedConnections>()
            .AddSingleton<IConnectionListener>(provider => provider.GetRequiredService<UsedConnections>())
            .AddRestartedService<UsedConnections>();

    public static void MapConnections(this IEndpointRouteBuilder app) =>
        ConnectionRequests.Map(app.MapGroup("/v1/connections").WithTags("Connections").RequireScope(Scopes.Connections));
}
