using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports.Exports;

/// <summary>How an export is written.</summary>
internal enum ExportFormat
{
    /// <summary>RFC 4180, UTF-8, with a heading; safe to open in a spreadsheet.</summary>
    Csv,

    /// <summary>An array with an object for each row.</summary>
    Json,
}

/// <summary>What is exported: rows of the same columns, read while they are written.</summary>
/// <param name="Columns">In camelCase.</param>
/// <param name="Rows">A value for each column: a text, a number, a time (UTC), JSON, or null.</param>
internal sealed record ExportTable(string Name, IReadOnlyList<string> Columns, IAsyncEnumerable<IReadOnlyList<object?>> Rows)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string MediaTypeOf(ExportFormat format) => format == ExportFormat.Csv ? CsvFile.MediaType : "application/json";

    public string FileNameOf(ExportFormat format) => $"{Name}.{(format == ExportFormat.Csv ? "csv" : "json")}";

    /// <returns>How many rows were written.</returns>
    public Task<int> WriteAsync(ExportFormat format, Stream output, CancellationToken ct) =>
        format == ExportFormat.Csv ? WriteCsvAsync(output, ct) : WriteJsonAsync(output, ct);

    private async Task<int> WriteCsvAsync(Stream output, CancellationToken ct)
    {
        // The first row may be a while away: few are suppressed, and they are looked for among all people.
        await using var csv = new CsvFile(output, Columns);
        await csv.SendHeadingAsync();
        await foreach (var row in Rows.WithCancellation(ct))
        {
            await csv.WriteAsync(row.Select(Text));
        }

        return csv.Rows;
    }

    private async Task<int> WriteJsonAsync(Stream output, CancellationToken ct)
    {
        var rows = 0;
        await using var text = new StreamWriter(output, leaveOpen: true);
        await text.WriteAsync('[');
        await text.FlushAsync(ct);
        await foreach (var row in Rows.WithCancellation(ct))
        {
            var fields = new JsonObject(
                Columns.Zip(row, (column, value) => KeyValuePair.Create(column, JsonSerializer.SerializeToNode(value, Json)))
            );
            await text.WriteAsync(rows++ == 0 ? "\n" : ",\n");
            await text.WriteAsync(fields.ToJsonString(Json));
        }

        await text.WriteAsync("\n]\n");
        return rows;
    }

    private static string? Text(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => JsonSerializer.Serialize(value, Json),
        };
}
