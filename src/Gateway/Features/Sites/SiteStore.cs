using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>Reads sites as they are stored now. Requests that must be quick ask <see cref="SiteCache"/>.</summary>
internal sealed class SiteStore(GatewayDb db)
{
    public Task<Site> GetAsync(Guid siteId, CancellationToken ct) => db.Sites.AsNoTracking().SingleAsync(site => site.Id == siteId, ct);

    public Task<bool> ExistsAsync(Guid siteId, CancellationToken ct) => db.Sites.AnyAsync(site => site.Id == siteId, ct);

    public Task<Dictionary<Guid, Site>> GetManyAsync(IReadOnlyCollection<Guid> siteIds, CancellationToken ct) =>
        db.Sites.AsNoTracking().Where(site => siteIds.Contains(site.Id)).ToDictionaryAsync(site => site.Id, ct);

    /// <summary>All sites, or those of <paramref name="only"/>, the oldest first.</summary>
    public Task<List<Site>> ListAsync(IReadOnlyCollection<Guid>? only, CancellationToken ct) =>
        db.Sites.AsNoTracking().Where(site => only == null || only.Contains(site.Id)).OrderBy(site => site.Id).ToListAsync(ct);

    /// <summary>Holds the site's row until the caller's transaction ends.</summary>
    public Task LockAsync(Guid siteId, CancellationToken ct) => db.Sites.Where(site => site.Id == siteId).LockAsync(ct);
}
