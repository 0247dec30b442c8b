using Gateway.Features.Sites;

namespace Gateway.Features.Connections;

/// <summary>Accounts at providers that sites and operators make, beside those in the installation's settings.</summary>
internal static class ConnectionsFeature
{
    public static IServiceCollection AddProviderConnections(this IServiceCollection services) =>
        services.AddScoped<ConnectionProviders>().AddScoped<ConnectionStore>().AddScoped<DescribeConnections>();

    public static void MapConnections(this IEndpointRouteBuilder app) =>
        ConnectionRequests.Map(app.MapGroup("/v1/connections").WithTags("Connections").RequireScope(Scopes.Connections));
}
