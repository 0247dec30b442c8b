namespace Gateway.Features.Templates.Lint;

/// <summary>The data files of the linter, part of the program.</summary>
internal static class LintFiles
{
    private const string Prefix = "lint/";

    public static bool Exists(string name) => typeof(LintFiles).Assembly.GetManifestResourceInfo(Prefix + name) is not null;

    /// <returns>The lines that say something: a line that begins with <c># </c> is a comment.</returns>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(LintFiles).Assembly.GetManifestResourceStream(Prefix + name)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    /// <summary>All words of a file of single words.</summary>
    public static HashSet<string> Words(string name) =>
        Exists(name) ? [.. Lines(name).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))] : [];
}
