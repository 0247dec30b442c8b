using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>The macros in a domain of an SPF record, such as <c>%{ir}._spf.example.org</c> (RFC 7208, section 7).</summary>
internal static class SpfMacros
{
    /// <summary>What stands before the @ is each mail's own, so it decides nothing here.</summary>
    private const string DependsOnMail = "slcrtpSLCRTP";

    /// <param name="domain">Whose record it is.</param>
    /// <param name="sender">The domain in MAIL FROM.</param>
    /// <param name="from">The address that mail comes from; null when it is not known.</param>
    public static ExpandedSpf Expand(string text, string domain, string sender, IPAddress? from)
    {
        if (!text.Contains('%'))
        {
            return new(text, IsValid: true);
        }

        var written = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                written.Append(text[at]);
                continue;
            }

            var next = at + 1 < text.Length ? text[at + 1] : '\0';
            if (next is '%' or '_' or '-')
            {
                written.Append(
                    next == '%' ? "%"
                    : next == '_' ? " "
                    : "%20"
                );
                at++;
                continue;
            }

            var end = next == '{' ? text.IndexOf('}', at) : -1;
            if (end < at + 3)
            {
                return new(null, IsValid: false);
            }

            var macro = text[(at + 2)..end];
            if (DependsOnMail.Contains(macro[0], StringComparison.Ordinal))
            {
                return new(null, IsValid: true);
            }

            var value = char.ToLowerInvariant(macro[0]) switch
            {
                'd' => domain,
                'o' or 'h' => sender,
                'v' => from is null ? null
                : from.AddressFamily == AddressFamily.InterNetwork ? "in-addr"
                : "ip6",
                'i' => from is null ? null : Dotted(from),
                _ => "",
            };
            if (value is not { Length: > 0 })
            {
                return new(null, IsValid: value is null);
            }

            if (Transform(value, macro[1..]) is not { } transformed)
            {
                return new(null, IsValid: false);
            }

            written.Append(transformed);
            at = end;
        }

        return new(written.ToString(), IsValid: true);
    }

    /// <summary>How many parts from the right, whether reversed, and what separates them.</summary>
    private static string? Transform(string value, string how)
    {
        var digits = string.Concat(how.TakeWhile(char.IsAsciiDigit));
        var rest = how[digits.Length..];
        var isReversed = rest.StartsWith('r') || rest.StartsWith('R');
        var separators = isReversed ? rest[1..] : rest;
        if (separators.Any(one => !".-+,/_=".Contains(one)) || (digits.Length > 0 && (!int.TryParse(digits, out var most) || most == 0)))
        {
            return null;
        }

        var parts = value.Split(separators.Length == 0 ? ['.'] : separators.ToCharArray());
        if (isReversed)
        {
            Array.Reverse(parts);
        }

        var count =
            digits.Length == 0
                ? parts.Length
                : Math.Min(parts.Length, int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
        return string.Join('.', parts[^count..]);
    }

    private static string Dotted(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString()
            : string.Join('.', Convert.ToHexStringLower(address.GetAddressBytes()).AsEnumerable());
}

/// <param name="Text">Null when it differs from mail to mail, or cannot be read.</param>
/// <param name="IsValid">Whether it is a macro at all.</param>
internal sealed record ExpandedSpf(string? Text, bool IsValid);
