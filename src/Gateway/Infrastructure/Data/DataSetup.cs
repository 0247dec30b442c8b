using System.Data.Common;
using Gateway.Infrastructure.Data.Backups;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Caching.Memory;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Gateway.Infrastructure.Data;

internal static class DataSetup
{
    public const string ConnectionName = "Gateway";
    public const string DefaultConnection = "Data Source=data/gateway.db";

    /// <summary>Which of the two databases a connection string means: one with a <c>Host</c> is PostgreSQL.</summary>
    public static bool IsPostgres(string connectionString) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.ContainsKey("Host");

    public static string GatewayConnection(this IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) is { Length: > 0 } given ? given : DefaultConnection;

    public static IServiceCollection AddGatewayData(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GatewayConnection();
        var postgres = IsPostgres(connection);

        services.AddSingleton(new WriteGate(closes: !postgres));
        services.AddSingleton<InFlight>().AddSingleton<ThisProcess>();
        services.AddScoped<Leases>();
        services.AddScoped<Migrator>();
        services.AddRecentCache();
        services.AddSingleton<SideBySide>();

        if (postgres)
        {
            services.AddScoped<IDatabaseBackup, PostgresBackup>();
            services.AddSingleton(_ => PostgresSource.Preparing(connection));

            // Without a name the source is the one above; with one, EF would make its model anew for each database.
            return services.AddDbContext<GatewayDb, PostgresGatewayDb>(
                options => Common(options.UseNpgsql(AsTheDriverSaysIt)),
                optionsLifetime: ServiceLifetime.Singleton
            );
        }

        services.AddScoped<IDatabaseBackup, SqliteBackup>();
        return services.AddDbContext<GatewayDb, SqliteGatewayDb>(
            options => Sqlite(options, connection),
            optionsLifetime: ServiceLifetime.Singleton
        );
    }

    public static IServiceCollection AddRecentCache(this IServiceCollection services)
    {
        services.AddOptions<MemoryCacheOptions>().Configure<TimeProvider>((memory, time) => memory.Clock = new RecentCache.Clock(time));
        services.AddHybridCache().AddSerializerFactory<RecentCache.NoBytes>();
        return services.AddSingleton<RecentCache>();
    }

    /// <summary>A list of values is one parameter, however long: a statement about a hundred rows has the text of one about ten.</summary>
    private static void Sqlite(DbContextOptionsBuilder options, string connection) =>
        Common(options.UseSqlite(connection, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)))
            .AddInterceptors(FullSync.Instance);

    /// <summary>
    /// Npgsql would hide whatever might pass by itself, such as a deadlock or a closed connection, in an exception that recommends a
    /// strategy of its own. <see cref="GatewayDb.WriteAsync{T}"/> and those who answer requests look at the driver's.
    /// </summary>
    private static void AsTheDriverSaysIt(NpgsqlDbContextOptionsBuilder postgres) =>
        postgres.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies));

    private static DbContextOptionsBuilder Common(DbContextOptionsBuilder options) =>
        options
            .UseSnakeCaseNamingConvention()
            // Rows hold addresses and secrets: neither parameters nor failed commands belong in the log.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.CommandError));

    /// <summary>A commit is on the disk when it returns: a 202 rests on it.</summary>
    private sealed class FullSync : DbConnectionInterceptor
    {
        public static readonly FullSync Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "pragma synchronous = full";
            command.ExecuteNonQuery();
        }
    }

    // `dotnet ef migrations add NAME --context SqliteGatewayDb --output-dir Infrastructure/Data/Migrations/Sqlite` (and likewise Postgres)
    internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteGatewayDb>
    {
        public SqliteGatewayDb CreateDbContext(string[] args)
        {
            var options = new DbContextOptionsBuilder<SqliteGatewayDb>();
            Sqlite(options, DefaultConnection);
            return new SqliteGatewayDb(options.Options, new WriteGate(closes: true));
        }
    }

    internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresGatewayDb>
    {
        public PostgresGatewayDb CreateDbContext(string[] args)
        {
            var options = new DbContextOptionsBuilder<PostgresGatewayDb>();
            Common(options.UseNpgsql("Host=localhost", AsTheDriverSaysIt));
            return new PostgresGatewayDb(options.Options, new WriteGate(closes: false));
        }
    }
}
