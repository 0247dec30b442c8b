using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Statements about many rows: what both databases call a list of values, with every value in the form its column stores.
/// </summary>
internal static class ValuesList
{
    /// <returns>The rows in as many groups as there should be statements.</returns>
    public static IEnumerable<T[]> Statements<T>(GatewayDb db, IEnumerable<T> rows, IReadOnlyCollection<IProperty> columns) =>
        rows.Chunk(db.MaxParameters / columns.Count);

    /// <returns>A command of the running transaction: what stands before the list, <c>(@p0_0, @p0_1), (@p1_0, …</c>, and what stands after
    /// it.</returns>
    public static DbCommand Command<T>(GatewayDb db, string before, IReadOnlyList<IProperty> columns, IReadOnlyList<T> rows, string after)
        where T : class
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        var sql = new StringBuilder(before);
        for (var row = 0; row < rows.Count; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var at = 0; at < columns.Count; at++)
            {
                var column = columns[at];
                var name = string.Create(CultureInfo.InvariantCulture, $"@p{row}_{at}");
                command.Parameters.Add(
                    column
                        .GetRelationalTypeMapping()
                        .CreateParameter(command, name, column.GetGetter().GetClrValue(rows[row]), column.IsNullable)
                );
                sql.Append(at == 0 ? "" : ", ").Append(name);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(after).ToString();
        return command;
    }
}
