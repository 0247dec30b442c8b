using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Mail.Budgets;

/// <summary>
/// Names of what is counted: keyed hashes, so that rows that count are no place to learn whom the gateway writes to or who visits a site.
/// </summary>
internal sealed class BudgetKeys(MasterKey master)
{
    /// <summary>Of each of the two hashes of a visitor; the network's is the last.</summary>
    private const int VisitorBytes = 16;

    private readonly byte[] _key = master.Derive("mail budget");

    /// <returns>Such as <c>domain 0f3a…</c>.</returns>
    public string Of(string kind, string value) => $"{kind} {Convert.ToHexStringLower(Hash(kind, value))}";

    /// <summary>
    /// Where a visitor comes from, as hashes of the address and of the network around it. They are kept with a sign-up only until its mail
    /// is on its way.
    /// </summary>
    /// <returns>
    /// Null when the address says nothing: there is none, or it is a private one, which is a proxy's and so everybody's. Of what is no
    /// address only a network, which is one for all such of the site: a stranger may write there what they like.
    /// </returns>
    public byte[]? VisitorOf(Guid siteId, string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            return null;
        }

        if (WrittenAddress.Read(address) is not { } ip)
        {
            return Hash("network", siteId.ToString("N"));
        }

        if (AddressScopes.Of(ip) == AddressScope.Private)
        {
            return null;
        }

        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        var bytes = ip.GetAddressBytes();
        var (own, network) = ip.AddressFamily == AddressFamily.InterNetwork ? (4, 3) : (8, 7);
        return [.. Hash("visitor", Convert.ToHexString(bytes, 0, own)), .. Hash("network", Convert.ToHexString(bytes, 0, network))];
    }

    /// <returns>The keys of a visitor's address, if that is known, and network.</returns>
    public static (string? Visitor, string Network) Of(byte[] visitor) =>
        (
            visitor.Length > VisitorBytes ? "visitor " + Convert.ToHexStringLower(visitor.AsSpan(0, VisitorBytes)) : null,
            "network " + Convert.ToHexStringLower(NetworkIn(visitor))
        );

    /// <summary>
    /// The visitor's network, as a short number that means nothing at another site or recipient domain: who of those that did not confirm
    /// come from the same one.
    /// </summary>
    /// <param name="domain">The recipient's.</param>
    /// <returns>Null when nobody knows where the visitor comes from; all such count as one network of the site.</returns>
    public int? NetworkOf(byte[]? visitor, Guid siteId, string domain) =>
        visitor is null
            ? null
            : BinaryPrimitives.ReadInt32LittleEndian(Hash("asked", $"{siteId:N} {domain} {Convert.ToHexString(NetworkIn(visitor))}"));

    private static ReadOnlySpan<byte> NetworkIn(byte[] visitor) => visitor.AsSpan(visitor.Length - VisitorBytes);

    private byte[] Hash(string kind, string value) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\0{value}"))[..VisitorBytes];
}
