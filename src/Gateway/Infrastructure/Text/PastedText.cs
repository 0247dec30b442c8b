using System.Globalization;
using System.Text;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// Addresses and numbers are pasted from contact books, spreadsheets and web pages, which put characters around and into them that nobody
/// sees or means.
/// </summary>
internal static class PastedText
{
    /// <summary>
    /// The text in its compatibility form (NFKC: full-width letters and digits become plain ones), without characters that are not seen
    /// (direction marks, zero-width spaces, soft hyphens, byte order marks) and without space around it.
    /// </summary>
    /// <returns>Null when it is no valid Unicode.</returns>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (UnicodeText.NoCharacter(text) >= 0)
        {
            return null;
        }

        var seen = IsPlain(text) ? text : UnicodeText.Normal(WithoutUnseen(text), NormalizationForm.FormKC);
        return seen.Trim();
    }

    private static bool IsPlain(string text) => text.All(letter => letter is >= ' ' and <= '~');

    private static string WithoutUnseen(string text)
    {
        var seen = new StringBuilder(text.Length);
        Rune? before = null;
        foreach (var rune in text.EnumerateRunes())
        {
            // Some scripts write words with joiners in them, and a domain with one is another domain.
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || (IsJoiner(rune) && before is { IsAscii: false }))
            {
                seen.Append(rune.ToString());
            }

            before = rune;
        }

        return seen.ToString();
    }

    private static bool IsJoiner(Rune rune) => rune.Value is 0x200c or 0x200d;
}
