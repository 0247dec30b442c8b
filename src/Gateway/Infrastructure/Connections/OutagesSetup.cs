using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

internal static class OutagesSetup
{
    public static IServiceCollection AddOutages(this IServiceCollection services) =>
        services
            .AddSingleton<Outages>()
            .AddSingleton<Witnesses>()
            .AddQueueWorker<WatchOutages>("outages")
            .AddRestartedService<ProbeAtStart>()
            .AddSingleton(new SampledGauge("gateway.outages", "Connections to outside parties that are held.", CountAsync));

    /// <summary>Rows of a queue that can wait for a held connection.</summary>
    public static IServiceCollection AddHeldRows<T, TWorker>(this IServiceCollection services, string queue)
        where T : class, IHoldable
        where TWorker : IQueueWorker =>
        services.AddScoped<IHeldRows>(provider => ActivatorUtilities.CreateInstance<HeldRows<T, TWorker>>(provider, queue));

    private static Task<int> CountAsync(IServiceProvider scope, CancellationToken ct) =>
        scope
            .GetRequiredService<GatewayDb>()
            .Outages.CountAsync(outage => outage.EndedAt == null && outage.Concern != Concern.Decision, ct);

    /// <summary>An operator changes settings and starts the program again: then nobody waits for the next try.</summary>
    private sealed class ProbeAtStart(Outages outages) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => outages.ProbeNowAsync(stoppingToken);
    }
}
