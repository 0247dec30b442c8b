using Npgsql;

namespace Gateway.Tests.Scaling;

/// <summary>
/// PgBouncer in transaction mode before a server, with fewer sessions than its callers have connections, so that hardly two transactions
/// of a connection meet the same session.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-pgbouncer-");
    private readonly int _port = PostgresServer.FreePort();
    private ServerProcess? _process;

    private PgBouncer() { }

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        var bouncer = new PgBouncer();
        var settings = Path.Combine(bouncer._folder.FullName, "pgbouncer.ini");
        var users = Path.Combine(bouncer._folder.FullName, "users.txt");
        await File.WriteAllTextAsync(users, "\"gateway\" \"\"\n");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host=127.0.0.1 port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {bouncer._port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 5
            max_client_conn = 500
            """
        );
        ServerProcess.GiveAway(bouncer._folder.FullName);
        bouncer._process = ServerProcess.Start("pgbouncer", [settings]);
        await bouncer._process.AnswersAsync(async () =>
        {
            await using var connection = new NpgsqlConnection(bouncer.ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        });
        return bouncer;
    }

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username=gateway;Database={database};Maximum Pool Size=30";

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
