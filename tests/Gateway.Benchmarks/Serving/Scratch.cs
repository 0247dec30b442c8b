using Gateway.Benchmarks.Load;
using Gateway.Infrastructure.Data;
using Npgsql;

namespace Gateway.Benchmarks.Serving;

/// <summary>A folder and databases of this run's own, gone when it ends.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _run = "gateway_bench_" + PublicSuffix();
    private readonly List<string> _databases = [];

    public Scratch()
    {
        // Beside the program and not in the temporary folder, which may be in memory: a commit there costs nothing.
        Folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, _run)).FullName;
        if (new DriveInfo(Folder).DriveFormat is "tmpfs" or "ramfs")
        {
            Dispose();
            throw new BenchmarkFailed($"{AppContext.BaseDirectory} is in memory: run the benchmark from a folder on a disk.");
        }
    }

    public string Folder { get; }

    /// <summary>The PostgreSQL server to measure on; null when none is named.</summary>
    public static string? Server { get; } =
        new[] { "GATEWAY_BENCH_POSTGRES", "ConnectionStrings__Gateway" }
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(text => text is { Length: > 0 } && DataSetup.IsPostgres(text));

    public string Sqlite(string name) => $"Data Source={Path.Combine(Folder, name + ".db")}";

    public string Postgres(string name)
    {
        var database = $"{_run}_{name.Replace('-', '_')}";
        Execute($"create database {database}");
        _databases.Add(database);

        // Pools of 32 in two processes stay below the hundred connections that a server allows as it comes.
        return new NpgsqlConnectionStringBuilder(Server) { Database = database, MaxPoolSize = 32 }.ConnectionString;
    }

    public void Dispose()
    {
        foreach (var database in _databases)
        {
            Execute($"drop database if exists {database} with (force)");
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string PublicSuffix() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6));

    private static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
