using System.Globalization;
using Gateway.ApiDescription;
using Gateway.CommandLine;
using Gateway.Console;
using Gateway.Demo;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Imports;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Features.Templates;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Settings;
using Gateway.Infrastructure.Telemetry;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;

namespace Gateway;

/// <summary>The list of contents: what the program consists of, and in which order a request passes through it.</summary>
internal static partial class GatewayHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        // The API, commands and logs speak English whatever the machine's language is; pages of the console set that of their reader.
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        var unreadable = EnvironmentFile.Load();
        if (GatewayCommands.Handles(args))
        {
            // A command wants each service once or twice: code for how to make them would take longer to compile than it saves.
            AppContext.SetSwitch("Microsoft.Extensions.DependencyInjection.DisableDynamicEngine", true);
            return await GatewayCommands.RunAsync(
                args,
                () =>
                    unreadable is null
                        ? CommandServicesAsync(Options([]), mayMakeDatabase: args[0] == "migrate")
                        : throw new StartupError(unreadable),
                another =>
                    unreadable is null
                        ? CommandServicesAsync(
                            Options(another is null ? [] : [$"--ConnectionStrings:{DataSetup.ConnectionName}={another}"]),
                            mayMakeDatabase: args[0] == "restore",
                            prepare: false
                        )
                        : throw new StartupError(unreadable)
            );
        }

        if (unreadable is not null)
        {
            throw new StartupError(unreadable);
        }

        await using var app = Build(args);
        LogWarnings(app.Services);
        await PrepareAsync(app.Services, CancellationToken.None);
        var addresses = app.Services.GetRequiredService<ListenAddresses>();
        try
        {
            await StartAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (addresses.ErrorOf(error) is { } sentence)
        {
            throw new StartupError(sentence);
        }
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // What has begun in the background ends before what it uses is gone.
            await app.StopAsync();
            throw;
        }
    }

    /// <param name="replace">The way of benchmarks and tests to exchange a part.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(Options(args));
        builder.Logging.AddGatewayConsole(builder.Environment);
        AddServices(builder.Services, builder.Configuration, builder.Environment);
        builder.ListenForMetrics();

        // It would answer to GET at every address, which hides the methods that there are.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        replace?.Invoke(builder.Services);

        var hasStarted = false;
        builder.Logging.AddStartup(() => hasStarted);
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => hasStarted = true);
        Use(app);
        return app;
    }

    /// <summary>The same services for a command, which starts no server and writes no log between its lines.</summary>
    /// <param name="mayMakeDatabase">
    /// Whether a new database is what is wanted; else one that is missing where nobody named it is a sign that the settings are missing.
    /// </param>
    /// <param name="prepare">Whether the database is brought up to date; else nobody looks at it.</param>
    /// <param name="replace">The way of tests to exchange a part.</param>
    /// <exception cref="StartupError">The settings do not do; misspelled ones are told beside what is missing.</exception>
    public static async Task<IServiceProvider> CommandServicesAsync(
        WebApplicationOptions options,
        bool mayMakeDatabase,
        bool prepare = true,
        Action<IServiceCollection>? replace = null
    )
    {
        var builder = WebApplication.CreateBuilder(options);
        var warnings = SettingsCheck.Of(builder.Configuration).Warnings;
        var missing = mayMakeDatabase ? null : MissingDatabase.ErrorOf(builder.Configuration, builder.Environment);
        try
        {
            builder.Logging.ClearProviders();
            AddServices(builder.Services, builder.Configuration, builder.Environment);
            replace?.Invoke(builder.Services);
            var services = builder.Build().Services;
            services.GetRequiredService<IStartupValidator>().Validate();
            if (missing is not null)
            {
                throw new StartupError(missing);
            }

            if (prepare)
            {
                await PrepareAsync(services, CancellationToken.None);
            }

            return services;
        }
        catch (Exception error) when (StartupErrors.Sentences(error) is { } sentences)
        {
            throw new StartupError([.. sentences.Append(missing).OfType<string>().Distinct(), .. warnings]);
        }
    }

    private static void LogWarnings(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Gateway.Settings");
        foreach (var warning in services.GetRequiredService<SettingsCheck>().Warnings)
        {
            LogSetting(logger, warning);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void LogSetting(ILogger logger, string warning);

    /// <summary>Settings and pages are read beside the program when it is started from another folder.</summary>
    private static WebApplicationOptions Options(string[] args) =>
        new() { Args = args, ContentRootPath = File.Exists("appsettings.json") ? null : AppContext.BaseDirectory };

    private static void AddServices(IServiceCollection services, ConfigurationManager configuration, IHostEnvironment environment)
    {
        var settings = SettingsCheck.Of(configuration);
        if (settings.Errors.Count > 0)
        {
            throw new StartupError([.. settings.Errors]);
        }

        services.AddSingleton(settings);
        services.AddSingleton(ListenAddresses.Of(configuration));
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptions.Validator>();

        services.AddGatewayData(configuration);
        services.AddGatewaySecurity(configuration);
        services.AddGatewayHttp();
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditReader>();
        services.AddScoped<FailedItems>();
        services.AddScoped<BulkDecisions>();
        services.AddQueueWorker<WorkBulkDecisions>("decisions");
        services.AddOutages();
        services.AddGatewayMetrics();
        services.AddTelemetry(configuration);
        services.AddHealth(configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions());
        services.AddRazorComponents();

        services.AddSites(configuration);
        services.AddHooks();
        services.AddProviderConnections();
        services.AddContacts();
        services.AddTemplates();
        services.AddMail();
        services.AddLists();
        services.AddSms();
        services.AddOptIn();
        services.AddImports();
        services.AddSubmissions(configuration);
        services.AddAdmin(configuration);
        services.AddApiDescription();
        services.AddDemo(environment);

        var worker = configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>()?.IsWorker ?? true;
        services.AddGatewayJobs(configuration, worker);
    }

    private static void Use(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRequestGuard();
        app.UseHeadRequests();
        app.UseUncachedApi();
        app.UseMetricsPort();
        app.MapStaticAssets().AllowAnonymous().DisableRateLimiting();
        app.UseAdminScheme();
        app.UseAdminLanguage();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapSecurityTxt();
        app.MapHealth();
        app.MapMetrics();
        app.MapSites();
        app.MapHooks();
        app.MapConnections();
        app.MapContacts();
        app.MapTemplates();
        app.MapMail();
        app.MapLists();
        app.MapSms();
        app.MapOptIn();
        app.MapImports();
        app.MapSubmissions();
        app.MapAdmin();
        app.MapApiDescription();
        app.MapDemo();
    }

    /// <summary>
    /// Checks the settings, brings the schema up to date and checks the master key, for the server and the command line both.
    /// </summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(ct);
        await services.GetRequiredService<MasterKey>().EnsureAsync(scope.ServiceProvider.GetRequiredService<GatewayDb>(), ct);

        // The first key is made now: inside a transaction it would wait for the very lock that the transaction holds.
        services.GetRequiredService<SecretEncryption>().Protect("");
    }
}
