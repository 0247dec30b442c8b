using System.Collections.Concurrent;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>
/// Keeps a background service running. By itself a host ends with the first of them that throws, and then no mail leaves because of a lock
/// or a gauge; here it is logged, the service begins anew, and readiness tells of it until it runs again.
/// </summary>
internal sealed partial class RestartedService(
    BackgroundService service,
    FailingServices failing,
    TimeProvider clock,
    ILogger<RestartedService> logger
) : BackgroundService
{
    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(1), Max: TimeSpan.FromMinutes(1));

    /// <summary>What has run for so long runs.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private string Name => service.GetType().Name;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // First this one: a service that ends because it is told to has not failed.
        await base.StopAsync(cancellationToken);
        await service.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; failures++)
        {
            var began = clock.GetTimestamp();
            try
            {
                await service.StartAsync(stoppingToken);
                var running = service.ExecuteTask ?? Task.CompletedTask;
                if (failures > 0 && await Task.WhenAny(running, Task.Delay(Steady, clock, stoppingToken)) != running)
                {
                    failing.IsWell(Name);
                }

                await running;
                failing.IsWell(Name);
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                failing.HasFailed(Name);
                failures = clock.GetElapsedTime(began) > Steady ? 0 : failures;
                LogFailed(Name, failed);
                await Task.Delay(Pace.After(failures), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The background service {Service} failed; it begins anew")]
    private partial void LogFailed(string service, Exception exception);
}

/// <summary>Which parts of the program that run in the background do not run as they should.</summary>
internal sealed class FailingServices : IHealthCheck
{
    private readonly ConcurrentDictionary<string, bool> _names = new();

    public void HasFailed(string name) => _names[name] = true;

    public void IsWell(string name) => _names.TryRemove(name, out _);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _names.IsEmpty
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Failing in the background: {string.Join(", ", _names.Keys)}")
        );
}

internal static class RestartedServiceSetup
{
    /// <summary>A background service that begins anew when it fails.</summary>
    public static IServiceCollection AddRestartedService<T>(this IServiceCollection services)
        where T : BackgroundService
    {
        if (services.All(one => one.ServiceType != typeof(T)))
        {
            services.AddSingleton<T>();
        }

        return services.AddSingleton<IHostedService>(provider =>
            ActivatorUtilities.CreateInstance<RestartedService>(provider, provider.GetRequiredService<T>())
        );
    }
}
