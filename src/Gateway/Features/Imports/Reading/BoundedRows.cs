namespace Gateway.Features.Imports.Reading;

/// <summary>The text of a file for a parser that keeps a whole row in memory: no row is endless.</summary>
internal sealed class BoundedRows(TextReader text) : TextReader
{
    /// <summary>The longest row, in characters.</summary>
    public const int MaxRow = 1_000_000;

    /// <summary>So much is given at once, so a parser reads no further ahead of its row.</summary>
    private const int AtOnce = 64 * 1024;

    private int _line;
    private int _read;

    /// <summary>The parser is about to look for the row that begins on this line.</summary>
    public void BeginRow(int line) => (_line, _read) = (line, 0);

    /// <exception cref="UnreadableFileException">The row is too long.</exception>
    public override int Read(char[] buffer, int index, int count) => Counted(text.Read(buffer, index, Math.Min(count, AtOnce)));

    /// <inheritdoc cref="Read(char[], int, int)"/>
    public override Task<int> ReadAsync(char[] buffer, int index, int count) => ReadAsync(buffer.AsMemory(index, count)).AsTask();

    /// <inheritdoc cref="Read(char[], int, int)"/>
    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
        Counted(await text.ReadAsync(buffer[..Math.Min(buffer.Length, AtOnce)], cancellationToken));

    private int Counted(int read) =>
        (_read += read) <= MaxRow + AtOnce
            ? read
            : throw new UnreadableFileException($"The row on line {_line} is too long: a row has at most {MaxRow} characters.");
}
