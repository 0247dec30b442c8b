using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites;

/// <summary>
/// Signing secrets: what a site's plugin signs its calls with. They are kept encrypted, since a signature needs the secret itself.
/// </summary>
internal sealed partial class SigningSecrets(
    GatewayDb db,
    SecretEncryption encryption,
    TimeProvider clock,
    IOptions<GatewayOptions> options,
    ILogger<SigningSecrets> logger
)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds one to the caller's transaction.</summary>
    /// <returns>The secret, <c>whsec_…</c>.</returns>
    public string Add(Guid siteId)
    {
        var now = clock.GetUtcNow();
        var secret = WebhookSignature.NewSecret();
        db.Credentials.Add(
            new()
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = CredentialKind.Signing,
                ProtectedSecret = encryption.Protect(secret),
                CreatedAt = now.UtcDateTime,
            }
        );
        return secret;
    }

    /// <returns>The keys that a site may sign with now.</returns>
    public async Task<IReadOnlyList<byte[]>> KeysAsync(Guid siteId, CancellationToken ct)
    {
        var stored = await db
            .Credentials.AsNoTracking()
            .Where(one => one.SiteId == siteId && one.Kind == CredentialKind.Signing && one.RevokedAt == null)
            .Select(one => one.ProtectedSecret!)
            .ToListAsync(ct);
        return [.. stored.Select(Open).OfType<byte[]>()];
    }

    /// <returns>Where the gateway is, the site and its secret, in the one line that is pasted into the plugin's settings.</returns>
    public string ConnectionKey(Guid siteId, string secret) =>
        "gwc_"
        + Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(
                    new
                    {
                        url = options.Value.PublicBase,
                        site = PublicId.Format(PublicId.Site, siteId),
                        secret,
                    },
                    Relaxed
                )
            )
        );

    private byte[]? Open(string stored)
    {
        try
        {
            return WebhookSignature.KeyOf(encryption.Unprotect(stored));
        }
        catch (CryptographicException wrongKey)
        {
            LogUnreadableSecret(wrongKey);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "A signing secret cannot be decrypted with this master key")]
    private partial void LogUnreadableSecret(Exception exception);
}
