using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Webhooks;

/// <summary>Events, and those who want to know of them.</summary>
internal static class HooksFeature
{
    public static IServiceCollection AddHooks(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<HooksOptions>, HooksOptions.Validator>();
        services
            .AddOptions<HooksOptions>()
            .BindConfiguration(HooksOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) => options.AllowPrivateTargets ??= environment.IsDevelopment())
            .ValidateOnStart();

        return services
            .AddSingleton<Events>()
            .AddSingleton<WebhookMetrics>()
            .AddScoped<IPersonalData, EventPersonalData>()
            .AddScoped<IOutageListener, OutageEvents>()
            .AddQueueTable<Event>("events")
            .AddFailableQueue<FailedDeliveries, Delivery>()
            .AddScoped<ISettledRows, SettledDeliveries>()
            .AddScoped<ISettledRows, SettledEvents>()
            .AddQueueWorker<FanOutEvents>("events")
            .AddQueueWorker<SendDeliveries>("deliveries")
            .AddSingleton<INameResolver, SystemNames>()
            .AddSingleton<GuardedConnections>()
            .AddSingleton<HookClient>()
            .AddSingleton<RecordDeliveryOutcomes>()
            .AddSingleton<DeliveryLanes>()
            .AddRestartedService<DeliveryLanes>()
            .AddScoped<HookStore>()
            .AddScoped<ISiteCheck, HookFaults>()
            .AddScoped<DeliveryHistory>()
            .AddScoped<EventCounts>()
            .AddScoped<ReplayDelivery>()
            .AddScoped<DeliveryReader>()
            .AddScoped<TestHook>()
            .AddSingleton<IValidator<AddHook.Request>, AddHook.Validator>()
            .AddSingleton<IValidator<ChangeHook.Request>, ChangeHook.Validator>();
    }

    public static void MapHooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/hooks").WithTags("Hooks").RequireScope(Scopes.Hooks);
        AddHook.Map(group);
        ReadHooks.Map(group);
        ChangeHook.Map(group);
        DeleteHook.Map(group);
        ReadDeliveries.Map(group);
        var others = app.MapGroup("/v1").RequireScope(Scopes.Hooks);
        ReplayDelivery.Map(others);
        ReadEvents.Map(others);
    }
}
