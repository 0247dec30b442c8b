using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Hosting;
using Npgsql;

namespace Gateway.Tests.Scaling;

/// <summary>
/// A PostgreSQL server of a test's own, in processes that can be killed, and a standby of it. What they promised is on the disk.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Debian keeps the programs out of the path, those of each version apart.</summary>
    private static readonly Lazy<string> Programs = new(() =>
        Directory
            .GetDirectories("/usr/lib/postgresql")
            .Select(folder => Path.Combine(folder, "bin"))
            .OrderBy(folder => folder.Length)
            .ThenBy(folder => folder, StringComparer.Ordinal)
            .Last()
    );

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-postgres-");
    private ServerProcess? _process;

    private PostgresServer() { }

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_folder.FullName, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        ServerProcess.GiveAway(server._folder.FullName);
        await ServerProcess.RunAsync(
            Program("initdb"),
            ["-D", server.Data, "-U", "gateway", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        );
        await server.ServeAsync();
        return server;
    }

    /// <summary>A copy that follows. From then on a commit of the first is acknowledged when the copy has it on the disk too.</summary>
    public async Task<PostgresServer> AddStandbyAsync()
    {
        var standby = new PostgresServer();
        ServerProcess.GiveAway(standby._folder.FullName);
        await ServerProcess.RunAsync(
            Program("pg_basebackup"),
            ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "gateway", "-D", standby.Data, "-R", "-X", "stream", "--checkpoint=fast"]
        );
        await standby.ServeAsync();
        await ExecuteAsync("alter system set synchronous_standby_names = '*'");
        await ExecuteAsync("select pg_reload_conf()");
        await Eventually.BecomesTrueAsync(async () =>
            (bool)(await AskAsync("select count(*) = 1 from pg_stat_replication where sync_state = 'sync'"))!
        );
        return standby;
    }

    /// <param name="others">Servers that may have taken its place.</param>
    public string ConnectionString(string database, params PostgresServer[] others) =>
        $"Host={string.Join(',', others.Prepend(this).Select(server => $"127.0.0.1:{server.Port}"))};"
        + $"Username=gateway;Database={database};Maximum Pool Size=30";

    public Task CreateDatabaseAsync(string name) => ExecuteAsync($"create database {name}");

    /// <summary>kill -9 of all its processes.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Done when it takes writes.</summary>
    public Task PromoteAsync() => ServerProcess.RunAsync(Program("pg_ctl"), ["-D", Data, "-w", "promote"]);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Program(string name) => Path.Combine(Programs.Value, name);

    private async Task ServeAsync()
    {
        _process = ServerProcess.Start(
            Program("postgres"),
            ["-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.FullName}"]
        );
        await _process.AnswersAsync(async () => await AskAsync("select 1") is not null);
    }

    private Task ExecuteAsync(string sql) => AskAsync(sql);

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
