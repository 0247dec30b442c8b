using System.Security.Cryptography;
using System.Text;
using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// The signature of Vonage's webhooks: a JWT in <c>Authorization</c>, signed with the account's signature secret (HS256), that holds a
/// hash of the body. Source: Vonage's guide "Signed webhooks". The HMAC is our own: the package refuses secrets shorter than 32 bytes,
/// which Vonage gives.
/// </summary>
internal static class VonageSignature
{
    private const string Scheme = "Bearer ";
    private const string Issuer = "Vonage";

    /// <summary>How old a webhook may be, and how far Vonage's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="authorization">The header as it came.</param>
    /// <param name="body">The bytes as they came.</param>
    public static bool IsValid(VonageOptions account, string authorization, byte[] body, DateTimeOffset now) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && Read(authorization[Scheme.Length..].Trim()) is { Alg: SecurityAlgorithms.HmacSha256 } token
        && IsSigned(token, account.SignatureSecret!)
        && token.Issuer == Issuer
        && Claim(token, "api_key") == account.ApiKey
        && IsFresh(token, now.UtcDateTime)
        && IsOfApplication(token, account)
        && IsHashOf(body, Claim(token, "payload_hash"));

    private static JsonWebToken? Read(string text)
    {
        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private static bool IsSigned(JsonWebToken token, string secret)
    {
        try
        {
            var signed = Encoding.ASCII.GetBytes($"{token.EncodedHeader}.{token.EncodedPayload}");
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            return Secrets.Same(expected, Base64UrlEncoder.DecodeBytes(token.EncodedSignature));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>One that is long over may have been overheard. A token without a time has none.</summary>
    private static bool IsFresh(JsonWebToken token, DateTime now) =>
        (now - token.IssuedAt).Duration() <= Tolerance && (token.ValidTo == DateTime.MinValue || token.ValidTo > now - Tolerance);

    /// <summary>Applications of one account share its secret; another's webhook is not for this site.</summary>
    private static bool IsOfApplication(JsonWebToken token, VonageOptions account) =>
        Claim(token, "application_id") is not { } named || named.Equals(account.ApplicationId, StringComparison.OrdinalIgnoreCase);

    private static bool IsHashOf(byte[] body, string? hash) =>
        hash is not null
        && Secrets.Same(
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))),
            Encoding.ASCII.GetBytes(hash.ToLowerInvariant())
        );

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
