using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sites;

internal static class IpAddresses
{
    /// <returns>As much of the address as the site keeps; null when it is none, or not an address.</returns>
    public static string? Keep(string? address, IpStorage storage)
    {
        if (storage == IpStorage.None || WrittenAddress.Read(address) is not { } ip)
        {
            return null;
        }

        return storage == IpStorage.Full ? ip.ToString() : Truncate(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).ToString();
    }

    private static IPAddress Truncate(IPAddress ip)
    {
        var bytes = ip.GetAddressBytes();
        bytes.AsSpan(ip.AddressFamily == AddressFamily.InterNetwork ? 3 : 6).Clear();
        return new IPAddress(bytes);
    }
}
