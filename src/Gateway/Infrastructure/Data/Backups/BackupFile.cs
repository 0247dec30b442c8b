using Gateway.Infrastructure.Data.Moves;
using Gateway.Infrastructure.Security;

namespace Gateway.Infrastructure.Data.Backups;

/// <summary>What holds for backup files of both databases.</summary>
internal static class BackupFile
{
    /// <summary>Makes the file by <paramref name="write"/> under another name beside it, which becomes its own when it is whole.</summary>
    public static async Task WriteAsync(string file, Func<string, Task> write)
    {
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new StartupError($"{file} exists already and is never replaced.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            throw new StartupError($"There is no folder {folder}.");
        }

        var partial = $"{file}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await new FileStream(partial, options).DisposeAsync();
            await write(partial);
            File.Move(partial, file);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Looks at the first bytes of the file.</summary>
    /// <param name="begin">What a backup of this database begins with.</param>
    public static async Task EnsureBeginsAsync(string file, ReadOnlyMemory<byte> begin, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            throw new StartupError($"There is no file {file}.");
        }

        var first = new byte[SqliteBackup.Begin.Length];
        await using (var stream = File.OpenRead(file))
        {
            await stream.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, ct);
        }

        if (first.AsSpan().StartsWith(begin.Span))
        {
            return;
        }

        throw new StartupError(
            first.AsSpan().StartsWith(SqliteBackup.Begin.Span)
                ? $"{file} is a backup of a SQLite database, and ConnectionStrings__Gateway names PostgreSQL. Restore it into a SQLite "
                    + "file, then: gateway move --to 'Host=…'"
            : first.AsSpan().StartsWith(PostgresBackup.Begin.Span)
                ? $"{file} is a backup of PostgreSQL, and ConnectionStrings__Gateway names a SQLite file."
            : $"{file} is no backup that `gateway backup` made, or its beginning is damaged."
        );
    }

    /// <param name="applied">The migrations that made the database in the file.</param>
    /// <param name="known">Those of this program.</param>
    public static void EnsureKnown(string file, IReadOnlyCollection<string> applied, IEnumerable<string> known)
    {
        if (applied.Count == 0)
        {
            throw new StartupError($"{file} holds no database of Gateway.");
        }

        if (MoveMark.SentenceOf(applied) is { } moved)
        {
            throw new StartupError($"The database in {file} is not to be used. {moved}");
        }

        if (applied.Except(known).Any())
        {
            throw new StartupError(
                $"The database in {file} was made by another version of Gateway that this one cannot upgrade. Restore it with the version "
                    + "that made it, or a later one."
            );
        }
    }

    public static StartupError NotEmpty(string database) =>
        new($"{database} holds something already. Name another in ConnectionStrings__Gateway, or add --replace to set this one aside.");

    public static StartupError Damaged(string file, string why) => new($"{file} is damaged, and nothing was changed: {why}");
}
