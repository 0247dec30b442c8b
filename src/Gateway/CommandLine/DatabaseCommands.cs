using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Data.Backups;
using Gateway.Infrastructure.Data.Moves;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.CommandLine;

/// <summary><c>backup FILE</c>, <c>restore FILE</c>, <c>move --to CONNECTION</c>: the whole database at once.</summary>
internal static class DatabaseCommands
{
    /// <param name="services">Makes the services without a look at the database, so that a backup is of what is there.</param>
    public static Command Backup(Func<string?, Task<IServiceProvider>> services)
    {
        var file = new Argument<string>("FILE") { Description = "Where to write it; a file that exists is never replaced" };
        return new Command("backup", "Copy the whole database into one file, while the gateway runs") { file }.Does(
            () => services(null),
            async (scope, parsed, ct) =>
            {
                var path = Path.GetFullPath(parsed.GetRequiredValue(file));
                await scope.GetRequiredService<IDatabaseBackup>().BackupAsync(path, ct);
                await NoteAsync(scope, ct);
                var bytes = new FileInfo(path).Length;
                return new(
                    new { file = path, bytes },
                    string.Create(CultureInfo.InvariantCulture, $"Wrote {path}, {bytes:N0} bytes.\n")
                        + $"The master key is not in it, and it opens with no other: keep a copy of {MasterKeyFile(scope)} somewhere else."
                );
            }
        );
    }

    /// <summary>
    /// So that the page Health can say when it was. The database may be one of an older version, whose backup is as good as any.
    /// </summary>
    private static async Task NoteAsync(IServiceProvider scope, CancellationToken ct)
    {
        try
        {
            await scope
                .GetRequiredService<GatewayDb>()
                .WriteAsync(
                    () => scope.GetRequiredService<AuditLog>().RecordAsync(null, "cli", AuditReader.BackupMade, subject: null, ct),
                    ct
                );
        }
        catch (DbException)
        {
            // It has no such table, or nobody may write to it.
        }
    }

    /// <inheritdoc cref="Backup"/>
    public static Command Restore(Func<string?, Task<IServiceProvider>> services)
    {
        var file = new Argument<string>("FILE") { Description = "What `gateway backup` wrote" };
        var replace = new Option<bool>("--replace") { Description = "Set the database aside that is there" };
        return new Command("restore", "Put back the database of a backup; no gateway may run") { file, replace }.Does(
            () => services(null),
            async (scope, parsed, ct) =>
            {
                var aside = await scope
                    .GetRequiredService<IDatabaseBackup>()
                    .RestoreAsync(Path.GetFullPath(parsed.GetRequiredValue(file)), parsed.GetValue(replace), ct);
                await scope.GetRequiredService<Migrator>().MigrateAsync(ct);
                if (!await scope.GetRequiredService<MasterKey>().OpensAsync(scope.GetRequiredService<GatewayDb>(), ct))
                {
                    return CommandOutput.Failed(
                        $"The database was put back, but it needs another master key than {MasterKeyFile(scope)}: put the file there that "
                            + "was in use when the backup was made. Then: gateway consents verify"
                    );
                }

                var doubtful = await scope
                    .GetRequiredService<GatewayDb>()
                    .WriteAsync(() => SetAsideAsync(scope.GetServices<IAfterRestore>(), ct), ct);
                var ledgers = await VerifyAsync(scope, ct);
                string[] lines =
                [
                    "The database was put back.",
                    .. aside is null ? Array.Empty<string>() : [$"What was there before is {aside}; delete it when all is well."],
                    .. doubtful
                        .Where(one => one.Value > 0)
                        .Select(one =>
                            $"{one.Value} {one.Key} waited when the backup was made, and may have been sent since: they are not sent by "
                            + "themselves. See: gateway failed list --by-cause"
                        ),
                    ledgers.Sentence,
                ];
                return new(
                    new
                    {
                        ok = ledgers.Hold,
                        setAside = aside,
                        doubtful,
                    },
                    string.Join('\n', lines),
                    ledgers.Hold ? 0 : 2
                );
            }
        );
    }

