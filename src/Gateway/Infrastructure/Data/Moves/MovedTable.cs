using System.Buffers;
using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace Gateway.Infrastructure.Data.Moves;

/// <summary>How many rows a table has, and a hash of what stands in them.</summary>
/// <param name="Hash">The sum of the hashes of all rows, so that their order does not count.</param>
internal readonly record struct TableContent(long Rows, UInt128 Hash);

/// <summary>One table on its way from SQLite to PostgreSQL.</summary>
internal sealed class MovedTable
{
    /// <summary>PostgreSQL keeps times in millionths of a second.</summary>
    private const long TicksKept = TimeSpan.TicksPerMicrosecond;

    private readonly Column[] _columns;
    private readonly string _list;

    /// <param name="target">The table in the model of PostgreSQL; the columns of both have the same names.</param>
    public MovedTable(IEntityType target)
    {
        Name = target.GetTableName()!;
        _columns = [.. target.GetProperties().Select(property => new Column(property))];
        _list = string.Join(", ", _columns.Select(column => column.Name));
    }

    public string Name { get; }

    /// <summary>Of a column whose numbers the database gives; null when there is none.</summary>
    public string? Numbered => _columns.FirstOrDefault(column => column.IsNumbered)?.Name;

    /// <summary>Copies the rows that come next, inside the caller's transaction on the target.</summary>
    /// <param name="after">The <c>rowid</c> of the last one that was copied.</param>
    /// <returns>How many, and the <c>rowid</c> of the last.</returns>
    public async Task<(int Rows, long Last)> CopyAsync(
        SqliteConnection source,
        NpgsqlConnection target,
        long after,
        int limit,
        CancellationToken ct
    )
    {
        await using var select = source.CreateCommand();
        select.CommandText = $"select {_list}, rowid from {Name} where rowid > $after order by rowid limit $limit";
        select.Parameters.AddWithValue("$after", after);
        select.Parameters.AddWithValue("$limit", limit);
        await using var reader = await select.ExecuteReaderAsync(ct);
        await using var copy = await target.BeginBinaryImportAsync($"copy {Name} ({_list}) from stdin (format binary)", ct);
        var (rows, last) = (0, after);
        while (await reader.ReadAsync(ct))
        {
            await copy.StartRowAsync(ct);
            for (var at = 0; at < _columns.Length; at++)
            {
                if (_columns[at].Read(reader, at) is { } value)
                {
                    await copy.WriteAsync(value, _columns[at].StoreType, ct);
                }
                else
                {
                    await copy.WriteNullAsync(ct);
                }
            }

            (rows, last) = (rows + 1, reader.GetInt64(_columns.Length));
        }

        await copy.CompleteAsync(ct);
        return (rows, last);
    }

    /// <summary>Reads the whole table, of either database.</summary>
    public async Task<TableContent> ReadAsync(DbConnection connection, CancellationToken ct)
    {
        await using var select = connection.CreateCommand();
        select.CommandText = $"select {_list} from {Name}";
        select.CommandTimeout = 0;
        await using var reader = await select.ExecuteReaderAsync(ct);
        var row = new ArrayBufferWriter<byte>();
        var content = default(TableContent);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        while (reader.Read())
        {
            ct.ThrowIfCancellationRequested();
            row.ResetWrittenCount();
            for (var at = 0; at < _columns.Length; at++)
            {
                Append(row, _columns[at].Read(reader, at));
            }

            SHA256.HashData(row.WrittenSpan, hash);
            content = new(content.Rows + 1, unchecked(content.Hash + BinaryPrimitives.ReadUInt128BigEndian(hash)));
        }

        return content;
    }

    /// <summary>Each value with its length, so that two values never read as one.</summary>
    private static void Append(ArrayBufferWriter<byte> row, object? value)
    {
        ReadOnlySpan<byte> bytes = value switch
        {
            null => [],
            byte[] blob => blob,
            Guid id => id.ToByteArray(bigEndian: true),
            DateTime time => Encoding.ASCII.GetBytes((time.Ticks / TicksKept).ToString(CultureInfo.InvariantCulture)),
            DateOnly day => Encoding.ASCII.GetBytes(day.ToString("O", CultureInfo.InvariantCulture)),
            decimal number => Encoding.ASCII.GetBytes(number.ToString("0.############################", CultureInfo.InvariantCulture)),
            _ => Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        };
        BinaryPrimitives.WriteInt32BigEndian(row.GetSpan(sizeof(int)), value is null ? -1 : bytes.Length);
        row.Advance(sizeof(int));
        row.Write(bytes);
    }

    private sealed class Column
    {
        private readonly Type _type;

        public Column(IProperty property)
        {
            Name = property.GetColumnName();
            var stored = property.GetRelationalTypeMapping();
            _type = stored.Converter?.ProviderClrType ?? property.ClrType;
            _type = Nullable.GetUnderlyingType(_type) ?? _type;
            StoreType = stored.StoreTypeNameBase;
            IsNumbered = property.ValueGenerated == ValueGenerated.OnAdd && (_type == typeof(int) || _type == typeof(long));
        }

        public string Name { get; }

        /// <summary>Without its length, such as <c>numeric</c>.</summary>
        public string StoreType { get; }

        public bool IsNumbered { get; }

        /// <returns>The value as PostgreSQL takes it; null for null.</returns>
        public object? Read(DbDataReader reader, int at) =>
            reader.IsDBNull(at) ? null
            : _type == typeof(string) ? reader.GetString(at)
            : _type == typeof(Guid) ? reader.GetGuid(at)
            : _type == typeof(DateTime) ? Kept(reader.GetDateTime(at))
            : _type == typeof(DateOnly) ? reader.GetFieldValue<DateOnly>(at)
            : _type == typeof(byte[]) ? reader.GetFieldValue<byte[]>(at)
            : _type == typeof(int) ? reader.GetInt32(at)
            : _type == typeof(long) ? reader.GetInt64(at)
            : _type == typeof(bool) ? reader.GetBoolean(at)
            : _type == typeof(decimal) ? reader.GetDecimal(at)
            : _type == typeof(double) ? reader.GetDouble(at)
            : throw new NotSupportedException($"A column of the type {_type} cannot be moved.");

        private static DateTime Kept(DateTime time) => new(time.Ticks / TicksKept * TicksKept, DateTimeKind.Utc);
    }
}
