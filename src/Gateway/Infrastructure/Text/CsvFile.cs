using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// Writes CSV (RFC 4180, UTF-8) row by row. A field that a spreadsheet would take for a formula begins with an apostrophe, which
/// spreadsheets hide: whoever typed an address must not run anything on the machine of whoever looks at it (OWASP, "CSV Injection").
/// </summary>
internal sealed class CsvFile : IAsyncDisposable
{
    public const string MediaType = "text/csv; charset=utf-8";

    private static readonly CsvConfiguration Rules = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        InjectionOptions = InjectionOptions.Escape,
    };

    private readonly CsvWriter _csv;
    private readonly IReadOnlyList<string> _heading;
    private bool _hasBegun;

    /// <param name="output">Stays open.</param>
    /// <param name="heading">The names of the columns.</param>
    public CsvFile(Stream output, IReadOnlyList<string> heading)
    {
        _heading = heading;
        _csv = new(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true), Rules);
    }

    /// <summary>How many rows there are, without the heading.</summary>
    public int Rows { get; private set; }

    /// <param name="fields">Null is an empty one.</param>
    public async Task WriteAsync(params IEnumerable<string?> fields)
    {
        await BeginAsync();
        await WriteRowAsync(fields);
        Rows++;
    }

    /// <summary>Sends the heading before there is a row, so that whoever waits for a download sees that it begins.</summary>
    public async Task SendHeadingAsync()
    {
        await BeginAsync();
        await _csv.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await BeginAsync();
        await _csv.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            await WriteRowAsync(_heading);
        }
    }

    private Task WriteRowAsync(IEnumerable<string?> fields)
    {
        foreach (var field in fields)
        {
            _csv.WriteField(field);
        }

        return _csv.NextRecordAsync();
    }
}
