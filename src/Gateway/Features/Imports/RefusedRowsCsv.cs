using System.Globalization;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports;

/// <summary>Rows that were not taken, as CSV: <c>line,address,reason</c>.</summary>
internal static class RefusedRowsCsv
{
    public const string FileName = "not-taken.csv";

    /// <returns>How many rows, without the heading.</returns>
    public static async Task<int> WriteAsync(IAsyncEnumerable<RefusedRow> rows, Stream output, CancellationToken ct)
    {
        await using var csv = new CsvFile(output, ["line", "address", "reason"]);
        await foreach (var row in rows.WithCancellation(ct))
        {
            await csv.WriteAsync(row.Line.ToString(CultureInfo.InvariantCulture), row.Address, row.Reason);
        }

        return csv.Rows;
    }
}
