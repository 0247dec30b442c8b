using System.Net;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Webhooks;

/// <summary>
/// Which addresses a hook may have. What a name leads to is checked at every connection (<see cref="GuardedConnections"/>): names change.
/// </summary>
internal static class HookUrl
{
    private const int Longest = 2000;

    /// <summary>
    /// Ends of names that mean something inside a network alone: RFC 6761 (localhost, invalid), RFC 6762 (local), RFC 7686 (onion), RFC
    /// 8375 (home.arpa), internal (kept back by ICANN in 2024), and what routers and firms use without having asked.
    /// </summary>
    private static readonly string[] InnerNames =
    [
        ".localhost",
        ".local",
        ".internal",
        ".home.arpa",
        ".invalid",
        ".onion",
        ".localdomain",
        ".lan",
        ".home",
        ".corp",
        ".intranet",
        ".private",
    ];

    /// <returns>What is wrong with it, in a sentence; null when nothing is.</returns>
    public static string? Error(string url, HooksOptions options) =>
        url.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
            ? "url must not hold spaces, line breaks or other control characters."
        : !Uri.TryCreate(url, UriKind.Absolute, out var target) || Host(target) is not { Length: > 0 } host
            ? "url is an address such as https://hooks.example.org/1."
        : Error(url, target, host, options);

    /// <returns>Host and port: the lane its deliveries wait in.</returns>
    public static string HostOf(string url) => new Uri(url) is var target ? $"{target.IdnHost.ToLowerInvariant()}:{target.Port}" : "";

    /// <returns>The same for people, who know the usual port.</returns>
    public static string NameOf(string url) =>
        new Uri(url) is var target && target.IsDefaultPort ? target.IdnHost.ToLowerInvariant() : HostOf(url);

    private static string? Error(string url, Uri target, string host, HooksOptions options)
    {
        var allowPrivate = options.AllowPrivateTargets == true;
        return target switch
        {
            _ when url.Length > Longest => $"url has at most {Longest} characters.",
            { Scheme: not ("https" or "http") } => "url begins with https://.",
            { Scheme: "http" } when !allowPrivate => "url begins with https://.",
            { UserInfo.Length: > 0 } => "url must not hold a user or a password.",
            { Fragment.Length: > 0 } => "url must not hold a fragment (#).",
            _ when !MayLead(target, host, allowPrivate) => "url must lead to a host on the public internet.",
            { Port: 0 } => "url has a port that cannot be called.",
            _ when !allowPrivate && !options.PortList().Contains(target.Port) =>
                $"url may have the port {string.Join(" or ", options.PortList())} and no other.",
            _ => null,
        };
    }

    /// <returns>As it is looked up and connected to, which is not always as it was typed; null when there can be no such host.</returns>
    private static string? Host(Uri target)
    {
        try
        {
            return target.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 ? target.IdnHost : null;
        }
        catch (UriFormatException)
        {
            // A letter that no name may hold. The Uri is made all the same, and throws when it is used.
            return null;
        }
    }

    private static bool MayLead(Uri target, string host, bool allowPrivate) =>
        IPAddress.TryParse(host, out var address)
            ? GuardedConnections.Allows(target, address, allowPrivate)
            : allowPrivate || IsPublicName(host.TrimEnd('.'));

    /// <summary>A name of one part is found only with the help of a network's own search list.</summary>
    private static bool IsPublicName(string name) =>
        name.Contains('.', StringComparison.Ordinal)
        && !Array.Exists(InnerNames, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
