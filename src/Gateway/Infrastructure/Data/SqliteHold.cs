using Gateway.Infrastructure.Security;
using Microsoft.Data.Sqlite;

namespace Gateway.Infrastructure.Data;

/// <summary>A SQLite file beside the gateway that uses it, or without one.</summary>
internal static class SqliteHold
{
    /// <summary>A connection of one's own: one from the pool would stay open, with what was set on it.</summary>
    public static async Task<SqliteConnection> OpenAsync(string file, CancellationToken ct)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Opens the file for this program alone. A gateway has it open for as long as it runs, and SQLite knows of it; one that starts
    /// meanwhile finds it locked.
    /// </summary>
    /// <exception cref="StartupError">Somebody has it open.</exception>
    public static async Task<SqliteConnection> TakeAsync(string file, CancellationToken ct)
    {
        var connection = await OpenAsync(file, ct);
        try
        {
            connection.DefaultTimeout = 2;
            await connection.ExecuteAsync("pragma locking_mode = exclusive", ct);
            await connection.ExecuteAsync("begin exclusive", ct);
            await connection.ExecuteAsync("commit", ct);
            return connection;
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6)
        {
            await connection.DisposeAsync();
            throw new StartupError($"A gateway is running on {file}, or another program has it open. Stop it first.");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static async Task ExecuteAsync(this SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The first column of each row.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(this SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var values = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    /// <returns>The migrations that made the database; none when it is not one of Gateway.</returns>
    public static async Task<IReadOnlyList<string>> MigrationsAsync(this SqliteConnection connection, CancellationToken ct) =>
        await connection.ReadAsync("select name from sqlite_master where name = '__EFMigrationsHistory'", ct) is []
            ? []
            : await connection.ReadAsync("select migration_id from \"__EFMigrationsHistory\"", ct);
}
