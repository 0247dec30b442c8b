using Gateway.Features.Contacts;
using Gateway.Features.Hooks;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Jobs;
using Gateway.Infrastructure.Security;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>The list of contents: what the program consists of, and in which order a request passes through it.</summary>
internal static class GatewayHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        AddServices(builder.Services, builder.Configuration);

        var app = builder.Build();
        Use(app);
        await PrepareAsync(app.Services, CancellationToken.None);
        await app.RunAsync();
        return 0;
    }

    private static void AddServices(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptions.Validator>();

        services.AddGatewayData(configuration);
        services.AddGatewaySecurity(configuration);
        services.AddGatewayHttp();

        services.AddSites(configuration);
        services.AddSubmissions(configuration);
        services.AddContacts();
        services.AddOptIn();
        services.AddLists();
        services.AddMail();
        services.AddHooks();

        var worker = configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>()?.IsWorker ?? true;
        services.AddGatewayJobs(configuration, worker);
    }

    private static void Use(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapSites();
        app.MapSubmissions();
        app.MapLists();
    }

    /// <summary>Checks the settings, brings the schema up to date and settles the master key, for the server and the command line both.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(ct);
        await services.GetRequiredService<MasterKey>().SettleAsync(scope.ServiceProvider.GetRequiredService<GatewayDb>(), ct);
    }
}
