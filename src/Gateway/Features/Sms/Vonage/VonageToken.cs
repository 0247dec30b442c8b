using System.Security.Cryptography;
using Gateway.Infrastructure.Security;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Sms.Vonage;

/// <summary>The token by which an application calls the Messages API: a JWT, signed with its private key (RS256).</summary>
internal static class VonageToken
{
    /// <summary>Longer than any call.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public static string For(VonageOptions account, TimeProvider clock)
    {
        using var key = RSA.Create();
        key.ImportFromPem(account.Pem);
        var now = clock.GetUtcNow().UtcDateTime;

        // The factory would keep the key for the next token, after it is disposed of.
        var signing = new SigningCredentials(new RsaSecurityKey(key), SecurityAlgorithms.RsaSha256)
        {
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
        return Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                IssuedAt = now,
                Expires = now + Lifetime,
                Claims = new Dictionary<string, object> { ["application_id"] = account.ApplicationId!, ["jti"] = Secrets.Random(16) },
                SigningCredentials = signing,
            }
        );
    }
}
