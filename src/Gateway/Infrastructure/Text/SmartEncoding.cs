using System.Text;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// Plain characters for typographic ones that mean the same, as word processors put them in. Letters stay as they are: ç is no c.
/// </summary>
internal static class SmartEncoding
{
    private static readonly Dictionary<char, string> Plain = Table(
        ("'", "‘’‚‛′ʼ`´"),
        ("\"", "“”„‟″«»"),
        ("<", "‹"),
        (">", "›"),
        ("-", "‐‑‒–—―−•"),
        ("...", "…"),
        ("/", "⁄∕"),
        ("*", "∗"),
        (" ", "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"),
        ("\n", "\u2028\u2029"),
        ("", "\u00ad\u200b\u2060\ufeff")
    );

    public static string Apply(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            // Full-width forms stand in the same order as ASCII.
            _ =
                Plain.TryGetValue(letter, out var other) ? plain.Append(other)
                : letter is >= '\uff01' and <= '\uff5e' ? plain.Append((char)(letter - 0xfee0))
                : plain.Append(letter);
        }

        return plain.ToString();
    }

    private static Dictionary<char, string> Table(params (string Plain, string Typographic)[] rows) =>
        rows.SelectMany(row => row.Typographic.Select(letter => (letter, row.Plain)))
            .ToDictionary(pair => pair.letter, pair => pair.Plain);
}
