using System.Net;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Hooks;

/// <summary>Which addresses a hook may have. What a name leads to is checked at every connection (<see cref="GuardedConnections"/>): names change.</summary>
internal static class HookUrl
{
    private const int Longest = 2000;

    /// <returns>What is wrong with it, in a sentence; null when nothing is.</returns>
    public static string? Fault(string url, bool allowPrivate) => !Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Host.Length == 0
        ? "url is an address such as https://hooks.example.org/1."
        : target switch
        {
            _ when url.Length > Longest => $"url has {Longest} characters at the most.",
            { Scheme: not ("https" or "http") } => "url begins with https://.",
            { Scheme: "http" } when !allowPrivate => "url begins with https://.",
            { UserInfo.Length: > 0 } => "url must not hold a user or a password.",
            { Fragment.Length: > 0 } => "url must not hold a fragment (#).",
            _ when !MayLead(target, allowPrivate) => "url must lead to a host on the public internet.",
            _ => null,
        };

    /// <returns>Host and port: the lane its deliveries wait in.</returns>
    public static string HostOf(string url) => new Uri(url) is var target ? $"{target.IdnHost.ToLowerInvariant()}:{target.Port}" : "";

    private static bool MayLead(Uri target, bool allowPrivate) => IPAddress.TryParse(target.DnsSafeHost, out var address)
        ? GuardedConnections.Allows(target, address, allowPrivate)
        : !target.IsLoopback || allowPrivate;
}
