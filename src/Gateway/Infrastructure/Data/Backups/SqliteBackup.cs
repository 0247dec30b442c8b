using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data.Backups;

/// <summary>By SQLite's own backup: all pages in one read, beside which writers go on.</summary>
internal sealed class SqliteBackup(GatewayDb db, TimeProvider clock) : IDatabaseBackup
{
    /// <summary>What the file format begins with (https://sqlite.org/fileformat.html).</summary>
    public static readonly ReadOnlyMemory<byte> Begin = "SQLite format 3\0"u8.ToArray();

    private string Target => Path.GetFullPath(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource);

    public Task BackupAsync(string file, CancellationToken ct) =>
        BackupFile.WriteAsync(
            file,
            async partial =>
            {
                await using var source = await SqliteHold.OpenAsync(Target, ct);
                await using var copy = await SqliteHold.OpenAsync(partial, ct);
                source.BackupDatabase(copy);

                // One file, without a journal beside it.
                await copy.ExecuteAsync("pragma journal_mode = delete", ct);
                if (await copy.ReadAsync("pragma quick_check(1)", ct) is not ["ok"] and var errors)
                {
                    throw BackupFile.Damaged(Target, string.Join(' ', errors));
                }
            }
        );

    public async Task<string?> RestoreAsync(string file, bool replace, CancellationToken ct)
    {
        await BackupFile.EnsureBeginsAsync(file, Begin, ct);
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        var copy = $"{Target}.{Path.GetRandomFileName()}";
        try
        {
            File.Copy(file, copy);
            await CheckAsync(file, copy, ct);
            return await PutAsync(copy, replace, ct);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task CheckAsync(string file, string copy, CancellationToken ct)
    {
        await using var connection = await SqliteHold.OpenAsync(copy, ct);
        IReadOnlyList<string> errors,
            applied;
        try
        {
            errors = await connection.ReadAsync("pragma integrity_check(3)", ct);
            applied = errors is ["ok"] ? await connection.MigrationsAsync(ct) : [];
        }
        catch (SqliteException unreadable)
        {
            throw BackupFile.Damaged(file, unreadable.Message);
        }

        if (errors is not ["ok"])
        {
            throw BackupFile.Damaged(file, string.Join(' ', errors));
        }

        BackupFile.EnsureKnown(file, applied, db.Database.GetMigrations());
    }

    /// <summary>Nobody else has either file open while the names change.</summary>
    private async Task<string?> PutAsync(string copy, bool replace, CancellationToken ct)
    {
        if (!File.Exists(Target))
        {
            File.Move(copy, Target);
            return null;
        }

        await using var hold = await SqliteHold.TakeAsync(Target, ct);
        var isEmpty = await DatabaseTables.AreEmptyAsync(db, hold, ct);
        if (!isEmpty && !replace)
        {
            throw BackupFile.NotEmpty(Target);
        }

        await hold.ExecuteAsync("pragma journal_mode = delete", ct);
        var aside = string.Create(CultureInfo.InvariantCulture, $"{Target}.replaced-{clock.GetUtcNow():yyyyMMddHHmmss}");
        File.Move(Target, aside);
        File.Move(copy, Target);
        if (isEmpty)
        {
            File.Delete(aside);
        }

        return isEmpty ? null : aside;
    }
}
