using System.Text;
using System.Text.RegularExpressions;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Text;

/// <summary>
/// What the source says by <c>T("…")</c>, <c>T($"…")</c> and <c>&lt;Say Text="…"&gt;</c>, as <c>Translations</c> looks it up. Razor and C#
/// are read alike, by their letters: a literal begins at any quotation mark.
/// </summary>
internal static partial class SaidSentences
{
    private static readonly string Source = Path.Combine(Repository.Root, "src/Gateway");

    private static readonly Lazy<IReadOnlyList<(string File, string Text)>> Files = new(() =>
        [
            .. Directory
                .EnumerateFiles(Source, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !InBuild().IsMatch(file))
                .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => (Path.GetRelativePath(Source, file), WithoutComments(File.ReadAllText(file)))),
        ]
    );

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    /// <returns>Each key with the first file that says it.</returns>
    public static IReadOnlyDictionary<string, string> Keys()
    {
        var keys = new Dictionary<string, string>();
        foreach (var (file, text) in Files.Value)
        {
            foreach (var key in KeysIn(text))
            {
                keys.TryAdd(key, file);
            }
        }

        return keys;
    }

    /// <returns>Whatever stands in quotation marks: a sentence of a table is a key too, where its place says <c>T(sentence)</c>.</returns>
    public static HashSet<string> Literals() =>
        [.. Files.Value.SelectMany(file => Marks(file.Text).Select(at => Read(file.Text, at)?.Key)).OfType<string>()];

    /// <returns>What no translation would be found for, or what this class cannot read.</returns>
    public static IEnumerable<string> Mistakes() =>
        from file in Files.Value
        from mistake in MistakesIn(file.Text)
        select $"{file.File}: {mistake}";

    internal static IEnumerable<string> KeysIn(string text) =>
        SayTexts(text)
            .Concat(Sentences(text).Select(at => Read(text, at)?.Key).OfType<string>())
            .Concat(Choices(text).Select(at => Read(text, at)?.Key).OfType<string>());

    internal static IEnumerable<string> MistakesIn(string text) =>
        SayTag()
            .Matches(text)
            .Select(tag => tag.Groups[1].Value)
            .Where(said => said.Contains('@') || said.Contains('&'))
            .Select(said => $"<Say Text=\"{said}\"> is no plain sentence")
            .Concat(
                Sentences(text)
                    .Select(at => Read(text, at))
                    .Where(read => read is { IsMixed: true })
                    .Select(read => $"T(\"{read!.Key}\") is glued of \"…\" and $\"…\": begin each piece with $")
            );

    private static IEnumerable<string> SayTexts(string text) =>
        SayTag().Matches(text).Select(tag => tag.Groups[1].Value).Where(said => !said.Contains('@'));

    /// <returns>Where the first quotation mark of <c>T("…")</c> is.</returns>
    private static IEnumerable<int> Sentences(string text) => Call().Matches(text).Select(call => call.Index + call.Length - 1);

    /// <returns>Where those of <c>T(one ? "…" : "…")</c> are.</returns>
    private static IEnumerable<int> Choices(string text) =>
        from call in AnyCall().Matches(text)
        let begin = call.Index + call.Length
        where text[begin..].TrimStart() is not ['"', ..] and not ['$', ..]
        let end = EndOf(text, begin)
        from choice in Choice().Matches(text[begin..end])
        select begin + choice.Index + choice.Length - 1;

    private static IEnumerable<int> Marks(string text)
    {
        for (var at = text.IndexOf('"'); at >= 0; at = text.IndexOf('"', at + 1))
        {
            yield return at;
        }
    }

    /// <returns>Behind the parenthesis that closes the call.</returns>
    private static int EndOf(string text, int at)
    {
        for (var depth = 1; at < text.Length; at++)
        {
            depth += text[at] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return at;
            }

            if (text[at] == '"')
            {
                at = Literal(text, at, new(), 0)?.End - 1 ?? at;
            }
        }

        return at;
    }

    /// <summary>A literal, with those that are added to it.</summary>
    private static Sentence? Read(string text, int at)
    {
        var key = new StringBuilder();
        var (places, plain, filled) = (0, false, false);
        while (true)
        {
            var isFilled = at > 0 && text[at - 1] == '$';
            if (Literal(text, at, key, places) is not { } read)
            {
                return null;
            }

            (places, plain, filled) = (read.Places, plain || !isFilled, filled || isFilled);
            if (More().Match(text, read.End) is not { Success: true } more)
            {
                return new(key.ToString(), plain && filled);
            }

            at = more.Index + more.Length - 1;
        }
    }

    /// <returns>Behind its last quotation mark, and how many places there are by then; null where it does not end in its line.</returns>
    private static (int End, int Places)? Literal(string text, int at, StringBuilder key, int places)
    {
        var isFilled = at > 0 && text[at - 1] == '$';
        for (at++; at < text.Length && text[at] is not '\n'; at++)
        {
            switch (text[at])
            {
                case '"':
                    return (at + 1, places);
                case '\\' when at + 1 < text.Length:
                    at++;
                    key.Append(
                        text[at] switch
                        {
                            'n' => '\n',
                            't' => '\t',
                            var letter => letter,
                        }
                    );
                    break;
                case '{' or '}' when isFilled && at + 1 < text.Length && text[at + 1] == text[at]:
                    key.Append(text[at]).Append(text[at]);
                    at++;
                    break;
                case '{' when isFilled:
                    if (Hole(text, at + 1) is not { } hole)
                    {
                        return null;
                    }

                    key.Append('{').Append(places++).Append(hole.Format).Append('}');
                    at = hole.End;
                    break;
                default:
                    key.Append(text[at]);
                    break;
            }
        }

        return null;
    }

    /// <returns>The format with its colon, and where the brace that closes the place is.</returns>
    private static (string Format, int End)? Hole(string text, int at)
    {
        for (var depth = 0; at < text.Length && text[at] != '\n'; at++)
        {
            switch (text[at])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case '}' when depth == 0:
                    return ("", at);
                case ')' or ']' or '}':
                    depth--;
                    break;
                case ':' when depth == 0 && text.IndexOf('}', at) is > 0 and var end:
                    return (text[at..end], end);
                case '"':
                    if (Literal(text, at, new(), 0) is not { } inner)
                    {
                        return null;
                    }

                    at = inner.End - 1;
                    break;
            }
        }

        return null;
    }

    [GeneratedRegex(@"/(obj|bin)/")]
    private static partial Regex InBuild();

    [GeneratedRegex(@"^\s*//.*$|@\*.*?\*@", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("""<Say\s[^>]*?\bText="([^"]*)["]""")]
    private static partial Regex SayTag();

    [GeneratedRegex("""(?<![\w.<])T\(\s*\$?["]""")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![\w.<])T\(")]
    private static partial Regex AnyCall();

    [GeneratedRegex("""(\?|:|=>)\s*\$?["]""")]
    private static partial Regex Choice();

    [GeneratedRegex("""\G\s*\+\s*\$?["]""")]
    private static partial Regex More();

    /// <param name="IsMixed">Whether some of its pieces are filled and others not, which makes it a plain string.</param>
    private sealed record Sentence(string Key, bool IsMixed);
}
