using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Features.Sites;

/// <summary>
/// The Standard Webhooks scheme: HMAC-SHA256 over <c>id.timestamp.body</c>. The plugin signs what it sends with it.
/// Source: the Standard Webhooks specification, version 1.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const int ShortestKey = 24;
    private const int MaxKey = 64;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text is a secret as the specification has it.</summary>
    public static bool IsSecret(string text)
    {
        Span<byte> key = stackalloc byte[MaxKey];
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out var length)
            && length >= ShortestKey;
    }

    public static byte[] KeyOf(string secret) =>
        Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);

    /// <returns>A signature header, <c>v1,…</c>.</returns>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body) =>
        "v1," + Convert.ToBase64String(Mac(key, id, timestamp, body));

    /// <summary>Whether one of the header's signatures was made with one of the keys; every comparison takes the same time.</summary>
    public static bool Verify(IEnumerable<byte[]> keys, string id, long timestamp, ReadOnlySpan<byte> body, string header)
    {
        var valid = false;
        Span<byte> given = stackalloc byte[64];
        foreach (var key in keys)
        {
            var expected = Mac(key, id, timestamp, body);
            foreach (var part in header.AsSpan().Split(' '))
            {
                var signature = header.AsSpan(part);
                if (signature.StartsWith("v1,") && Convert.TryFromBase64Chars(signature[3..], given, out var length))
                {
                    valid |= CryptographicOperations.FixedTimeEquals(given[..length], expected);
                }
            }
        }

        return valid;
    }

    private static byte[] Mac(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.");
        var length = Encoding.UTF8.GetByteCount(head) + body.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var written = Encoding.UTF8.GetBytes(head, buffer);
            body.CopyTo(buffer.AsSpan(written));
            return HMACSHA256.HashData(key, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
