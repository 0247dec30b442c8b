using System.Text;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// JSON can carry what is no text: halves of characters, and U+FFFE and U+FFFF, which Unicode keeps from ever being characters.
/// Normalising and parsers fail at them, so whatever a stranger wrote goes through here first.
/// </summary>
internal static class UnicodeText
{
    private const char Replacement = '\ufffd';

    /// <summary>Never throws, whatever the text holds; what is no character becomes U+FFFD.</summary>
    public static string Normal(string text, NormalizationForm form) =>
#pragma warning disable RS0030 // Here it cannot throw.
        Mended(text).Normalize(form);
#pragma warning restore RS0030

    /// <returns>The text with U+FFFD in place of each that is no character: as long as before, so that places in it stay.</returns>
    public static string Mended(string text)
    {
        var next = NoCharacter(text);
        if (next < 0)
        {
            return text;
        }

        var mended = text.ToCharArray();
        while (next >= 0)
        {
            mended[next] = Replacement;
            next = NoCharacter(text.AsSpan(next + 1)) is >= 0 and var more ? next + 1 + more : -1;
        }

        return new(mended);
    }

    /// <returns>What no source of ours may hold, and where it stands first; null when there is no such thing.</returns>
    public static (int Offset, string What)? Unfit(string text)
    {
        var (nul, none) = (text.IndexOf('\0'), NoCharacter(text));
        return nul >= 0 && (none < 0 || nul < none) ? (nul, "a NUL character")
            : none < 0 ? null
            : (none, char.IsSurrogate(text[none]) ? "half a character" : $"U+{(int)text[none]:X4}, which is no character");
    }

    /// <returns>Where the first stands that is no character; -1 when all are.</returns>
    public static int NoCharacter(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\ufffe' or '\uffff')
            {
                return at;
            }

            if (char.IsSurrogate(text[at]))
            {
                if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
                {
                    return at;
                }

                at++;
            }
        }

        return -1;
    }
}
