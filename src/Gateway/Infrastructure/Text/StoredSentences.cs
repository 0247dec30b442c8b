using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// Translates what was made in English and stored, with what was filled into it: "There is no list “News”." is found by its key
/// "There is no list “{0}”.".
/// </summary>
internal sealed partial class StoredSentences(IReadOnlyDictionary<string, string> sentences)
{
    /// <summary>A key with fewer letters beside its places fits too much.</summary>
    private const int MinLetters = 8;

    /// <summary>Those that say most first: where two fit, the one with more of its own words is meant.</summary>
    private readonly Pattern[] _patterns =
    [
        .. sentences
            .Select(one => Pattern.Of(one.Key, one.Value))
            .OfType<Pattern>()
            .Where(pattern => pattern.Letters >= MinLetters)
            .OrderByDescending(pattern => pattern.Letters),
    ];

    /// <returns>As it is where it has no translation.</returns>
    public string Translate(string stored) =>
        Find(stored) ?? string.Join(' ', SentenceEnd().Split(stored).Select(sentence => Find(sentence) ?? sentence));

    private string? Find(string stored)
    {
        if (sentences.TryGetValue(stored, out var same))
        {
            return same;
        }

        foreach (var pattern in _patterns)
        {
            if (pattern.ValuesIn(stored) is { } values)
            {
                // What was filled in is a name or a number, or a sentence that somebody else said.
                return string.Format(
                    CultureInfo.InvariantCulture,
                    pattern.Translation,
                    [.. values.Select(value => value.EndsWith('.') ? Translate(value) : value)]
                );
            }
        }

        return null;
    }

    [GeneratedRegex(@"(?<=[.!?]) (?=\p{Lu})")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"(?<!\{)\{\d+(?::[^{}]*)?\}(?!\})")]
    private static partial Regex Place();

    /// <param name="Pieces">What stands around the places of the English sentence: one more than there are places.</param>
    private sealed record Pattern(string[] Pieces, string Translation)
    {
        public int Letters => Pieces.Sum(piece => piece.Count(char.IsLetter));

        /// <returns>Null for a sentence without places, or with two that nothing divides.</returns>
        public static Pattern? Of(string english, string translation)
        {
            var pieces = Place().Split(english).Select(piece => piece.Replace("{{", "{").Replace("}}", "}")).ToArray();
            return pieces.Length > 1 && pieces[1..^1].All(piece => piece.Length > 0) ? new(pieces, translation) : null;
        }

        /// <returns>What stands in the places; null where the text is another sentence.</returns>
        public List<string>? ValuesIn(string text)
        {
            if (!text.StartsWith(Pieces[0], StringComparison.Ordinal) || !text.EndsWith(Pieces[^1], StringComparison.Ordinal))
            {
                return null;
            }

            var (values, at, end) = (new List<string>(), Pieces[0].Length, text.Length - Pieces[^1].Length);
            foreach (var piece in Pieces[1..^1])
            {
                var next = at > end ? -1 : text.IndexOf(piece, at, end - at, StringComparison.Ordinal);
                if (next < 0)
                {
                    return null;
                }

                values.Add(text[at..next]);
                at = next + piece.Length;
            }

            if (at > end)
            {
                return null;
            }

            values.Add(text[at..end]);
            return values.TrueForAll(value => value.Length > 0) ? values : null;
        }
    }
}
