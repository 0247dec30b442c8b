using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>An SPF record as it is written (RFC 7208, sections 4.6 and 12).</summary>
internal sealed record SpfRecord(string Text, IReadOnlyList<SpfTerm> Terms)
{
    private const string Version = "v=spf1";

    /// <summary>The term that decides about everybody else; null when there is none.</summary>
    public SpfTerm? All => Terms.FirstOrDefault(term => term.Kind == SpfKind.All);

    public SpfTerm? Redirect => Terms.FirstOrDefault(term => term.Kind == SpfKind.Redirect);

    /// <summary>Whether a TXT record is one of SPF: the version, and then a space or nothing.</summary>
    public static bool IsSpf(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    public static SpfRecord Parse(string text) =>
        new(text, [.. text[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(SpfTerm.Parse)]);

    /// <returns>The record that allows what several records allow together, and treats others as the first that says so.</returns>
    public static string Merge(IEnumerable<string> records)
    {
        var terms = records.Select(Parse).SelectMany(record => record.Terms).ToList();
        var all = terms.Find(term => term is { Kind: SpfKind.All, Qualifier: not '+' })?.Text ?? "~all";
        var allowed = terms.Where(term => term.Kind is not (SpfKind.All or SpfKind.Invalid)).Select(term => term.Text).Distinct();
        return string.Join(' ', [Version, .. allowed, all]);
    }
}

internal enum SpfKind
{
    Invalid,
    All,
    Include,
    A,
    Mx,
    Ptr,
    Ip4,
    Ip6,
    Exists,
    Redirect,

    /// <summary><c>exp=</c>, and modifiers that nobody knows, which are ignored.</summary>
    Modifier,
}

/// <summary>One term of an SPF record.</summary>
/// <param name="Qualifier"><c>+</c> where none is written.</param>
/// <param name="Domain">With its macros; null where none is written.</param>
/// <param name="Network">Of <c>ip4</c> and <c>ip6</c>.</param>
/// <param name="Prefix4">Of <c>a</c> and <c>mx</c>.</param>
/// <param name="Prefix6">Likewise.</param>
internal sealed record SpfTerm(
    string Text,
    SpfKind Kind,
    char Qualifier = '+',
    string? Domain = null,
    IPNetwork? Network = null,
    int Prefix4 = 32,
    int Prefix6 = 128
)
{
    /// <summary>Whether it counts among the ten that may ask the DNS (RFC 7208, section 4.6.4).</summary>
    public bool IsLookup => Kind is SpfKind.Include or SpfKind.A or SpfKind.Mx or SpfKind.Ptr or SpfKind.Exists or SpfKind.Redirect;

    public static SpfTerm Parse(string text)
    {
        if (
            text.IndexOf('=') is > 0 and var equals
            && text[..equals].All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.".Contains(letter))
        )
        {
            var value = text[(equals + 1)..];
            return !text[..equals].Equals("redirect", StringComparison.OrdinalIgnoreCase) ? new(text, SpfKind.Modifier)
                : value.Length == 0 ? new(text, SpfKind.Invalid)
                : new(text, SpfKind.Redirect, Domain: value);
        }

        var qualifier = "+-~?".Contains(text[0]) ? text[0] : '+';
        var rest = "+-~?".Contains(text[0]) ? text[1..] : text;
        var end = rest.IndexOfAny([':', '/']);
        var (name, after) = end < 0 ? (rest, "") : (rest[..end], rest[end..]);
        var parsed = name.ToLowerInvariant() switch
        {
            "all" when after.Length == 0 => new SpfTerm(text, SpfKind.All),
            "include" => Domained(text, SpfKind.Include, after, isNeeded: true),
            "exists" => Domained(text, SpfKind.Exists, after, isNeeded: true),
            "ptr" => Domained(text, SpfKind.Ptr, after, isNeeded: false),
            "a" => Hosts(text, SpfKind.A, after),
            "mx" => Hosts(text, SpfKind.Mx, after),
            "ip4" => Net(text, SpfKind.Ip4, after, AddressFamily.InterNetwork),
            "ip6" => Net(text, SpfKind.Ip6, after, AddressFamily.InterNetworkV6),
            _ => new(text, SpfKind.Invalid),
        };
        return parsed with { Qualifier = qualifier };
    }

    private static SpfTerm Domained(string text, SpfKind kind, string after, bool isNeeded) =>
        after.Length == 0 ? new(text, isNeeded ? SpfKind.Invalid : kind)
        : after is [':', _, ..] ? new(text, kind, Domain: after[1..])
        : new(text, SpfKind.Invalid);

    private static SpfTerm Net(string text, SpfKind kind, string after, AddressFamily family)
    {
        var value = after is [':', ..] ? after[1..] : "";
        var slash = value.IndexOf('/');
        var most = family == AddressFamily.InterNetwork ? 32 : 128;
        return
            IPAddress.TryParse(slash < 0 ? value : value[..slash], out var address)
            && address.AddressFamily == family
            && (family != AddressFamily.InterNetwork || value.Count(letter => letter == '.') == 3)
            && Prefix(slash < 0 ? "" : value[slash..], most) is { } prefix
            ? new(text, kind, Network: Around(address, prefix))
            : new(text, SpfKind.Invalid);
    }

    /// <summary><c>a</c>, <c>a:mail.example.org</c>, <c>a/24</c>, <c>a:mail.example.org/24//64</c>.</summary>
    private static SpfTerm Hosts(string text, SpfKind kind, string after)
    {
        var slash = after.IndexOf('/');
        var (domain, lengths) = slash < 0 ? (after, "") : (after[..slash], after[slash..]);
        var two = lengths.IndexOf("//", StringComparison.Ordinal);
        var (four, six) = two < 0 ? (lengths, "") : (lengths[..two], lengths[(two + 1)..]);
        return domain != ":" && Prefix(four, 32) is { } prefix4 && Prefix(six, 128) is { } prefix6
            ? new(text, kind, Domain: domain.Length > 0 ? domain[1..] : null, Prefix4: prefix4, Prefix6: prefix6)
            : new(text, SpfKind.Invalid);
    }

    private static int? Prefix(string text, int most) =>
        text.Length == 0 ? most
        : text[0] == '/'
        && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length <= most
            ? length
        : null;

    /// <returns>The network of an address; the bits behind the prefix are cleared.</returns>
    public static IPNetwork Around(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(bytes), prefix);
    }
}
