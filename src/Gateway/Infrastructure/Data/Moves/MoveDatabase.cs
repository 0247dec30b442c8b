using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Security;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Infrastructure.Data.Moves;

/// <param name="Rows">In all tables together.</param>
internal sealed record MovedRows(int Tables, long Rows);

/// <summary>
/// Copies everything from a SQLite file into an empty database of PostgreSQL. Rows go in chunks, and each chunk is committed with the place
/// where the next begins, so that a move that was killed goes on there. At the end both are read again and compared, table by table; a
/// table that differs, because somebody wrote to the source in between, is copied anew.
/// </summary>
/// <param name="target">The target, which no gateway works on.</param>
/// <param name="migrator">The target's.</param>
internal sealed class MoveDatabase(GatewayDb target, Migrator migrator)
{
    private const string Progress = "move_progress";

    /// <summary>Rows in a transaction.</summary>
    public int Chunk { get; init; } = 10_000;

    /// <summary>Hears of the work in sentences.</summary>
    public Action<string> Say { get; init; } = _ => { };

    private NpgsqlConnection Connection => (NpgsqlConnection)target.Database.GetDbConnection();

    /// <summary>Copies and compares. No gateway starts on either until <see cref="EndAsync"/>, or on the source alone if that is never
    /// called.</summary>
    /// <param name="source">Held for this program alone (<see cref="SqliteHold.TakeAsync"/>).</param>
    /// <param name="migrations">Those that this program makes a SQLite database with.</param>
    public async Task<MovedRows> CopyAsync(SqliteConnection source, IEnumerable<string> migrations, CancellationToken ct)
    {
        var applied = await source.MigrationsAsync(ct);
        if (!applied.Where(one => one != MoveMark.Moved).ToHashSet().SetEquals(migrations))
        {
            throw new StartupError("The database was made by another version of Gateway. First: gateway migrate");
        }

        await BeginAsync(await NameOfAsync(source, ct), applied.Contains(MoveMark.Moved), ct);
        var tables = DatabaseTables.InOrder(target.Model).Select(table => new MovedTable(table)).ToList();
        long rows = 0;
        foreach (var table in tables)
        {
            await CopyAsync(table, source, ct);
        }

        Say("Comparing both databases.");
        foreach (var table in tables)
        {
            rows += (await CompareAsync(table, source, ct)).Rows;
        }

        await SetNumbersAsync(tables, ct);
        return new(tables.Count, rows);
    }

    /// <summary>From here on the target is the database, and no gateway starts on the source.</summary>
    /// <param name="finish">What else is to be changed in the target in the same transaction.</param>
    public async Task EndAsync(SqliteConnection source, Func<Task> finish, CancellationToken ct)
    {
        await source.ExecuteAsync(
            $"insert into \"__EFMigrationsHistory\" (migration_id, product_version) values ('{MoveMark.Moved}', '') on conflict do nothing",
            ct
        );
        await target.WriteAsync(
            async () =>
            {
                await finish();
                await ExecuteAsync($"drop table {Progress}", ct);
                await ExecuteAsync($"delete from \"__EFMigrationsHistory\" where migration_id = '{MoveMark.Begun}'", ct);
            },
            ct
        );
        await ExecuteAsync("analyze", ct);
    }

    /// <summary>Makes the target ready, or finds the move of this source that was begun there.</summary>
    private async Task BeginAsync(string name, bool isMoved, CancellationToken ct)
    {
        await target.Database.OpenConnectionAsync(ct);
        if (await BegunAsync(ct) is { } begun)
        {
            if (begun != name)
            {
                throw new StartupError("A move of another database into this one has begun. Name an empty database.");
            }

            Say("Going on with the move that was begun.");
            return;
        }

        if (isMoved)
        {
            throw new StartupError(MoveMark.SentenceOf([MoveMark.Moved])!);
        }

        if (!await DatabaseTables.AreEmptyAsync(target, Connection, ct))
        {
            throw new StartupError("The database that --to names holds something already. Name an empty one.");
        }

        await migrator.MigrateAsync(ct);
        await target.WriteAsync(
            async () =>
            {
                await ExecuteAsync(
                    $"truncate {string.Join(", ", target.Model.GetEntityTypes().Select(table => table.GetTableName()))}",
                    ct
                );
                await ExecuteAsync($"create table {Progress} (name text primary key, last bigint not null)", ct);
                await ExecuteAsync(
                    $"insert into \"__EFMigrationsHistory\" (migration_id, product_version) values ('{MoveMark.Begun}', '{name}')",
                    ct
                );
            },
            ct
        );
    }

    private async Task CopyAsync(MovedTable table, SqliteConnection source, CancellationToken ct)
    {
        long copied = 0;
        for (var taken = Chunk; taken == Chunk; )
        {
            taken = await target.WriteAsync(
                async () =>
                {
                    var after =
                        await ScalarAsync($"select last from {Progress} where name = '{table.Name}'", ct) as long? ?? long.MinValue;
                    var (rows, last) = await table.CopyAsync(source, Connection, after, Chunk, ct);
                    await ExecuteAsync(
                        $"insert into {Progress} values ('{table.Name}', {last}) on conflict (name) do update set last = excluded.last",
                        ct
                    );
                    return rows;
                },
                ct
            );
            copied += taken;
            if (taken > 0)
            {
                Say(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {copied:N0} rows copied"));
            }
        }
    }

    private async Task<TableContent> CompareAsync(MovedTable table, SqliteConnection source, CancellationToken ct)
    {
        var there = await table.ReadAsync(source, ct);
        if (await table.ReadAsync(Connection, ct) != there)
        {
            Say($"{table.Name}: changed since it was copied; it is copied anew");
            await target.WriteAsync(
                async () =>
                {
                    await ExecuteAsync($"truncate {table.Name}", ct);
                    await ExecuteAsync($"delete from {Progress} where name = '{table.Name}'", ct);
                },
                ct
            );
            await CopyAsync(table, source, ct);
            var here = await table.ReadAsync(Connection, ct);
            if (here != there)
            {
                throw new StartupError(
                    $"The table {table.Name} is not the same in both databases: {there.Rows} rows here, {here.Rows} there. Nothing was "
                        + "changed here, and the gateway can be started on this database as before."
                );
            }
        }

        return there;
    }

    private async Task SetNumbersAsync(IEnumerable<MovedTable> tables, CancellationToken ct)
    {
        foreach (var (name, column) in tables.Where(table => table.Numbered is not null).Select(table => (table.Name, table.Numbered)))
        {
            await ExecuteAsync(
                $"select setval(pg_get_serial_sequence('{name}', '{column}'), coalesce(max({column}), 0) + 1, false) from {name}",
                ct
            );
        }
    }

    /// <returns>What the mark says of the source; null when no move was begun.</returns>
    private async Task<string?> BegunAsync(CancellationToken ct) =>
        await ScalarAsync("select to_regclass('\"__EFMigrationsHistory\"')::text", ct) is string
            ? await ScalarAsync($"select product_version from \"__EFMigrationsHistory\" where migration_id = '{MoveMark.Begun}'", ct)
                as string
            : null;

    /// <returns>32 letters for this installation: made of its first key, which no other has.</returns>
    private static async Task<string> NameOfAsync(SqliteConnection source, CancellationToken ct) =>
        await source.ReadAsync("select xml from data_protection_keys order by id limit 1", ct) is [var key]
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]
            : throw new StartupError("No gateway was ever started on this database, so there is nothing to move.");

    private async Task<object?> ScalarAsync(string sql, CancellationToken ct)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>The statements are texts of the program's own.</summary>
    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
