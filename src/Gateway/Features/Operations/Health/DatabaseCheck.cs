using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Features.Operations.Health;

/// <summary>The database answers.</summary>
internal sealed class DatabaseCheck(GatewayDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await db.Database.ExecuteSqlAsync($"select 1", cancellationToken);
        return HealthCheckResult.Healthy();
    }
}

/// <summary>The schema is the one that this version was built for; another database may have been put in place since the start.</summary>
internal sealed class MigrationsCheck(GatewayDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()
            ? HealthCheckResult.Unhealthy("Migrations are pending.")
            : HealthCheckResult.Healthy();
}
