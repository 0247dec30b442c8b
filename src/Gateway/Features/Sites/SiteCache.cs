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
internal sealed class SiteCache(RecentCache cache, IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Whoever sends wrong signatures makes the database read a site this often, and not more.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();

    // Only sites that there are come in here, so it does not grow beyond them.
    private readonly Dictionary<Guid, long> _looks = [];

    public ValueTask<KnownSite?> FindAsync(Guid siteId, CancellationToken ct) =>
        cache.FindAsync(siteId, ReadAsync, RecentCache.Seconds, ct);

    /// <summary>Reads a site anew: another process may have added a secret a moment ago.</summary>
    /// <returns>Null when there is no such site any more, or nothing newer than a second is to be had.</returns>
    public async ValueTask<KnownSite?> FindNewerAsync(KnownSite known, CancellationToken ct)
    {
        var siteId = known.Site.Id;
        lock (_looking)
        {
            var isRecent = _looks.TryGetValue(siteId, out var last) && clock.GetElapsedTime(last) < BetweenLooks;
            if (!isRecent)
            {
                _looks[siteId] = clock.GetTimestamp();
                Forget(siteId);
            }
        }

        var newer = await FindAsync(siteId, ct);
        return ReferenceEquals(newer, known) ? null : newer;
    }

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
