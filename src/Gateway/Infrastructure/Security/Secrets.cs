using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Infrastructure.Security;

/// <summary>Makes secrets, and hashes and compares those that are not read back.</summary>
internal static class Secrets
{
    /// <returns>A URL-safe text of <paramref name="bytes"/> random bytes.</returns>
    public static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>SHA-256 of a random secret: with that much randomness a slow hash adds nothing.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
