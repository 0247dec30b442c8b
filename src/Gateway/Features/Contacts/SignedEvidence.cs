using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Infrastructure.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Contacts;

/// <summary>
/// Evidence as a file that can be checked without the gateway. Everything in it can be read as it stands, and <c>signature</c> is a JWS in
/// compact form (RFC 7515, ES256) that holds the same once more, signed.
/// </summary>
/// <param name="SignedAt">When the gateway gave it out.</param>
/// <param name="Key">The public half of the key, in PEM form. Only comparing it with what the operator published shows who signed.</param>
internal sealed record SignedEvidence(DateTime SignedAt, ConsentCertificate Evidence, string Key, string Signature)
{
    private const string Type = "gateway-evidence+json";

    /// <summary>It adds no times to what is signed: evidence does not expire.</summary>
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static SignedEvidence Of(ConsentCertificate evidence, EvidenceKey key, DateTime now)
    {
        var said = JsonSerializer.Serialize(new { signedAt = now, evidence }, ApiJson.Options);
        var header = new Dictionary<string, object> { [JwtHeaderParameterNames.Typ] = Type };
        return new(now, evidence, key.PublicPem, Handler.CreateToken(said, key.Credentials, header));
    }

    /// <param name="file">What the gateway gave out.</param>
    /// <param name="published">The key to check it with, in PEM form; null for the one that stands in the file.</param>
    /// <returns>The fingerprint of the key that it was checked with; or what is wrong with it, in a sentence.</returns>
    public static async Task<(string? Fingerprint, string? Fault)> CheckAsync(string file, string? published)
    {
        if (Read(file) is not { } all || all["key"] is not JsonValue ownKey || all["signature"] is not JsonValue signature)
        {
            return (null, "The file is no signed evidence: a JSON object with evidence, signedAt, key and signature.");
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(published ?? ownKey.ToString());
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            return (null, "The key is no public key in PEM form.");
        }

        var checkedToken = await Handler.ValidateTokenAsync(
            signature.ToString(),
            new()
            {
                // The factory would keep what it made for this key beyond its end.
                IssuerSigningKey = new ECDsaSecurityKey(key) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
                TryAllIssuerSigningKeys = true,
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ValidTypes = [Type],
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            }
        );
        if (!checkedToken.IsValid)
        {
            return (null, "The signature was not made with this key, or was changed afterwards.");
        }

        var signed = Read(Base64UrlEncoder.Decode(((JsonWebToken)checkedToken.SecurityToken).EncodedPayload));
        all.Remove("key");
        all.Remove("signature");
        return JsonNode.DeepEquals(all, signed)
            ? (EvidenceKey.FingerprintOf(key), null)
            : (null, "What stands in the file is not what was signed: it was changed afterwards.");
    }

    private static JsonObject? Read(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
