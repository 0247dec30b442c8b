using System.Data.Common;
using Gateway.Infrastructure.Data.Moves;
using Gateway.Infrastructure.Security;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>Brings the schema up to date at start. A start that is killed half-way must never block the next one.</summary>
/// <param name="postgres">Null on SQLite.</param>
internal sealed partial class Migrator(GatewayDb db, TimeProvider clock, ILogger<Migrator> logger, NpgsqlDataSource? postgres = null)
{
    /// <summary>Any number that no other program takes in this database.</summary>
    private const long MigrationLock = 0x67_61_74_65_77_61_79;

    /// <summary>How long another gateway's migration is waited for.</summary>
    private static readonly TimeSpan MaxMigration = TimeSpan.FromMinutes(10);

    public async Task MigrateAsync(CancellationToken ct)
    {
        if (!db.Database.IsSqlite())
        {
            await Pooler.CheckAsync(db, ct);
            await using var alone = await LockDatabaseAsync(ct);
            await MigratePendingAsync(ct);
            return;
        }

        var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await using var mine = await LockFileAsync(file + ".migrating", ct);

        // EF keeps its lock for SQLite in a row, which outlives a killed process and would make every later start wait for ever.
        // Whoever holds the file lock knows that no other migration is running.
        await db.Database.OpenConnectionAsync(ct);
        await db.Database.ExecuteSqlAsync($"pragma journal_mode = wal", ct);
        try
        {
            await db.Database.ExecuteSqlRawAsync("delete from \"__EFMigrationsLock\"", ct);
        }
        catch (DbException)
        {
            // A new database has no such table.
        }

        await MigratePendingAsync(ct);
        await db.Database.CloseConnectionAsync();
    }

    private async Task MigratePendingAsync(CancellationToken ct)
    {
        var applied = await AppliedAsync(ct);
        if (MoveMark.SentenceOf(applied) is { } moved)
        {
            throw new StartupError(moved);
        }

        if (applied.Except(db.Database.GetMigrations()).Any())
        {
            throw new StartupError(
                "The database was made by another version of Gateway that this one cannot upgrade: an older one before 0.2, or a newer "
                    + "one. "
                    + "Start the version that made it, or name an empty database in ConnectionStrings__Gateway."
            );
        }

        if (db.Database.GetMigrations().Except(applied).Count() is > 0 and var pending)
        {
            LogMigrating(pending);
            await db.Database.MigrateAsync(ct);
        }
    }

    /// <summary>Asked in SQL: EF makes a model of its own for this one question, at each start and for each command.</summary>
    private async Task<List<string>> AppliedAsync(CancellationToken ct)
    {
        var applied = new List<string>();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var read = db.Database.GetDbConnection().CreateCommand();
            read.CommandText = "select migration_id from \"__EFMigrationsHistory\" order by 1";
            await using var rows = await read.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                applied.Add(rows.GetString(0));
            }
        }
        catch (DbException missing)
            when (missing is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
                || (missing is SqliteException && missing.Message.Contains("no such table", StringComparison.Ordinal))
            )
        {
            // A new database has no such table.
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }

        return applied;
    }

    /// <summary>
    /// Of gateways that start at once one migrates, and the others wait. The lock is one of a transaction: a pooler lets it through, and
    /// PostgreSQL frees it with the connection that held it.
    /// </summary>
    private async Task<NpgsqlConnection> LockDatabaseAsync(CancellationToken ct)
    {
        var connection = await postgres!.OpenConnectionAsync(ct);
        try
        {
            await using var take = new NpgsqlCommand($"begin; select pg_advisory_xact_lock({MigrationLock})", connection);
            take.CommandTimeout = (int)MaxMigration.TotalSeconds;
            await take.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<FileStream> LockFileAsync(string path, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 600)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Bringing the database up to date: {Count} migrations")]
    private partial void LogMigrating(int count);
}
