using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>The gateway's tables in one SQLite file; its migrations are in Migrations/Sqlite.</summary>
internal sealed class SqliteGatewayDb(DbContextOptions<SqliteGatewayDb> options, WriteGate gate) : GatewayDb(options, gate)
{
    public override string SkipLocked => "";

    public override string NoneOf(string column, string texts) => $"{column} not in (select value from json_each({texts}))";

    public override DbParameter Texts(string name, IReadOnlyCollection<string> texts) =>
        this.Parameter(name, JsonSerializer.Serialize(texts));

    /// <summary>Times are stored as texts that begin with the day.</summary>
    public override string DayOf(string column) => $"substr({column}, 1, 10)";

    protected override bool IsConflict(Exception exception) =>
        exception
            is SqliteException { SqliteErrorCode: 5 or 6 }
                or DbUpdateException { InnerException: SqliteException { SqliteErrorCode: 5 or 6 } };
}
