using System.Globalization;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Infrastructure.Data.Backups;

/// <summary>By <c>pg_dump</c> and <c>pg_restore</c>, in their custom format: compressed, and read by every later PostgreSQL.</summary>
internal sealed class PostgresBackup(GatewayDb db, IConfiguration configuration, TimeProvider clock) : IDatabaseBackup
{
    /// <summary>What the custom format begins with.</summary>
    public static readonly ReadOnlyMemory<byte> Begin = "PGDMP"u8.ToArray();

    /// <summary>Beginning of the schemas that hold what was set aside; they are in no backup.</summary>
    private const string Aside = "replaced_";

    /// <summary>The connection itself does not give its password away.</summary>
    private NpgsqlConnectionStringBuilder Settings => new(configuration.GatewayConnection());

    private NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    public async Task BackupAsync(string file, CancellationToken ct)
    {
        await db.Database.OpenConnectionAsync(ct);
        var dump = new PostgresTool("pg_dump", Settings);
        await dump.EnsureFitsAsync(Connection.PostgreSqlVersion.Major, ct);

        // The schema of Hangfire is only a clock, which a gateway sets anew (ADR 4). Owners and rights are those of where it is restored.
        await BackupFile.WriteAsync(
            file,
            partial =>
                dump.RunAsync(
                    [
                        "--format=custom",
                        "--no-owner",
                        "--no-privileges",
                        "--exclude-schema=hangfire",
                        $"--exclude-schema={Aside}*",
                        $"--file={partial}",
                    ],
                    ct
                )
        );
    }

    public async Task<string?> RestoreAsync(string file, bool replace, CancellationToken ct)
    {
        await BackupFile.EnsureBeginsAsync(file, Begin, ct);
        var restore = new PostgresTool("pg_restore", new());
        await CheckAsync(restore, file, ct);
        await db.Database.OpenConnectionAsync(ct);
        await EnsureNobodyWorksAsync(ct);
        var isEmpty = await DatabaseTables.AreEmptyAsync(db, Connection, ct);
        if (!isEmpty && !replace)
        {
            throw BackupFile.NotEmpty($"The database {Connection.Database}");
        }

        var aside = Aside + clock.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        await ExecuteAsync($"alter schema public rename to {aside}; create schema public;", ct);
        try
        {
            await new PostgresTool("pg_restore", Settings).RunAsync(
                ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", $"--dbname={Connection.Database}", file],
                ct
            );
        }
        catch
        {
            await ExecuteAsync($"drop schema public cascade; alter schema {aside} rename to public;", CancellationToken.None);
            throw;
        }

        if (isEmpty)
        {
            await ExecuteAsync($"drop schema {aside} cascade;", ct);
        }

        await ExecuteAsync("analyze", ct);
        return isEmpty ? null : $"the schema {aside} of the database {Connection.Database}";
    }

    /// <summary>Reads the whole file, and which version's database is in it.</summary>
    private async Task CheckAsync(PostgresTool restore, string file, CancellationToken ct)
    {
        string history;
        try
        {
            await restore.RunAsync(["--file=-", file], ct, keepsOutput: false);
            history = await restore.RunAsync(["--data-only", "--table=__EFMigrationsHistory", "--file=-", file], ct);
        }
        catch (StartupError unreadable) when (!unreadable.Message.Contains("not installed", StringComparison.Ordinal))
        {
            throw BackupFile.Damaged(file, unreadable.Message);
        }

        // Rows of COPY: between the line that ends with "stdin;" and the line "\.", with tabs between the columns.
        var applied = history
            .Split('\n')
            .SkipWhile(line => !line.StartsWith("COPY ", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line != @"\.")
            .Select(line => line.Split('\t')[0])
            .ToList();
        BackupFile.EnsureKnown(file, applied, db.Database.GetMigrations());
    }

    /// <summary>Whoever works on the queues says every two seconds that it lives (ADR 23).</summary>
    private async Task EnsureNobodyWorksAsync(CancellationToken ct)
    {
        await using var living = Connection.CreateCommand();
        living.CommandText = "select count(*) > 0 from worker_processes where seen_at > clock_timestamp() - interval '6 seconds'";
        try
        {
            if (await living.ExecuteScalarAsync(ct) is true)
            {
                throw new StartupError($"A gateway is running on the database {Connection.Database}. Stop it first.");
            }
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // No gateway was ever started on it.
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
