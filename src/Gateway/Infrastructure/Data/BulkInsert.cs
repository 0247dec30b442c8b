using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Infrastructure.Data;

/// <summary>Inserts many rows by one statement that both databases speak, and lets the unique index decide about rows that are there already.</summary>
internal static class BulkInsert
{
    // SQLite's client looks every parameter up by its name among all of them: twice as many cost four times as much.
    private const int MostParameters = 400;

    /// <returns>How many rows were inserted; rows whose key was there already are passed over.</returns>
    public static async Task<int> InsertNewAsync<T>(this GatewayDb db, IReadOnlyCollection<T> rows, CancellationToken ct)
        where T : class
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var properties = entity.GetProperties().Where(property => property.ValueGenerated == ValueGenerated.Never || property.IsKey()).ToArray();
        var inserted = 0;

        foreach (var chunk in rows.Chunk(MostParameters / properties.Length))
        {
            inserted += await InsertChunkAsync(db, entity, properties, chunk, ct);
        }

        return inserted;
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

    private static async Task<int> InsertChunkAsync<T>(
        GatewayDb db, IEntityType entity, IProperty[] properties, T[] rows, CancellationToken ct)
        where T : class
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();

        var sql = new StringBuilder("insert into ").Append(entity.GetTableName()).Append(" (")
            .AppendJoin(", ", properties.Select(property => property.GetColumnName())).Append(") values ");

        for (var row = 0; row < rows.Length; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < properties.Length; column++)
            {
                var property = properties[column];
                var name = string.Create(CultureInfo.InvariantCulture, $"@p{row}_{column}");
                var mapping = property.GetRelationalTypeMapping();
                command.Parameters.Add(mapping.CreateParameter(command, name, property.GetGetter().GetClrValue(rows[row]), property.IsNullable));
                sql.Append(column == 0 ? "" : ", ").Append(name);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(" on conflict do nothing").ToString();
        return await command.ExecuteNonQueryAsync(ct);
    }
}
