using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites;

/// <summary>Secrets of a site as they are shown once, when they are made.</summary>
/// <param name="Site">The site's id, <c>site_…</c>.</param>
/// <param name="ConnectionKey">The one line for the plugin's settings.</param>
/// <param name="SigningSecret">The secret inside the connection key, <c>whsec_…</c>.</param>
internal sealed record IssuedKeys(string Site, string ConnectionKey, string SigningSecret, string ClientId, string ClientSecret);

/// <summary>Makes sites and their secrets, and replaces secrets without a gap: the one before the newest goes on working.</summary>
internal sealed class SiteKeys(GatewayDb db, Secrets secrets, SiteCache directory, TimeProvider clock, IOptions<GatewayOptions> options)
{
    private const int LiveOfEachKind = 2;

    public async Task<IssuedKeys> AddSiteAsync(Site site, CancellationToken ct)
    {
        site.Id = site.Id == default ? Guid.CreateVersion7(clock.GetUtcNow()) : site.Id;
        site.CreatedAt = clock.GetUtcNow().UtcDateTime;
        return await db.WriteAsync(
            async () =>
            {
                db.Sites.Add(site);
                var issued = Issue(site.Id, 1);
                await db.SaveChangesAsync(ct);
                return issued;
            },
            ct
        );
    }

    /// <summary>Makes a new pair of secrets; of each kind only the two newest stay valid.</summary>
    public async Task<IssuedKeys> RotateAsync(Guid siteId, CancellationToken ct)
    {
        var issued = await db.WriteAsync(
            async () =>
            {
                // Two rotations at once would take the same number.
                var all = db.Credentials.Where(one => one.SiteId == siteId);
                await all.LockAsync(ct);
                var last = await all.MaxAsync(one => (int?)one.Sequence, ct) ?? 0;
                var live = await all.Where(one => one.RevokedAt == null).ToListAsync(ct);
                foreach (
                    var old in live.GroupBy(one => one.Kind)
                        .SelectMany(kind => kind.OrderByDescending(one => one.Sequence).Skip(LiveOfEachKind - 1))
                )
                {
                    old.RevokedAt = clock.GetUtcNow().UtcDateTime;
                }

                var fresh = Issue(siteId, last + 1);
                await db.SaveChangesAsync(ct);
                return fresh;
            },
            ct
        );
        directory.Forget(siteId);
        return issued;
    }

    private IssuedKeys Issue(Guid siteId, int sequence)
    {
        var now = clock.GetUtcNow();
        var signingSecret = WebhookSignature.NewSecret();
        var clientId = "gwi_" + Secrets.Random(16);
        var clientSecret = "gwx_" + Secrets.Random(32);
        db.Credentials.AddRange(
            new Credential
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = CredentialKind.Signing,
                Sequence = sequence,
                ProtectedSecret = secrets.Protect(signingSecret),
                CreatedAt = now.UtcDateTime,
            },
            new Credential
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = CredentialKind.Api,
                Sequence = sequence,
                ClientId = clientId,
                SecretHash = Secrets.Hash(clientSecret),
                CreatedAt = now.UtcDateTime,
            }
        );

        var site = PublicId.Format(PublicId.Site, siteId);
        return new(site, ConnectionKey(site, signingSecret), signingSecret, clientId, clientSecret);
    }

    private string ConnectionKey(string site, string secret) =>
        "gwc_"
        + Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(
                    new
                    {
                        url = options.Value.PublicBase,
                        site,
                        secret,
                    },
                    Relaxed
                )
            )
        );

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
