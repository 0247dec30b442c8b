namespace Gateway.Infrastructure.Text;

/// <summary>
/// The languages that pages and mails are written in, and the one way in which a language is read, wherever it comes from: WordPress
/// (<c>de_DE_formal</c>), browsers and scripts (<c>pt-BR</c>, RFC 5646), the operating system (<c>fr_FR.UTF-8</c>).
/// </summary>
internal static class Languages
{
    /// <summary>The longest text that is read as a language. RFC 5646, section 4.4.1, asks for room for 35 characters.</summary>
    public const int MaxLength = 100;

    public static readonly string[] All = ["en", "fr", "de", "es", "it"];

    /// <summary>ISO 639-2 and 639-3 name them by three letters, in two ways where the language's own name differs.</summary>
    private static readonly Dictionary<string, string> ThreeLetters = new()
    {
        ["eng"] = "en",
        ["fra"] = "fr",
        ["fre"] = "fr",
        ["deu"] = "de",
        ["ger"] = "de",
        ["spa"] = "es",
        ["ita"] = "it",
    };

    /// <returns>The language of a tag such as <c>fr</c>, <c>FR</c>, <c>fr_FR</c> or <c>de-AT</c>: its first part decides. Null where it
    /// is none that we have.</returns>
    public static string? Find(string? tag)
    {
        if (tag is null or { Length: > MaxLength } || PastedText.Clean(tag) is not { } text)
        {
            return null;
        }

        var first = text.Split('_', '-', '.', '@', ' ')[0].ToLowerInvariant();
        var language = ThreeLetters.GetValueOrDefault(first, first);
        return Array.IndexOf(All, language) >= 0 ? language : null;
    }

    /// <returns>The language of the tag where we have it, else <paramref name="otherwise"/>: nobody is refused for a language.</returns>
    public static string Pick(string? tag, string otherwise) => Find(tag) ?? otherwise;
}
