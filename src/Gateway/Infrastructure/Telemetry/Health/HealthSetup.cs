using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>
/// What probes ask: whether the process answers, and whether it can do its work. Both tell a word for each check and nothing else.
/// </summary>
internal static class HealthSetup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public sealed record Response(string Status, IReadOnlyDictionary<string, string> Checks);

    public static IServiceCollection AddHealth(this IServiceCollection services, GatewayOptions options)
    {
        var checks = services
            .AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", timeout: Patience)
            .AddCheck<MigrationsCheck>("migrations", timeout: Patience)
            .AddCheck<FailingServices>("background", timeout: Patience);
        if (options.IsWorker)
        {
            checks.AddCheck<QueueWorkersCheck>("workers", timeout: Patience);
        }

        // An exception that nobody expected must not end the program: what can fail is a RestartedService, and this is for the rest.
        services.Configure<HostOptions>(host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        return services.AddSingleton<FailingServices>().AddSingleton<Readiness>();
    }

    /// <summary>Without limits: probes come often and from few addresses. What they cost is bounded by <see cref="Readiness"/>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/health").AllowAnonymous().DisableRateLimiting().ExcludeFromDescription();
        group.MapMethods("/live", Methods, () => TypedResults.Ok(new Response("live", new Dictionary<string, string>())));
        group.MapMethods("/ready", Methods, ReadyAsync);
    }

    private static async Task<JsonHttpResult<Response>> ReadyAsync(Readiness readiness, HttpContext http, CancellationToken ct)
    {
        var report = await readiness.LookAsync(ct);
        var ready = report.Status == HealthStatus.Healthy;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new Response(ready ? "ready" : "unready", report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value))),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    private static string Word(HealthReportEntry entry) => entry.Status == HealthStatus.Healthy ? "ok" : "failing";
}
