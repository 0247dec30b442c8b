using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

/// <summary>Databases of other versions. Version 0.1 was never released, so it is not upgraded; from 0.2 on migrations only add.</summary>
[Trait("Database", "both")]
public sealed class UpgradeTests : IDisposable
{
    private readonly TestDatabase _database = new(migrated: false);

    [Fact]
    public async Task A_database_of_a_version_that_is_not_known_stops_the_start_with_a_sentence_and_stays_as_it_is()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Gateway", _database.ConnectionString)])
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddGatewayData(configuration)
            .BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var migrator = scope.ServiceProvider.GetRequiredService<Migrator>();
        await migrator.MigrateAsync(CancellationToken.None);
        Assert.False(db.Database.HasPendingModelChanges());
        await db.Database.ExecuteSqlAsync(
            $"""insert into "__EFMigrationsHistory" (migration_id, product_version) values ('20250101000000_Other', '10.0.0')"""
        );

        var stopped = await Assert.ThrowsAsync<StartupError>(() => migrator.MigrateAsync(CancellationToken.None));

        Assert.Contains("another version", Assert.Single(StartupErrors.Sentences(stopped)!), StringComparison.Ordinal);
        Assert.Contains("20250101000000_Other", await db.Database.GetAppliedMigrationsAsync());
    }

    public void Dispose() => _database.Dispose();
}
