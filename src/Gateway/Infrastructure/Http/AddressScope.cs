using System.Net;
using System.Net.Sockets;

namespace Gateway.Infrastructure.Http;

/// <summary>Whom an IP address leads to.</summary>
internal enum AddressScope
{
    /// <summary>A host on the public internet.</summary>
    Public,

    /// <summary>This machine, or one of a private network.</summary>
    Private,

    /// <summary>
    /// Nobody that should be called: link-local (where clouds keep their credentials), multicast, documentation, reserved.
    /// </summary>
    Special,
}

/// <summary>
/// Tells addresses of the public internet from all others.
/// Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and its updates), and of IPv6 global unicast
/// allocations.
/// </summary>
internal static class AddressScopes
{
    private static readonly IPNetwork[] Private = Networks(
        "127.0.0.0/8",
        "::1/128", // loopback
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16", // private use, RFC 1918
        "100.64.0.0/10", // shared with a provider's NAT, RFC 6598
        "fc00::/7"
    ); // unique local, RFC 4193

    private static readonly IPNetwork[] Special = Networks(
        "0.0.0.0/8", // this network
        "169.254.0.0/16", // link-local, RFC 3927
        "192.0.0.0/24", // IETF protocol assignments
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24", // documentation, RFC 5737
        "192.88.99.0/24", // 6to4 relays, deprecated
        "198.18.0.0/15", // benchmarks, RFC 2544
        "224.0.0.0/4",
        "240.0.0.0/4", // multicast; reserved, with the broadcast address
        "2001::/23", // IETF protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",
        "3fff::/20", // documentation, RFC 3849 and RFC 9637
        "2002::/16"
    ); // 6to4: wraps an IPv4 address

    /// <summary>All of IPv6 that is given out for the public internet; what lies outside, such as fe80::/10 and ff00::/8, is not.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Translated to IPv4 (RFC 6052): the last 32 bits are the address that is reached.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static AddressScope Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Of(address.MapToIPv4());
        }

        if (Nat64.Contains(address))
        {
            return Of(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return IsIn(Private, address) ? AddressScope.Private
            : IsIn(Special, address) ? AddressScope.Special
            : address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address) ? AddressScope.Public
            : AddressScope.Special;
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address) => networks.Any(network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}
