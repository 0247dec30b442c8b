using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>
/// What probes ask: whether the process answers, and whether it can do its work. Both say a word for each check; of what is held they say
/// which kind of connection, why in a word, and since when, and nothing about anybody.
/// </summary>
internal static class HealthSetup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <param name="Status"><c>live</c>, <c>ready</c> or <c>unready</c>.</param>
    /// <param name="Checks">A word for each: <c>ok</c>, <c>failing</c>, or <c>degraded</c>, which leaves the process ready.</param>
    public sealed record Response(string Status, IReadOnlyDictionary<string, string> Checks);

    /// <param name="Problems">Connections that are held, of all sites together.</param>
    public sealed record ReadyResponse(
        string Status,
        IReadOnlyDictionary<string, string> Checks,
        IReadOnlyList<ConnectionsCheck.Problem> Problems
    );

    public static IServiceCollection AddHealth(this IServiceCollection services, GatewayOptions options)
    {
        var checks = services
            .AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", timeout: Patience)
            .AddCheck<MigrationsCheck>("migrations", timeout: Patience)
            .AddCheck<FailingServices>("background", timeout: Patience)
            .AddCheck<ConnectionsCheck>("connections", HealthStatus.Degraded, timeout: Patience);
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

    private static async Task<JsonHttpResult<ReadyResponse>> ReadyAsync(Readiness readiness, HttpContext http, CancellationToken ct)
    {
        var report = await readiness.LookAsync(ct);

        // A connection that is held is no reason to take requests away from this process: what comes in is kept.
        var ready = report.Status != HealthStatus.Unhealthy;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new ReadyResponse(
                ready ? "ready" : "unready",
                report.Entries.ToDictionary(entry => entry.Key, entry => Word(entry.Value)),
                ConnectionsCheck.ProblemsOf(report)
            ),
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    private static string Word(HealthReportEntry entry) =>
        entry.Status switch
        {
            HealthStatus.Healthy => "ok",
            HealthStatus.Degraded => "degraded",
            _ => "failing",
        };
}
