using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// One statement about many rows, with every value in the form its column stores. Its text does not depend on how many there are, so it is
/// parsed and planned once: PostgreSQL gets all rows at once, as an array for each column; SQLite gets them one after the other, since
/// there a call costs less than looking up the names of many parameters.
/// </summary>
internal static class RowsStatement
{
    /// <summary>Runs it inside the caller's transaction.</summary>
    /// <param name="sql">Makes the text; it is given a select that yields the rows, with the columns <c>column1</c>, <c>column2</c>,
    /// …</param>
    /// <param name="columns">What of each row is given, in the order of these columns.</param>
    /// <param name="read">Called with each row that the statement returns.</param>
    /// <param name="others">Parameters that are the same for all rows.</param>
    /// <returns>How many rows the statement changed.</returns>
    public static async Task<int> RunForAsync<T>(
        this GatewayDb db,
        IReadOnlyCollection<T> rows,
        IReadOnlyList<IProperty> columns,
        Func<string, string> sql,
        CancellationToken ct,
        Action<DbDataReader>? read = null,
        params IEnumerable<DbParameter> others
    )
        where T : class
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.Parameters.AddRange(others.ToArray());
        var isSqlite = db.Database.IsSqlite();
        command.CommandText = sql(isSqlite ? OneRow(columns.Count) : Arrays(columns.Count));
        if (!isSqlite)
        {
            for (var at = 0; at < columns.Count; at++)
            {
                command.Parameters.Add(ArrayOf(rows, columns[at], Name(at)));
            }

            return await RunAsync(command, read, ct);
        }

        var changed = 0;
        var parameters = columns.Select((_, at) => db.Parameter(Name(at), null)).ToArray();
        command.Parameters.AddRange(parameters);
        foreach (var row in rows)
        {
            for (var at = 0; at < columns.Count; at++)
            {
                parameters[at].Value = Stored(columns[at], row) ?? DBNull.Value;
            }

            changed += await RunAsync(command, read, ct);
        }

        return changed;
    }

    private static async Task<int> RunAsync(DbCommand command, Action<DbDataReader>? read, CancellationToken ct)
    {
        if (read is null)
        {
            return await command.ExecuteNonQueryAsync(ct);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            read(reader);
        }

        return reader.RecordsAffected;
    }

    private static string OneRow(int columns) => $"select {Listed(columns, at => $"{Name(at)} as column{at + 1}")}";

    private static string Arrays(int columns) =>
        $"select * from unnest({Listed(columns, Name)}) as list ({Listed(columns, at => $"column{at + 1}")})";

    private static string Listed(int count, Func<int, string> one) => string.Join(", ", Enumerable.Range(0, count).Select(one));

    private static string Name(int column) => string.Create(CultureInfo.InvariantCulture, $"@c{column}");

    private static NpgsqlParameter ArrayOf<T>(IReadOnlyCollection<T> rows, IProperty column, string name)
        where T : class
    {
        var mapping = column.GetRelationalTypeMapping();
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        var values = Array.CreateInstance(
            column.IsNullable && type.IsValueType && Nullable.GetUnderlyingType(type) is null
                ? typeof(Nullable<>).MakeGenericType(type)
                : type,
            rows.Count
        );
        var next = 0;
        foreach (var row in rows)
        {
            values.SetValue(Stored(column, row), next++);
        }

        return new(name, values) { DataTypeName = mapping.StoreTypeNameBase + "[]" };
    }

    private static object? Stored<T>(IProperty column, T row)
        where T : class =>
        column.GetGetter().GetClrValue(row) is not { } value ? null
        : column.GetRelationalTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value)
        : value;
}
