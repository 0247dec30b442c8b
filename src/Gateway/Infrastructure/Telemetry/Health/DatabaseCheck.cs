using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>The database answers.</summary>
internal sealed class DatabaseCheck(IServiceScopeFactory scopes) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await AskAsync(scopes, (db, ct) => db.Database.ExecuteSqlAsync($"select 1", ct), cancellationToken);
        return HealthCheckResult.Healthy();
    }

    /// <summary>
    /// Waits no longer than it may: while a connection is being made, Npgsql does not always heed the token, and SQLite never does. A
    /// question that is
    /// left alone ends by the driver's own time limit, in a scope of its own.
    /// </summary>
    internal static Task<T> AskAsync<T>(
        IServiceScopeFactory scopes,
        Func<GatewayDb, CancellationToken, Task<T>> question,
        CancellationToken ct
    ) =>
        Task.Run(
                async () =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    return await question(scope.ServiceProvider.GetRequiredService<GatewayDb>(), ct);
                },
                ct
            )
            .WaitAsync(ct);
}

/// <summary>The schema is the one that this version was built for; another database may have been put in place since the start.</summary>
internal sealed class MigrationsCheck(IServiceScopeFactory scopes) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await DatabaseCheck.AskAsync(scopes, (db, ct) => db.Database.GetPendingMigrationsAsync(ct), cancellationToken)).Any()
            ? HealthCheckResult.Unhealthy("Migrations are pending.")
            : HealthCheckResult.Healthy();
}
