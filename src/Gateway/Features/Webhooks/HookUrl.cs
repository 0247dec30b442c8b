using System.Net;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Webhooks;

/// <summary>
/// Which addresses a hook may have. What a name leads to is checked at every connection (<see cref="GuardedConnections"/>): names change.
/// </summary>
internal static class HookUrl
{
    private const int Longest = 2000;

    /// <returns>What is wrong with it, in a sentence; null when nothing is.</returns>
    public static string? Error(string url, bool allowPrivate) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var target) || Host(target) is not { Length: > 0 } host
            ? "url is an address such as https://hooks.example.org/1."
            : target switch
            {
                _ when url.Length > Longest => $"url has {Longest} characters at the most.",
                { Scheme: not ("https" or "http") } => "url begins with https://.",
                { Scheme: "http" } when !allowPrivate => "url begins with https://.",
                { UserInfo.Length: > 0 } => "url must not hold a user or a password.",
                { Fragment.Length: > 0 } => "url must not hold a fragment (#).",
                _ when !MayLead(target, host, allowPrivate) => "url must lead to a host on the public internet.",
                _ => null,
            };

    /// <returns>Host and port: the lane its deliveries wait in.</returns>
    public static string HostOf(string url) => new Uri(url) is var target ? $"{target.IdnHost.ToLowerInvariant()}:{target.Port}" : "";

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
            : !target.IsLoopback || allowPrivate;
}
