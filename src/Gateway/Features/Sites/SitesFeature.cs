using Gateway.Features.Sites.Connecting;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites;

/// <summary>Who may call, and for which site.</summary>
internal static class SitesFeature
{
    public static IServiceCollection AddSites(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptions.Validator>();
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        return services
            .AddGatewayAuthentication(configuration)
            .AddSingleton<SiteCache>()
            .AddScoped<SiteStore>()
            .AddScoped<ApiKeys>()
            .AddScoped<SigningSecrets>()
            .AddScoped<SiteCredentials>()
            .AddScoped<AddSite>()
            .AddScoped<ConnectCodes>()
            .AddScoped<SiteFindings>()
            .AddSingleton(new CheckPace(TimeSpan.FromMinutes(1)))
            .AddRestartedService<CheckSites>()
            .AddSingleton<SettledPass>()
            .AddQueueWorker<DeleteSettled>("retention");
    }

    public static void MapSites(this IEndpointRouteBuilder app)
    {
        IssueToken.Map(app);
        ExchangeCode.Map(app);
        DownloadPlugin.Map(app);
        ReadMe.Map(app);
        ReadSenders.Map(app);
    }
}
