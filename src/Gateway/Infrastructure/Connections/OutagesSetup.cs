using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

internal static partial class OutagesSetup
{
    public static IServiceCollection AddOutages(this IServiceCollection services) =>
        services
            .AddSingleton<Outages>()
            .AddQueueWorker<WatchOutages>("outages")
            .AddHostedService<ProbeAtStart>()
            .AddSingleton(new SampledGauge("gateway.outages", "Connections to outside parties that are held.", CountAsync));

    /// <summary>Rows of a queue that can wait for a held connection.</summary>
    public static IServiceCollection AddHeldRows<T, TWorker>(this IServiceCollection services, string queue)
        where T : class, IHoldable
        where TWorker : IQueueWorker =>
        services.AddScoped<IHeldRows>(provider => ActivatorUtilities.CreateInstance<HeldRows<T, TWorker>>(provider, queue));

    private static Task<int> CountAsync(IServiceProvider scope, CancellationToken ct) =>
        scope.GetRequiredService<GatewayDb>().Outages.CountAsync(outage => outage.EndedAt == null, ct);

    /// <summary>An operator changes settings and starts the program again: then nobody waits for the next try.</summary>
    private sealed partial class ProbeAtStart(Outages outages, ILogger<ProbeAtStart> logger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            try
            {
                await outages.ProbeNowAsync(stoppingToken);
            }
            catch (Exception lost) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away; each connection is tried in its own time.
                LogNotProbed(lost);
            }
        }

        [LoggerMessage(LogLevel.Warning, "Held connections could not be looked up at the start; they are tried in their own time")]
        private partial void LogNotProbed(Exception exception);
    }
}
