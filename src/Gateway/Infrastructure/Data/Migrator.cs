using System.Data.Common;
using Gateway.Infrastructure.Data.Moves;
using Gateway.Infrastructure.Security;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>Brings the schema up to date at start. A start that is killed half-way must never block the next one.</summary>
internal sealed partial class Migrator(GatewayDb db, TimeProvider clock, ILogger<Migrator> logger)
{
    public async Task MigrateAsync(CancellationToken ct)
    {
        if (!db.Database.IsSqlite())
        {
            // PostgreSQL frees the migration lock with the connection that held it.
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
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
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

        var pending = (await db.Database.GetPendingMigrationsAsync(ct)).ToList();
        if (pending.Count > 0)
        {
            LogMigrating(pending.Count);
            await db.Database.MigrateAsync(ct);
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
