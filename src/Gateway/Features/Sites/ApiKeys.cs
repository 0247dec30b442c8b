using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Sites;

/// <summary>An API key as it is shown once, when it is made.</summary>
internal sealed record IssuedApiKey(string ClientId, string ClientSecret);

/// <summary>
/// API keys: a client id and a secret that Zapier and scripts exchange for an access token (<see cref="IssueToken"/>). Of the secret only
/// the hash is kept.
/// </summary>
internal sealed class ApiKeys(GatewayDb db, TimeProvider clock)
{
    /// <summary>Adds one to the caller's transaction.</summary>
    public IssuedApiKey Add(Guid siteId)
    {
        var now = clock.GetUtcNow();
        var key = new IssuedApiKey("gwi_" + Secrets.Random(16), "gwx_" + Secrets.Random(32));
        db.Credentials.Add(
            new()
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = CredentialKind.Api,
                ClientId = key.ClientId,
                SecretHash = Secrets.Hash(key.ClientSecret),
                CreatedAt = now.UtcDateTime,
            }
        );
        return key;
    }
}
