using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>A site with the keys its plugin may sign with, as read a moment ago.</summary>
internal sealed record KnownSite(Site Site, IReadOnlyList<byte[]> SigningKeys);

/// <summary>
/// Sites as callers need them at every request. They are remembered for seconds: ingest must not pay for reading them, and a revoked secret
/// must not work for long.
/// </summary>
internal sealed partial class SiteCache(IServiceScopeFactory scopes, Secrets secrets, TimeProvider clock, ILogger<SiteCache> logger)
{
    private static readonly TimeSpan Remember = TimeSpan.FromSeconds(10);

    // Unknown ids are not remembered, so that nobody can fill the memory with them.
    private readonly ConcurrentDictionary<Guid, (KnownSite Site, DateTimeOffset Until)> _sites = new();

    public async ValueTask<KnownSite?> FindAsync(Guid siteId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_sites.TryGetValue(siteId, out var known) && known.Until > now)
        {
            return known.Site;
        }

        var read = await ReadAsync(siteId, ct);
        if (read is null)
        {
            _sites.TryRemove(siteId, out _);
        }
        else
        {
            _sites[siteId] = (read, now + Remember);
        }

        return read;
    }

    /// <summary>Called when a site was changed in this process.</summary>
    public void Forget(Guid siteId) => _sites.TryRemove(siteId, out _);

    private async Task<KnownSite?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var site = await db.Sites.AsNoTracking().SingleOrDefaultAsync(one => one.Id == siteId, ct);
        if (site is null)
        {
            return null;
        }

        var stored = await db
            .Credentials.AsNoTracking()
            .Where(one => one.SiteId == siteId && one.Kind == CredentialKind.Signing && one.RevokedAt == null)
            .Select(one => one.ProtectedSecret!)
            .ToListAsync(ct);
        return new KnownSite(site, [.. stored.Select(Open).OfType<byte[]>()]);
    }

    private byte[]? Open(string stored)
    {
        try
        {
            return WebhookSignature.KeyOf(secrets.Unprotect(stored));
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
