using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>The gateway's tables in PostgreSQL; its migrations are in Migrations/Postgres.</summary>
internal sealed class PostgresGatewayDb(DbContextOptions<PostgresGatewayDb> options, WriteGate gate) : GatewayDb(options, gate)
{
    public override string SkipLocked => "for update skip locked";

    public override string NoneOf(string column, string texts) => $"{column} <> all ({texts})";

    public override DbParameter Texts(string name, IReadOnlyCollection<string> texts) => this.Parameter(name, texts.ToArray());

    public override string DayOf(string column) => $"({column} at time zone 'UTC')::date";

    protected override bool IsConflict(Exception exception) =>
        exception
            is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
                or DbUpdateException
                {
                    InnerException: PostgresException
                    {
                        SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
                    }
                };
}
