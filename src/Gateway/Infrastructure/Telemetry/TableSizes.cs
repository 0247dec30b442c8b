using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Telemetry;

/// <param name="Rows">Estimated: PostgreSQL counts when it tidies up or analyzes, and on SQLite gaps count as rows.</param>
/// <param name="Bytes">With its indexes; null on SQLite, which would have to read every page to know.</param>
internal sealed record TableSize(string Table, long Rows, long? Bytes);

/// <summary>How large the database is, from what it knows without counting: it costs the same however many rows there are.</summary>
internal sealed class TableSizes(GatewayDb db)
{
    public async Task<IReadOnlyList<TableSize>> ReadAsync(CancellationToken ct)
    {
        List<string> names = [.. db.Model.GetEntityTypes().Select(table => table.GetTableName()!).Order(StringComparer.Ordinal)];
        return await (
            db.Database.IsSqlite()
                // Rows get rising numbers, and the oldest are deleted first.
                ? db.Database.SqlQueryRaw<TableSize>(
                    string.Join(
                        " union all ",
                        names.Select(name =>
                            $"select '{name}' as \"table\", "
                            + $"coalesce((select max(rowid) from {name}) - (select min(rowid) from {name}) + 1, 0) as rows, null as bytes"
                        )
                    )
                )
                : db.Database.SqlQuery<TableSize>(
                    $"""
                    select relname::text as "table", greatest(reltuples, 0)::bigint as rows, pg_total_relation_size(oid) as bytes
                    from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname = any ({names})
                    """
                )
        ).ToListAsync(ct);
    }

    /// <summary>Bytes of the whole database.</summary>
    public Task<long> ReadBytesAsync(CancellationToken ct) =>
        (
            db.Database.IsSqlite()
                ? db.Database.SqlQuery<long>($"select page_count * page_size as \"Value\" from pragma_page_count(), pragma_page_size()")
                : db.Database.SqlQuery<long>($"select pg_database_size(current_database()) as \"Value\"")
        ).SingleAsync(ct);
}
