using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports.Reading;

/// <summary>A row of a file.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
internal sealed record FileRow(int Line, IReadOnlyList<string> Cells);

/// <summary>What is known of how a file is written.</summary>
/// <param name="Encoding">Its name, such as <c>iso-8859-15</c>; null to find it out.</param>
/// <param name="Separator">What stands between two cells; null to find it out.</param>
internal sealed record CsvWriting(string? Encoding = null, string? Separator = null)
{
    /// <summary>What is looked for where nobody says it.</summary>
    public static readonly string[] Separators = [",", ";", "\t", "|"];

    /// <returns>The separator of this name: <c>comma</c>, <c>semicolon</c>, <c>tab</c> or <c>bar</c>; another text as it is.</returns>
    public static string? SeparatorOf(string? name) =>
        name switch
        {
            "" => null,
            "comma" => ",",
            "semicolon" => ";",
            "tab" => "\t",
            "bar" => "|",
            _ => name,
        };

    /// <returns>What is wrong with it, as a sentence; null when nothing is.</returns>
    public Refusal? Error() =>
        Separator is not null && !Separators.Contains(Separator)
            ? Refusal.Invalid("separator", "separator is comma, semicolon, tab or bar.")
        : Encoding is not null && EncodingOf(Encoding) is null
            ? Refusal.Invalid("encoding", "encoding is the name of one, such as utf-8, utf-16, windows-1252 or iso-8859-15.")
        : null;

    /// <returns>Null when there is none of this name.</returns>
    public static Encoding? EncodingOf(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? System.Text.Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>A file that cannot be read as CSV.</summary>
internal sealed class UnreadableFileException(string message) : Exception(message);

/// <summary>
/// Reads CSV row by row in constant memory: RFC 4180 with any of the usual separators, in UTF-8, UTF-16 or Windows-1252, with or without
/// a byte order mark, with quotes across lines.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    /// <summary>The longest cell. A quotation mark that is never closed makes one of the rest of the file.</summary>
    private const int MaxCell = 100_000;

    public const int MaxColumns = 1000;

    /// <summary>By these bytes the encoding of a file without a byte order mark is found out.</summary>
    private const int Looked = 4 * 1024;

    private readonly LegacyBytes _legacy;
    private readonly StreamReader _text;
    private readonly BoundedRows _bounded;
    private readonly CsvParser _parser;
    private readonly bool _isGiven;

    private CsvRows(Stream file, Encoding encoding, LegacyBytes legacy, CsvWriting given)
    {
        (_legacy, _isGiven) = (legacy, given.Encoding is not null);
        _text = new(file, encoding, detectEncodingFromByteOrderMarks: true);
        _bounded = new(_text);
        _parser = new(
            _bounded,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = given.Separator ?? ",",
                DetectDelimiter = given.Separator is null,
                DetectDelimiterValues = CsvWriting.Separators,
                BadDataFound = null,
                MaxFieldSize = MaxCell,

                // They count as lines, and are left out below.
                IgnoreBlankLines = false,
            }
        );
    }

    /// <summary>How the file writes letters, as far as it was read.</summary>
    public string Encoding =>
        _text.CurrentEncoding is UTF8Encoding && !_isGiven
            ? _legacy.WereMet
                ? "windows-1252"
                : "utf-8"
            : _text.CurrentEncoding.WebName;

    /// <summary>Known once a row was read.</summary>
    public string Separator => _parser.Delimiter;

    /// <param name="given">Without an <see cref="CsvWriting.Error"/>.</param>
    public static async Task<CsvRows> OpenAsync(Stream file, CsvWriting given, CancellationToken ct)
    {
        var legacy = new LegacyBytes();
        if (given.Encoding is { } named)
        {
            return new(file, CsvWriting.EncodingOf(named)!, legacy, given);
        }

        var pipe = PipeReader.Create(file, new(leaveOpen: true));
        var read = await pipe.ReadAtLeastAsync(Looked, ct);
        var begin = new byte[Math.Min(read.Buffer.Length, Looked)];
        var first = read.Buffer.Slice(0, begin.Length);
        System.Buffers.BuffersExtensions.CopyTo(first, begin);
        pipe.AdvanceTo(read.Buffer.Start);
        return new(pipe.AsStream(), Utf16Of(begin) ?? legacy.Utf8(), legacy, given);
    }

    /// <summary>Empty lines are passed over.</summary>
    /// <exception cref="UnreadableFileException">The message says why, and where.</exception>
    public async IAsyncEnumerable<FileRow> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var line = _parser.RawRow + 1;
            if (!await NextAsync(line))
            {
                yield break;
            }

            if (_parser.Count > MaxColumns)
            {
                throw new UnreadableFileException($"Line {line} has more than {MaxColumns} columns. Is the separator right?");
            }

            var cells = _parser.Record!;
            if (Array.Exists(cells, cell => cell.Length > 0))
            {
                yield return new(line, [.. cells.Select(Cleaned)]);
            }
        }
    }

    public void Dispose()
    {
        _parser.Dispose();
        _bounded.Dispose();
        _text.Dispose();
    }

    private async Task<bool> NextAsync(int line)
    {
        _bounded.BeginRow(line);
        try
        {
            return await _parser.ReadAsync();
        }
        catch (MaxFieldSizeException)
        {
            throw new UnreadableFileException(
                $"A cell on line {line} or below has more than {MaxCell} characters. Is there a quotation mark that is never closed?"
            );
        }
    }

    /// <summary>What no database keeps is left out: NUL, and halves of characters.</summary>
    private static string Cleaned(string cell) => UnicodeText.Mended(cell).Replace("\0", "", StringComparison.Ordinal).Trim();

    /// <summary>Two bytes for each letter, and every second one 0 in nearly any language with Latin letters.</summary>
    private static Encoding? Utf16Of(byte[] begin)
    {
        var pairs = begin.Length / 2;
        var (first, second) = (0, 0);
        for (var at = 0; at < pairs; at++)
        {
            first += begin[2 * at] == 0 ? 1 : 0;
            second += begin[(2 * at) + 1] == 0 ? 1 : 0;
        }

        return pairs == 0 ? null
            : second > pairs / 2 ? System.Text.Encoding.Unicode
            : first > pairs / 2 ? System.Text.Encoding.BigEndianUnicode
            : null;
    }
}
