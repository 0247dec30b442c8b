using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// Sentences in the language of whoever reads them. English stands where a sentence is used and is its key; the other languages stand in
/// <c>Translations/{language}.json</c>, English to the other language, with <c>{0}</c>, <c>{1}</c> for what is filled in. The language is
/// <see cref="CultureInfo.CurrentUICulture"/>, which the pages of the console set for their requests: what the API, a command or a log says
/// stays English.
/// </summary>
internal static class Translations
{
    /// <summary>The languages of the console, by ISO 639-1; the first is the one in the code.</summary>
    public static readonly string[] Spoken = ["en", "fr"];

    /// <summary>
    /// A language that nobody speaks: English between <c>⟦</c> and <c>⟧</c>. What stands outside of them on a page, nobody translates.
    /// </summary>
    public const string Pseudo = "qps-PLOC";

    /// <summary>Read when a page first needs them: the API, commands and logs never do.</summary>
    private static readonly FrozenDictionary<string, Lazy<FrozenDictionary<string, string>>> ByLanguage = Spoken
        .Skip(1)
        .ToFrozenDictionary(language => language, language => new Lazy<FrozenDictionary<string, string>>(() => Read(language)));

    private static readonly FrozenDictionary<string, Lazy<StoredSentences>> Stored = ByLanguage.ToFrozenDictionary(
        one => one.Key,
        one => new Lazy<StoredSentences>(() => new([.. Read(one.Key + ".stored"), .. one.Value.Value]))
    );

    /// <summary>The language of this request, by ISO 639-1.</summary>
    public static string Language
    {
        get
        {
            var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
            return ByLanguage.ContainsKey(language) ? language : Spoken[0];
        }
    }

    /// <returns>The sentence in the reader's language; in English where it has no translation.</returns>
    [return: NotNullIfNotNull(nameof(english))]
    public static string? T(string? english) =>
        english is null ? null
        : IsPseudo ? Marked(english).Replace("{", "⟧{").Replace("}", "}⟦")
        : Find(english) ?? english;

    /// <returns>
    /// The same of a sentence with something filled in: <c>T($"{count} mails wait")</c> is looked up as "{0} mails wait".
    /// </returns>
    public static string T(Sentence sentence) => sentence.In(IsPseudo ? Marked : Find);

    /// <returns>
    /// What was stored, or said by something that speaks English alone, in the reader's language: by its key where that has places,
    /// sentence by sentence where several stand together. What has no translation stays as it is.
    /// </returns>
    [return: NotNullIfNotNull(nameof(english))]
    public static string? TStored(string? english) =>
        english is null ? null
        : IsPseudo
            ? Stored.Values.All(stored => stored.Value.Translate(english) == english) ? english
                : Marked(english)
        : Stored.TryGetValue(Language, out var stored) ? stored.Value.Translate(english)
        : english;

    /// <returns>Null where it has no translation.</returns>
    internal static string? Find(string english) => ByLanguage.GetValueOrDefault(Language)?.Value.GetValueOrDefault(english);

    /// <summary>All sentences of a language, by the English ones.</summary>
    internal static IReadOnlyDictionary<string, string> Of(string language) => ByLanguage[language].Value;

    /// <summary>How numbers are written in a sentence; in English as everywhere else.</summary>
    private static CultureInfo Formats => Language == Spoken[0] ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(Language);

    private static bool IsPseudo => CultureInfo.CurrentUICulture.Name.Equals(Pseudo, StringComparison.OrdinalIgnoreCase);

    private static string Marked(string english) => $"⟦{english}⟧";

    private static FrozenDictionary<string, string> Read(string language)
    {
        using var file =
            typeof(Translations).Assembly.GetManifestResourceStream($"translations/{language}.json")
            ?? throw new InvalidOperationException($"The program lacks its translations into {language}.");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file)!.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>An English sentence apart from what is filled into it. The compiler makes it of <c>$"…"</c>.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Sentence(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + (3 * formattedCount));
        private readonly List<object?> _values = new(formattedCount);

        public void AppendLiteral(string text) => _format.Append(text.Replace("{", "{{").Replace("}", "}}"));

        /// <param name="format">As of <see cref="string.Format(IFormatProvider, string, object[])"/>: <c>N0</c>.</param>
        public void AppendFormatted<TValue>(TValue value, string? format = null)
        {
            _format.Append('{').Append(_values.Count);
            if (format is not null)
            {
                _format.Append(':').Append(format);
            }

            _format.Append('}');
            _values.Add(value);
        }

        internal string In(Func<string, string?> find)
        {
            var english = _format.ToString();
            return string.Format(Formats, find(english) ?? english, [.. _values]);
        }
    }
}
