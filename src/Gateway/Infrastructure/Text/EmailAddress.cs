using System.Globalization;
using System.Text;

namespace Gateway.Infrastructure.Text;

/// <summary>
/// An address that mail can be sent to. This is the one way in which every form, call, command, setting and provider's answer is read, so
/// that whoever is known by one spelling is known by all of them.
/// </summary>
/// <param name="Text">As typed, without what nobody means: space, punctuation and <c>mailto:</c> around it, quotation marks that are not
/// needed.</param>
/// <param name="Key">The identity: lower case, the domain in ASCII (IDN), quotation marks only where nothing else will do.</param>
/// <param name="OnTheWire">As mail servers take it (RFC 5321): the domain in ASCII, and quotation marks around a local part with dots in
/// odd places.</param>
internal sealed record EmailAddress(string Text, string Key, string OnTheWire)
{
    // RFC 5321, section 4.5.3.1, with the erratum that makes a path 254 octets.
    private const int MaxOctets = 254;
    private const int MaxLocalOctets = 64;

    /// <summary>Nobody pastes more; what is longer is not looked at.</summary>
    private const int MaxTyped = 1_000;

    private const string MailTo = "mailto:";
    private const string NameBeside = "Write the address alone, without a name, angle brackets or a comment beside it.";
    private const string Several = "Write one address alone.";

    /// <summary>Quotation marks that no address begins with.</summary>
    private const string Starts = "\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c";

    /// <summary>What a sentence goes on with after an address that was cut out of it.</summary>
    private const string Ends = ".,;:!?\u3002\u3001\"\u201d\u201c'\u2019\u2018\u00bb\u00ab\u203a\u2039\u300d";

    /// <summary>What an address may begin with, but not when it ends with its counterpart.</summary>
    private static readonly Dictionary<char, string> Pairs = new()
    {
        ['"'] = "\"",
        ['\''] = "'",
        ['`'] = "`'",
        ['\u2018'] = "\u2019",
        ['\u2019'] = "\u2019",
        ['\u201a'] = "\u2018\u2019",
        ['('] = ")",
        ['['] = "]",
        ['<'] = ">",
    };

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <returns>Null when it is not one whole address with a domain of at least two labels.</returns>
    public static EmailAddress? Parse(string? typed) => Parse(typed, out _);

    /// <param name="typed">One address, such as <c>ann@example.org</c>, <c>user@bücher.example</c> or
    /// <c>user@xn--bcher-kva.example</c>.</param>
    /// <param name="error">What is wrong, as a sentence without the address; empty when nothing is.</param>
    /// <inheritdoc cref="Parse(string?)"/>
    public static EmailAddress? Parse(string? typed, out string error)
    {
        if (typed?.Length > MaxTyped)
        {
            error = "It is too long.";
            return null;
        }

        if (PastedText.Clean(typed) is not { } text)
        {
            error = "It holds half a character: its text was cut or encoded wrongly.";
            return null;
        }

        text = WithoutScheme(Alone(text));
        if (LocalPart.Read(text, out var domain, out error) is not { } local)
        {
            return null;
        }

        if (DomainOf(domain, out var ascii) is not { } shown)
        {
            error =
                domain.StartsWith('[') ? "Mail to a server's IP address is not sent. Write a domain after the @."
                : domain.IndexOfAny(['<', '>', '(', ')', '"']) >= 0 ? NameBeside
                : domain.IndexOfAny([',', ';']) >= 0 ? Several
                : "What stands after the @ is no domain, such as example.org.";
            return null;
        }

        var wire = $"{local.OnTheWire}@{ascii}";
        if (Encoding.UTF8.GetByteCount(local.OnTheWire) > MaxLocalOctets || Encoding.UTF8.GetByteCount(wire) > MaxOctets)
        {
            error = $"It is too long: {MaxLocalOctets} octets before the @ and {MaxOctets} in all are the most.";
            return null;
        }

        return new($"{local.Shown}@{shown}", $"{local.Key}@{ascii}", wire);
    }

    /// <summary>
    /// Without the punctuation that is copied along with an address. No domain ends with any of it, so nobody's address is changed.
    /// </summary>
    private static string Alone(string text)
    {
        while (text.Length > 0)
        {
            if (text.Length > 1 && Pairs.GetValueOrDefault(text[0])?.Contains(text[^1], StringComparison.Ordinal) == true)
            {
                text = text[1..^1].Trim();
            }
            else if (Starts.Contains(text[0], StringComparison.Ordinal))
            {
                text = text[1..].TrimStart();
            }
            else if (Ends.Contains(text[^1], StringComparison.Ordinal))
            {
                text = text[..^1].TrimEnd();
            }
            else
            {
                break;
            }
        }

        return text;
    }

