using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks;

/// <summary>A file of which the part between two marks is written anew.</summary>
internal sealed class MarkedFile
{
    private const string Begin = "<!-- measured by all -->";
    private const string End = "<!-- end of what all measured -->";

    private readonly string _path;
    private readonly string _before;
    private readonly string _after;

    /// <summary>Reads it at once, so that nobody measures for a quarter of an hour and learns then that there is no place.</summary>
    /// <exception cref="BenchmarkFailed">It has no such marks; the message says which.</exception>
    public MarkedFile(FileInfo file)
    {
        _path = file.FullName;
        var text = File.Exists(_path) ? File.ReadAllText(_path) : "";
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new BenchmarkFailed($"{file} has no lines {Begin} and {End} to put the table between.");
        }

        (_before, _after) = (text[..(from + Begin.Length)], text[to..]);
    }

    public Task WriteAsync(string part, CancellationToken ct) => File.WriteAllTextAsync(_path, $"{_before}\n\n{part}\n{_after}", ct);
}
