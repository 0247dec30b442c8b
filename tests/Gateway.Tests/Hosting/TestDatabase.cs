using Gateway.Infrastructure.Data;
using Gateway.Tests.Crash;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gateway.Tests.Hosting;

/// <summary>A database of this run's own: a SQLite file, or on the server that GATEWAY_TEST_POSTGRES names.</summary>
internal sealed class TestDatabase : IDisposable
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("GATEWAY_TEST_POSTGRES");

    private readonly bool _isPostgres;
    private readonly string _name = "gateway_test_" + Guid.CreateVersion7().ToString("N");

    /// <param name="migrated">Whether it is a copy of a database that is up to date. Without, it has no table.</param>
    /// <param name="onSqlite">Whether it is a SQLite file in any case.</param>
    public TestDatabase(bool migrated = true, bool onSqlite = false)
    {
        _isPostgres = IsPostgres && !onSqlite;
        var template = migrated ? DatabaseTemplate.One : null;
        SharedMasterKey.WriteTo(Folder);
        if (_isPostgres)
        {
            Execute(template is null ? $"create database {_name}" : $"create database {_name} template {template._name}");
        }
        else if (template is not null)
        {
            File.Copy(template.SqliteFile, SqliteFile);
        }
    }

    public static bool IsPostgres => Server is { Length: > 0 };

    /// <summary>For files that belong to the run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public string ConnectionString =>
        _isPostgres
            ? new NpgsqlConnectionStringBuilder(Server) { Database = _name, MaxPoolSize = 60 }.ConnectionString
            : $"Data Source={SqliteFile}";

    /// <summary>What the environment of a gateway on this database says.</summary>
    public IReadOnlyDictionary<string, string> Settings => GatewayProcess.Settings(ConnectionString, Folder);

    public string SqliteFile => Path.Combine(Folder, "gateway.db");

    /// <summary>What a restart of the server does to its clients, or another program that holds the file for two seconds.</summary>
    public async Task InterruptAsync()
    {
        if (IsPostgres)
        {
            Execute($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");
            return;
        }

        await using var other = new SqliteConnection(ConnectionString);
        await other.OpenAsync();
        await using var exclusive = other.BeginTransaction();
        using var hold = new PeriodicTimer(TimeSpan.FromSeconds(2));
        await hold.WaitForNextTickAsync();
    }

    /// <summary>Lets the server write no more, as it does when its disk is full. (SQLite's file is limited by whoever opens it.)</summary>
    public void MakeReadOnly(bool readOnly)
    {
        if (IsPostgres)
        {
            Execute($"alter database {_name} set default_transaction_read_only = {(readOnly ? "on" : "off")}");
            Execute($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");
        }
    }

    public void Dispose()
    {
        if (_isPostgres)
        {
            NpgsqlConnection.ClearAllPools();
            Execute($"drop database if exists {_name} with (force)");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString
        );
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The database that all others are copies of: brought up to date once in a run.</summary>
    private static class DatabaseTemplate
    {
        private static readonly Lazy<TestDatabase> Migrated = new(() =>
        {
            var database = new TestDatabase(migrated: false);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => database.Dispose();

            // A connection that stays open in a pool would keep PostgreSQL from copying it, and SQLite's journal beside the file.
            var unpooled = database.ConnectionString + ";Pooling=false";
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Gateway", unpooled)]).Build();
            Task.Run(() => MigrateAsync(configuration)).GetAwaiter().GetResult();
            return database;
        });

        public static TestDatabase One => Migrated.Value;

        private static async Task MigrateAsync(IConfiguration configuration)
        {
            await using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(TimeProvider.System)
                .AddGatewayData(configuration)
                .BuildServiceProvider();
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        }
    }
}