    /// <summary>A link to an address (RFC 6068) was pasted: what its mail would say is nothing of ours.</summary>
    private static string WithoutScheme(string text)
    {
        if (!text.StartsWith(MailTo, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        // Some write it as a link to a page.
        var link = text[MailTo.Length..].TrimStart('/');
        return Alone(PastedText.Clean(Uri.UnescapeDataString(link.Split('?')[0])) ?? "");
    }

    /// <returns>The domain as it was typed; null when it is none.</returns>
    private static string? DomainOf(string typed, out string ascii)
    {
        ascii = "";
        var shown = typed.Replace('\u3002', '.');
        try
        {
            ascii = Idn.GetAscii(shown).ToLowerInvariant();
            if (ascii.Contains("xn--", StringComparison.Ordinal))
            {
                // There is more than one way to encode some letters; there and back again makes it one.
                var letters = Idn.GetUnicode(ascii);
                ascii = letters.EnumerateRunes().Any(IsPunctuation) ? "" : Idn.GetAscii(letters).ToLowerInvariant();
            }
        }
        catch (ArgumentException)
        {
            return null;
        }

        // A last label of digits alone makes it an IP address.
        return ascii.LastIndexOf('.') is var dot and > 0 && !ascii[(dot + 1)..].All(char.IsAsciiDigit) ? shown : null;
    }

    /// <summary>
    /// A quotation mark, a bullet or an arrow is no part of a name: it was pasted, and the mail would go to whoever registered that domain.
    /// The points and quotation marks of Catalan, Hebrew and Japanese words are (RFC 5892, appendix A).
    /// </summary>
    private static bool IsPunctuation(Rune rune) =>
        rune.Value is not ('-' or '.' or 0xb7 or 0x5f3 or 0x5f4 or 0x30fb)
        && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.ConnectorPunctuation
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation
                or UnicodeCategory.MathSymbol;

    /// <summary>What stands before the @.</summary>
    /// <param name="Content">What it means, without quotation marks.</param>
    private sealed record LocalPart(string Content)
    {
        public string Shown => IsPlain(Content) ? Content : Quoted(Content);

        public string Key => IsPlain(Content) ? Lower(Content) : Quoted(Lower(Content));

        /// <summary>
        /// Some providers, mostly in Japan, gave out addresses with dots at the ends or beside each other. RFC 5321 has room for them in
        /// quotation marks.
        /// </summary>
        public string OnTheWire =>
            IsPlain(Content) && Content[0] != '.' && Content[^1] != '.' && !Content.Contains("..", StringComparison.Ordinal)
                ? Content
                : Quoted(Content);

        /// <summary>Some letters are one character only when they are small, such as t with two dots.</summary>
        private static string Lower(string text) => UnicodeText.Normal(text.ToLowerInvariant(), NormalizationForm.FormKC);

        /// <param name="address">The whole address.</param>
        /// <param name="domain">What stands after the @.</param>
        /// <returns>Null when there is no such address.</returns>
        public static LocalPart? Read(string address, out string domain, out string error)
        {
            (var local, domain) = address.StartsWith('"') ? ReadQuoted(address) : ReadPlain(address);
            error =
                address.Length == 0 ? "It is empty."
                : address.Any(char.IsControl) ? "It holds a line break or another control character."
                : local is null ? ErrorOf(address)
                : "";
            return error.Length > 0 ? null : new(local!);
        }

        private static (string? Local, string Domain) ReadPlain(string address)
        {
            var at = address.LastIndexOf('@');
            return at > 0 && IsPlain(address[..at]) ? (address[..at], address[(at + 1)..]) : (null, "");
        }

        private static (string? Local, string Domain) ReadQuoted(string address)
        {
            var content = new StringBuilder();
            for (var at = 1; at < address.Length; at++)
            {
                switch (address[at])
                {
                    case '"':
                        return content.Length > 0 && at + 1 < address.Length && address[at + 1] == '@'
                            ? (content.ToString(), address[(at + 2)..])
                            : (null, "");
                    case '\\' when at + 1 < address.Length:
                        content.Append(address[++at]);
                        break;
                    default:
                        content.Append(address[at]);
                        break;
                }
            }

            return (null, "");
        }

        private static string ErrorOf(string address) =>
            address.IndexOfAny(['<', '>', '(', ')', '"']) >= 0 ? NameBeside
            : address.IndexOfAny([',', ';']) >= 0 || address.Count(letter => letter == '@') > 1 ? Several
            : !address.Contains('@') ? "It has no @."
            : address.Any(char.IsWhiteSpace) ? "It has a space inside."
            : address[0] == '@' ? "Something is missing before the @."
            : "It has a character before the @ that an address cannot have there.";

        /// <summary>Whether it needs no quotation marks, but for the places of its dots.</summary>
        private static bool IsPlain(string text) => text.Any(letter => letter != '.') && text.EnumerateRunes().All(IsPlain);

        private static bool IsPlain(Rune rune) =>
            rune.IsAscii
                ? char.IsAsciiLetterOrDigit((char)rune.Value) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value)
                : !Starts.Contains(rune.ToString(), StringComparison.Ordinal)
                    && Rune.GetUnicodeCategory(rune)
                        is not (
                            UnicodeCategory.Control
                            or UnicodeCategory.SpaceSeparator
                            or UnicodeCategory.LineSeparator
                            or UnicodeCategory.ParagraphSeparator
                            or UnicodeCategory.PrivateUse
                            or UnicodeCategory.OtherNotAssigned
                        );

        private static string Quoted(string content) =>
            $"\"{content.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
