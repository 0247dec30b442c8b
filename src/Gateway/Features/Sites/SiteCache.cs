using System.ComponentModel;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>A site with the keys its plugin may sign with, as read a moment ago.</summary>
[ImmutableObject(true)]
internal sealed record KnownSite(Site Site, IReadOnlyList<byte[]> SigningKeys);

/// <summary>
/// Sites as callers need them at every request. They are remembered for seconds: ingest must not pay for reading them, and a revoked secret
/// must not work for long.
/// </summary>
internal sealed class SiteCache(RecentCache cache, IServiceScopeFactory scopes)
{
    public ValueTask<KnownSite?> FindAsync(Guid siteId, CancellationToken ct) =>
        cache.FindAsync(siteId, ReadAsync, RecentCache.Seconds, ct);

    /// <summary>Called when a site was changed in this process.</summary>
    public void Forget(Guid siteId) => cache.Forget<KnownSite>(siteId);

    private async ValueTask<KnownSite?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        return await db.Sites.AsNoTracking().SingleOrDefaultAsync(one => one.Id == siteId, ct) is { } site
            ? new(site, await scope.ServiceProvider.GetRequiredService<SigningSecrets>().KeysAsync(siteId, ct))
            : null;
    }
}
