using System.Buffers;
using System.Globalization;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Infrastructure.Text;

/// <summary>A text as it goes over the air: its encoding, and how many parts it takes.</summary>
/// <remarks>3GPP TS 23.038 (alphabets) and 23.040 (the header that several parts need).</remarks>
/// <param name="Text">As it goes out.</param>
/// <param name="Note">Why it takes more than a plain text of its length would; null when it does not.</param>
internal sealed record SmsEncoding(string Text, SmsAlphabet Encoding, int Parts, string? Note)
{
    /// <summary>Provider limits: Twilio takes no more characters, and phones begin to drop parts beyond this many.</summary>
    public const int MaxCharacters = 1600;
    public const int MaxParts = 10;

    /// <summary>The whole alphabet in septets; the last row costs two each, since an escape comes before them.</summary>
    private static readonly SearchValues<char> Gsm = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            + Extension
    );

    private const string Extension = "\f^{}\\[~]|€";

    /// <param name="smart">Whether typographic characters may become plain ones where that makes the whole text GSM-7.</param>
    public static SmsEncoding Of(string text, bool smart)
    {
        if (smart && SmartEncoding.Apply(text) is var plain && IsGsm(plain))
        {
            text = plain;
        }

        return IsGsm(text)
            ? new(text, SmsAlphabet.Gsm7, PartsOf(text.Select(letter => Extension.Contains(letter) ? 2 : 1), 160, 153), null)
            : Ucs2(text);
    }

    /// <summary>What is wrong with a text before it is counted, as a sentence; null when nothing is.</summary>
    public static string? Error(string? text) =>
        string.IsNullOrWhiteSpace(text) ? "text is needed, and more than spaces."
        : text.Length > MaxCharacters ? $"text may have at most {MaxCharacters} characters; this one has {text.Length}."
        : text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t' or '\f'))
            ? "text holds control characters, such as NUL. Remove them."
        : null;

    private static SmsEncoding Ucs2(string text)
    {
        var parts = PartsOf(Clusters(text), 70, 67);
        var culprit = text.EnumerateRunes().First(rune => !rune.IsBmp || !Gsm.Contains((char)rune.Value));
        var plain = SmartEncoding.Apply(text);
        var note = T(
            $"{culprit} (U+{culprit.Value:X4}) is not in the GSM-7 alphabet, so a part holds 70 characters instead of 160: "
                + $"{InParts(parts)}."
        );
        return new(
            text,
            SmsAlphabet.Ucs2,
            parts,
            IsGsm(plain) && plain != text
                ? $"{note} {T($"With smartEncoding it would be plain text in {InParts(Of(plain, false).Parts)}.")}"
                : note
        );
    }

    private static bool IsGsm(string text) => !text.AsSpan().ContainsAnyExcept(Gsm);

    /// <summary>
    /// What belongs together on the screen stays in one part: a surrogate pair, a letter and its accent, an emoji made of several.
    /// </summary>
    private static IEnumerable<int> Clusters(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
            at += length;
            if (text[(at - length)..at] == "\r\n" || length > 67)
            {
                // A line break may be divided, and so must be what no part could hold.
                foreach (var _ in Enumerable.Range(0, length))
                {
                    yield return 1;
                }
            }
            else
            {
                yield return length;
            }
        }
    }

    /// <param name="sizes">Of the pieces that must not be divided.</param>
    /// <param name="single">What a message of one part holds.</param>
    /// <param name="each">What each of several parts holds.</param>
    private static int PartsOf(IEnumerable<int> sizes, int single, int each)
    {
        var (total, parts, used) = (0, 1, 0);
        foreach (var size in sizes)
        {
            total += size;
            (parts, used) = used + size > each ? (parts + 1, size) : (parts, used + size);
        }

        return total <= single ? 1 : parts;
    }

    private static string InParts(int parts) => parts == 1 ? T("1 part") : T($"{parts} parts");
}

internal enum SmsAlphabet
{
    /// <summary>GSM 03.38: 160 septets in one part, 153 in each of several.</summary>
    Gsm7,

    /// <summary>UTF-16: 70 units in one part, 67 in each of several.</summary>
    Ucs2,
}