    /// <inheritdoc cref="Backup"/>
    public static Command Move(Func<string?, Task<IServiceProvider>> services)
    {
        var to = new Option<string>("--to")
        {
            Description = "An empty database of PostgreSQL: \"Host=…;Database=…;Username=…\"; the password may stand in PGPASSWORD",
            Required = true,
        };
        return new Command("move", "Move everything from SQLite to PostgreSQL; no gateway may run. Once begun, it goes on when repeated")
        {
            to,
        }.Does(
            () => services(null),
            async (scope, parsed, ct) =>
            {
                var connection = parsed.GetRequiredValue(to);
                var db = scope.GetRequiredService<GatewayDb>();
                if (ErrorOf(connection, db) is { } error)
                {
                    return CommandOutput.Failed(error);
                }

                await using var target = (await services(connection)).CreateAsyncScope();
                var move = new MoveDatabase(
                    target.ServiceProvider.GetRequiredService<GatewayDb>(),
                    target.ServiceProvider.GetRequiredService<Migrator>()
                )
                {
                    Say = parsed.InvocationConfiguration.Error.WriteLine,
                };
                var file = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
                await using var source = await SqliteHold.TakeAsync(file, ct);
                var moved = await move.CopyAsync(source, db.Database.GetMigrations(), ct);
                var ledgers = await VerifyAsync(target.ServiceProvider, ct);
                if (!ledgers.Hold)
                {
                    return new(null, ledgers.Sentence + " The move was not ended.", 2);
                }

                await move.EndAsync(source, () => ReturnLeasesAsync(target.ServiceProvider, ct), ct);
                return new(
                    moved,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"All {moved.Rows:N0} rows of {moved.Tables} tables are in PostgreSQL, the same in both databases.\n"
                    )
                        + $"{ledgers.Sentence}\nSet ConnectionStrings__Gateway to it, then start the gateway. No gateway starts on {file} "
                        + "any more; keep it until all is well."
                );
            }
        );
    }

    private static string? ErrorOf(string to, GatewayDb db) =>
        !db.Database.IsSqlite()
            ? "ConnectionStrings__Gateway names PostgreSQL already. A database goes to another server by gateway backup and restore."
        : ConnectionText.ErrorOf(to) is { } error ? error.Replace("ConnectionStrings__Gateway", "--to", StringComparison.Ordinal)
        : !DataSetup.IsPostgres(to) ? "--to must name a database of PostgreSQL: \"Host=…;Database=…;Username=…\"."
        : null;

    private static string MasterKeyFile(IServiceProvider scope) =>
        scope.GetRequiredService<IOptions<GatewayOptions>>().Value.MasterKeyFile;

    private static async Task<Dictionary<string, int>> SetAsideAsync(IEnumerable<IAfterRestore> rooms, CancellationToken ct)
    {
        var doubtful = new Dictionary<string, int>();
        foreach (var room in rooms)
        {
            var (what, count) = await room.SetAsideAsync(ct);
            doubtful[what] = count;
        }

        return doubtful;
    }

    /// <summary>No process that held a row of the source is alive.</summary>
    private static async Task ReturnLeasesAsync(IServiceProvider target, CancellationToken ct)
    {
        foreach (var queue in target.GetServices<IQueueTable>())
        {
            await queue.ReturnLeasesAsync(null, target.GetRequiredService<ThisProcess>().Id, ct);
        }
    }

    private static async Task<Ledgers> VerifyAsync(IServiceProvider scope, CancellationToken ct)
    {
        var verify = scope.GetRequiredService<VerifyLedger>();
        var sites = await scope.GetRequiredService<SiteStore>().ListAsync(null, ct);
        long entries = 0;
        foreach (var site in sites)
        {
            var report = await verify.VerifyAsync(site.Id, null, ct);
            if (report.Error is not null)
            {
                return new(
                    false,
                    $"The consent ledger of {PublicId.Format(PublicId.Site, site.Id)} does not hold: gateway consents verify says more."
                );
            }

            entries += report.Entries;
        }

        return new(true, string.Create(CultureInfo.InvariantCulture, $"The consent ledgers hold: {entries:N0} entries."));
    }

    private sealed record Ledgers(bool Hold, string Sentence);
}
