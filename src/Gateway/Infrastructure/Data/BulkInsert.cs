using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Inserts many rows by one statement that both databases speak, and lets the unique index decide about rows that are there already.
/// </summary>
internal static class BulkInsert
{
    /// <returns>How many rows were inserted; rows whose key was there already are passed over.</returns>
    public static Task<int> InsertNewAsync<T>(this GatewayDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var columns = entity
            .GetProperties()
            .Where(property => property.ValueGenerated == ValueGenerated.Never || property.IsKey())
            .ToArray();
        var into = $"insert into {entity.GetTableName()} ({string.Join(", ", columns.Select(column => column.GetColumnName()))})";
        return db.RunForAsync(rows, columns, list => $"{into} select * from ({list}) as given where true on conflict do nothing", ct);
    }

    /// <summary>A parameter for SQL written by hand, in the form the database stores such a value.</summary>
    public static DbParameter Parameter(this GatewayDb db, string name, object? value)
    {
        using var command = db.Database.GetDbConnection().CreateCommand();
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        return parameter;
    }
}
