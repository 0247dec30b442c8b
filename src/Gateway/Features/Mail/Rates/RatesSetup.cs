using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.Rates;

/// <summary>How much comes back and is called spam, and what follows from it.</summary>
internal static class RatesSetup
{
    public static IServiceCollection AddMailRates(this IServiceCollection services) =>
        services
            .AddSingleton<RecipientProviders>()
            .AddScoped<MailRateStore>()
            .AddScoped<SiteRates>()
            .AddScoped<ReleaseBrake>()
            .AddSingleton<RatesPass>()
            .AddQueueWorker<WatchRates>("rates")
            .AddSingleton(
                new SampledGauge(
                    "gateway.mail.thresholds.warned",
                    "Senders at providers whose first limit is reached, and not the second.",
                    (scope, ct) => CountAsync(scope, RateLevel.Warning, ct)
                )
            )
            .AddSingleton(
                new SampledGauge(
                    "gateway.mail.thresholds.exceeded",
                    "Senders at providers whose second limit is reached.",
                    (scope, ct) => CountAsync(scope, RateLevel.Brake, ct)
                )
            );

    private static Task<int> CountAsync(IServiceProvider scope, RateLevel level, CancellationToken ct) =>
        scope.GetRequiredService<GatewayDb>().RateAlarms.CountAsync(alarm => alarm.Level == level, ct);
}
