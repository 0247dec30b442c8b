using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>Secrets of a site as they are shown once, when they are made.</summary>
/// <param name="Site">The site's id, <c>site_…</c>.</param>
/// <param name="ConnectionKey">The one line for the plugin's settings.</param>
/// <param name="SigningSecret">The secret inside the connection key, <c>whsec_…</c>.</param>
internal sealed record IssuedKeys(string Site, string ConnectionKey, string SigningSecret, string ClientId, string ClientSecret);

/// <summary>Makes sites with their secrets, and replaces secrets without a gap: the one before the newest goes on working.</summary>
internal sealed class SiteCredentials(GatewayDb db, ApiKeys apiKeys, SigningSecrets signingSecrets, SiteCache cache, TimeProvider clock)
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
                var fresh = Issue(siteId, await NextAsync(siteId, kind: null, ct));
                await db.SaveChangesAsync(ct);
                return fresh;
            },
            ct
        );
        cache.Forget(siteId);
        return issued;
    }

    /// <summary>
    /// Makes a new secret for the plugin, inside the caller's transaction; the two newest stay valid, and API keys stay as they are.
    /// </summary>
    /// <returns>The connection key.</returns>
    public async Task<string> AddConnectionKeyAsync(Guid siteId, CancellationToken ct)
    {
        var secret = signingSecrets.Add(siteId, await NextAsync(siteId, CredentialKind.Signing, ct));
        await db.SaveChangesAsync(ct);
        db.OnCommitted(() => cache.Forget(siteId));
        return signingSecrets.ConnectionKey(siteId, secret);
    }

    /// <summary>Makes room for a new secret: of each kind one of the old ones stays valid.</summary>
    /// <param name="kind">The kind that gets a new one; null for all.</param>
    /// <returns>The new one's number.</returns>
    private async Task<int> NextAsync(Guid siteId, CredentialKind? kind, CancellationToken ct)
    {
        // Two at once would take the same number.
        var all = db.Credentials.Where(one => one.SiteId == siteId);
        await all.LockAsync(ct);
        var last = await all.MaxAsync(one => (int?)one.Sequence, ct) ?? 0;
        // Keys that were made for something of their own are none of the pair.
        var live = await all.Where(one => one.RevokedAt == null && one.Name == null && (kind == null || one.Kind == kind))
            .ToListAsync(ct);
        foreach (
            var old in live.GroupBy(one => one.Kind)
                .SelectMany(alike => alike.OrderByDescending(one => one.Sequence).Skip(LiveOfEachKind - 1))
        )
        {
            old.RevokedAt = clock.GetUtcNow().UtcDateTime;
        }

        return last + 1;
    }

    private IssuedKeys Issue(Guid siteId, int sequence)
    {
        var secret = signingSecrets.Add(siteId, sequence);
        var (clientId, clientSecret) = apiKeys.Add(siteId, sequence);
        return new(PublicId.Format(PublicId.Site, siteId), signingSecrets.ConnectionKey(siteId, secret), secret, clientId, clientSecret);
    }
}
