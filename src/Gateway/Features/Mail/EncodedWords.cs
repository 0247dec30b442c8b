using System.Text;

namespace Gateway.Features.Mail;

/// <summary>
/// Text beyond ASCII in a header, as RFC 2047 writes it: words of at most 75 characters on lines of at most 76, and no character is split
/// over two words. MimeKit's own words get longer than that, which some filters count against a mail.
/// </summary>
internal static class EncodedWords
{
    private const int MaxWord = 75;
    private const int MaxLine = 76;
    private const string End = "?=";

    /// <returns>Whether a header cannot hold this text as it is.</returns>
    public static bool Needs(string text) =>
        text.Any(letter => letter is < ' ' or > '~') || text.Contains("=?", StringComparison.Ordinal);

    /// <param name="header">The name of the header: the first line has less room.</param>
    /// <returns>The value of the header without its line's end; it is also good in place of a name before an address.</returns>
    public static string Of(string header, string text)
    {
        var quoted = text.EnumerateRunes().Sum(rune => Quote(rune).Length) <= Encoding.UTF8.GetByteCount(text) * 4 / 3;
        var words = new List<string>();
        var (word, room) = (new StringBuilder(), MaxLine - header.Length - ": ".Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var longer = word.ToString() + rune;
            if (word.Length > 0 && Write(longer, quoted).Length > room)
            {
                words.Add(Write(word.ToString(), quoted));
                word.Clear();
                room = MaxWord;
            }

            word.Append(rune.ToString());
        }

        words.Add(Write(word.ToString(), quoted));
        return string.Join("\r\n ", words);
    }

    /// <returns>A mailbox with a name: <c>=?utf-8?q?…?= &lt;news@example.org&gt;</c>.</returns>
    public static string Mailbox(string header, string name, string address)
    {
        var encoded = Of(header, name);
        var lastLine = encoded.LastIndexOf("\r\n", StringComparison.Ordinal) is var at and >= 0
            ? encoded.Length - at - "\r\n".Length
            : header.Length + ": ".Length + encoded.Length;
        return lastLine + address.Length + " <>".Length <= MaxLine ? $"{encoded} <{address}>" : $"{encoded}\r\n <{address}>";
    }

    private static string Write(string text, bool quoted) =>
        quoted
            ? "=?utf-8?q?" + string.Concat(text.EnumerateRunes().Select(Quote)) + End
            : "=?utf-8?b?" + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + End;

    /// <summary>The characters that section 5 (3) allows in a name before an address, too.</summary>
    private static string Quote(Rune rune) =>
        rune.Value == ' ' ? "_"
        : rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "!*+-/".Contains((char)rune.Value, StringComparison.Ordinal))
            ? rune.ToString()
        : string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(octet => "=" + octet.ToString("X2", null)));
}
