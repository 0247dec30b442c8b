using System.Globalization;
using MimeKit;

namespace Gateway.Infrastructure.Text;

/// <summary>An address that mail can be sent to.</summary>
/// <param name="Text">As typed, without the space around it.</param>
/// <param name="Key">The identity: lower case, the domain in ASCII (IDN).</param>
internal sealed record EmailAddress(string Text, string Key)
{
    // RFC 5321, section 4.5.3.1, with the erratum that makes a path 254 characters.
    private const int Longest = 254;
    private const int MaxLocalPart = 64;

    /// <returns>Null when it is not one whole address with a domain of at least two labels.</returns>
    public static EmailAddress? Parse(string? typed)
    {
        var text = typed?.Trim(' ', '\t', '\u00a0') ?? "";
        if (
            text.Length is 0 or > Longest
            || text.Any(char.IsControl)
            || !MailboxAddress.TryParse(text, out var mailbox)
            || mailbox.Address != text
        )
        {
            return null;
        }

        var at = text.LastIndexOf('@');
        return at is > 0 and <= MaxLocalPart && AsciiDomain(text[(at + 1)..]) is { } domain
            ? new(text, text[..at].ToLowerInvariant() + "@" + domain)
            : null;
    }

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = new IdnMapping { UseStd3AsciiRules = true }
                .GetAscii(domain.TrimEnd('.'))
                .ToLowerInvariant();
            return ascii.Contains('.') ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
