using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Templates.Lint;

/// <summary>A phrase of a word list.</summary>
/// <param name="Text">As the list has it.</param>
/// <param name="IsStrong">Whether one alone is enough to be noticed.</param>
/// <param name="Group">What kind of trouble it belongs to.</param>
/// <param name="Advice">What to write instead, if the list knows.</param>
internal sealed record ListedPhrase(string Text, bool IsStrong, string Group, string? Advice);

/// <summary>Phrases and where they occur in a text, whatever its case, accents and typography.</summary>
/// <remarks>The lists are files beside this one, so that adding a word needs no programmer.</remarks>
internal sealed class WordList
{
    private static readonly ConcurrentDictionary<string, WordList?> Known = new();

    private static readonly char[] Digits = [.. "0123456789"];

    private readonly Dictionary<string, List<(string[] Words, ListedPhrase Phrase)>> _byFirst = [];
    private readonly List<(string[] Words, ListedPhrase Phrase)> _byStem = [];

    private WordList(IEnumerable<ListedPhrase> phrases)
    {
        foreach (var phrase in phrases)
        {
            var words = Split(phrase.Text);
            if (words[0].StartsWith('#') || words[0].EndsWith('*'))
            {
                _byStem.Add((words, phrase));
            }
            else if (_byFirst.TryGetValue(words[0], out var others))
            {
                others.Add((words, phrase));
            }
            else
            {
                _byFirst[words[0]] = [(words, phrase)];
            }
        }
    }

    /// <param name="name">Such as <c>spam</c>.</param>
    /// <returns>Null when there is no such list in this language.</returns>
    public static WordList? Of(string name, string language) =>
        Known.GetOrAdd(
            $"{name}.{language}.tsv",
            static file => LintFiles.Exists(file) ? new WordList(LintFiles.Lines(file).Select(Read)) : null
        );

    /// <returns>Every occurrence; where several phrases begin at one word, the longest.</returns>
    public List<ListedPhrase> Find(string text)
    {
        var words = Split(text);
        var found = new List<ListedPhrase>();
        for (var at = 0; at < words.Length; )
        {
            CpuBudget.Spend(_byStem.Count + words[at].Length);
            var (length, phrase) = Longest(words, at);
            if (phrase is not null)
            {
                found.Add(phrase);
            }

            at += Math.Max(1, length);
        }

        return found;
    }

    private (int Length, ListedPhrase? Phrase) Longest(string[] words, int at)
    {
        var best = (Length: 0, Phrase: (ListedPhrase?)null);
        foreach (var (pattern, phrase) in _byFirst.GetValueOrDefault(words[at], []).Concat(_byStem))
        {
            if (pattern.Length > best.Length && Fits(pattern, words, at))
            {
                best = (pattern.Length, phrase);
            }
        }

        return best;
    }

    private static bool Fits(string[] pattern, string[] words, int at)
    {
        if (at + pattern.Length > words.Length)
        {
            return false;
        }

        for (var offset = 0; offset < pattern.Length; offset++)
        {
            if (!Fits(pattern[offset], words[at + offset]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Fits(string pattern, string word) =>
        pattern is ['#', .. var unit] ? char.IsAsciiDigit(word[0]) && word.TrimStart(Digits) == unit
        : pattern is [.. var stem, '*'] ? word.StartsWith(stem, StringComparison.Ordinal)
        : pattern == word;

    /// <summary>Words in lower case without accents; <c>%</c>, <c>$</c> and the signs of a pattern count as words or part of one.</summary>
    private static string[] Split(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in UnicodeText.Normal(text, NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            _ = letter switch
            {
                '%' or '$' => plain.Append(letter).Append(' '),
                '#' or '*' => plain.Append(letter),
                _ when char.IsLetterOrDigit(letter) => plain.Append(char.ToLowerInvariant(letter)),
                _ => plain.Append(' '),
            };
        }

        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static ListedPhrase Read(string line)
    {
        var cells = line.Split('\t');
        return new(cells[0], cells[1] == "strong", cells[2], cells.ElementAtOrDefault(3));
    }
}
