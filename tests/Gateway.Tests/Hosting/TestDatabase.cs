using Npgsql;

namespace Gateway.Tests.Hosting;

/// <summary>A database of this run's own: a SQLite file, or on the server that GATEWAY_TEST_POSTGRES names.</summary>
internal sealed class TestDatabase : IDisposable
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("GATEWAY_TEST_POSTGRES");

    private readonly string _name = "gateway_test_" + Guid.CreateVersion7().ToString("N");

    public TestDatabase()
    {
        Directory.CreateDirectory(Folder);
        if (IsPostgres)
        {
            Execute($"create database {_name}");
        }
    }

    public static bool IsPostgres => Server is { Length: > 0 };

    /// <summary>For files that belong to the run.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public string ConnectionString => IsPostgres
        ? new NpgsqlConnectionStringBuilder(Server) { Database = _name, MaxPoolSize = 60 }.ConnectionString
        : $"Data Source={Path.Combine(Folder, "gateway.db")}";

    public void Dispose()
    {
        if (IsPostgres)
        {
            NpgsqlConnection.ClearAllPools();
            Execute($"drop database if exists {_name} with (force)");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
