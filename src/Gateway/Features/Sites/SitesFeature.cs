namespace Gateway.Features.Sites;

/// <summary>Who may call, and for which site.</summary>
internal static class SitesFeature
{
    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddGatewayAuthentication(configuration)
            .AddSingleton<SiteCache>()
            .AddScoped<SiteStore>()
            .AddScoped<ApiKeys>()
            .AddScoped<SigningSecrets>()
            .AddScoped<SiteCredentials>();

    public static void MapSites(this IEndpointRouteBuilder app)
    {
        IssueToken.Map(app);
        ReadMe.Map(app);
        ReadSenders.Map(app);
    }
}
