using System.Net;

namespace Gateway.Infrastructure.Http;

/// <summary>A visitor's address as sites find it in a header of their proxy and pass it on.</summary>
internal static class WrittenAddress
{
    private const string For = "for=";

    /// <param name="text">
    /// An address, or the first of several (X-Forwarded-For), with a port, in brackets, with a zone, or as <c>for="…"</c> (RFC 7239).
    /// </param>
    /// <returns>Null when it is none.</returns>
    public static IPAddress? Read(string? text)
    {
        var parts = (text ?? "").Split(',', 2)[0].Split(';', StringSplitOptions.TrimEntries);
        var named = Array.Find(parts, part => part.StartsWith(For, StringComparison.OrdinalIgnoreCase))?[For.Length..] ?? parts[0];
        var plain = named.Trim('"', ' ');
        var bare =
            plain.StartsWith('[') ? plain[1..].Split(']')[0]
            : plain.Count(letter => letter == ':') == 1 ? plain.Split(':')[0]
            : plain;
        return IPAddress.TryParse(bare.Split('%')[0], out var address) ? address : null;
    }
}
