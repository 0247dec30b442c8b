using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports.Reading;

/// <summary>A file from its first row on: what stands above its columns, and then the people.</summary>
internal sealed class ReadFile(CsvRows rows) : IDisposable
{
    /// <summary>So many rows are shown before anything is done with a file.</summary>
    public const int Shown = 10;

    /// <summary>Characters of a heading that are kept. The number of the column (<c>#1</c>) means it however long it is.</summary>
    private const int MaxHeading = 200;

    public IReadOnlyList<string> Columns { get; private set; } = [];

    public string Encoding => rows.Encoding;

    public string Separator => rows.Separator;

    public static async Task<ReadFile> OpenAsync(Stream file, CsvWriting given, CancellationToken ct) =>
        new(await CsvRows.OpenAsync(file, given, ct));

    /// <returns>Everything but the heading; <see cref="Columns"/> is known from the first row on.</returns>
    /// <inheritdoc cref="CsvRows.ReadAsync"/>
    public async IAsyncEnumerable<FileRow> RowsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in rows.ReadAsync(ct))
        {
            if (Columns.Count > 0)
            {
                yield return row;
            }
            else if (ImportFields.IsHeading(row))
            {
                Columns = [.. row.Cells.Select((cell, at) => cell.Length > 0 ? Shortening.To(cell, MaxHeading) : Number(at))];
            }
            else
            {
                Columns = [.. row.Cells.Select((_, at) => Number(at))];
                yield return row;
            }
        }
    }

    public void Dispose() => rows.Dispose();

    private static string Number(int column) => string.Create(CultureInfo.InvariantCulture, $"#{column + 1}");
}
