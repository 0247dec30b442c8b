using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Infrastructure.Security;

/// <summary>Makes secrets, hashes those that are only compared, and encrypts those that must be read back.</summary>
internal sealed class Secrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("gateway.secrets.v1");

    public string Protect(string plain) => _protector.Protect(plain);

    public string Unprotect(string stored) => _protector.Unprotect(stored);

    /// <returns>A URL-safe text of <paramref name="bytes"/> random bytes.</returns>
    public static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>SHA-256 of a random secret: with that much randomness a slow hash adds nothing.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
