using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Contacts;

/// <summary>
/// The two keys of the ledger, made from the master key and so outside the database: one chains the entries, the other seals the head.
/// Whoever may only write to the database can make neither.
/// </summary>
internal sealed class LedgerKeys(MasterKey master)
{
    private readonly byte[] _chain = master.Derive("ledger");
    private readonly byte[] _head = master.Derive("ledger head");

    /// <summary>What stands before the first entry.</summary>
    public static byte[] Beginning => new byte[32];

    /// <returns>HMAC-SHA256 over the hash of the entry before and the bytes of this one.</returns>
    public byte[] Chain(byte[] previous, byte[] entry) => HMACSHA256.HashData(_chain, (byte[])[.. previous, .. entry]);

    /// <returns>HMAC-SHA256 over site (16 bytes), sequence (8 bytes, most significant first) and the hash of the last entry.</returns>
    public byte[] Seal(Guid siteId, long sequence, byte[] hash)
    {
        var text = new byte[24 + hash.Length];
        siteId.TryWriteBytes(text, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(16), sequence);
        hash.CopyTo(text, 24);
        return HMACSHA256.HashData(_head, text);
    }

    public bool IsSealed(LedgerHead head) => Secrets.Same(head.Seal, Seal(head.SiteId, head.Sequence, head.Hash));
}
