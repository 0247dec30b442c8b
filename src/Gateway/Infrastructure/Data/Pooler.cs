using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// A pooler such as PgBouncer between the gateway and PostgreSQL. In transaction mode each transaction may meet another session of the
/// server, so nothing that outlives a transaction may be left in one: no prepared statement, no lock, no setting.
/// </summary>
internal static class Pooler
{
    private const string WhichSession = "select pg_backend_pid()";

    /// <summary>What the connection was told of its session is the pooler's word, and the session itself says otherwise.</summary>
    /// <param name="connection">Open.</param>
    public static async Task<bool> StandsBeforeAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand(WhichSession, connection);
        return (int)(await ask.ExecuteScalarAsync())! != connection.ProcessID;
    }

    /// <summary>A database that does not answer has none: whoever needs it says what is wrong.</summary>
    /// <inheritdoc cref="StandsBeforeAsync"/>
    public static bool StandsBefore(NpgsqlDataSource source)
    {
        try
        {
            using var connection = source.OpenConnection();
            using var ask = new NpgsqlCommand(WhichSession, connection);
            return (int)ask.ExecuteScalar()! != connection.ProcessID;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <exception cref="StartupError">The connection string asks for what does not go through a pooler.</exception>
    public static async Task CheckAsync(GatewayDb db, CancellationToken ct)
    {
        if (db.Database.GetDbConnection() is not NpgsqlConnection connection)
        {
            return;
        }

        await db.Database.OpenConnectionAsync(ct);
        var prepares = new NpgsqlConnectionStringBuilder(connection.ConnectionString).MaxAutoPrepare > 0;
        if (prepares && await StandsBeforeAsync(connection))
        {
            throw new StartupError(
                "ConnectionStrings__Gateway leads to a pooler such as PgBouncer, which may give each transaction another session of the "
                    + "database, and has \"Max Auto Prepare\", whose statements live in one session. Leave that part out."
            );
        }

        await db.Database.CloseConnectionAsync();
    }
}
