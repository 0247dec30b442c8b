using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>Reads sites as they are stored now. Requests that must be quick ask <see cref="SiteCache"/>.</summary>
internal sealed class SiteStore(GatewayDb db)
{
    /// <summary>Of this use alone among advisory locks.</summary>
    private const long NamesLock = 0x73_69_74_65_73;

    public Task<Site> GetAsync(Guid siteId, CancellationToken ct) => db.Sites.AsNoTracking().SingleAsync(site => site.Id == siteId, ct);

    public Task<bool> ExistsAsync(Guid siteId, CancellationToken ct) => db.Sites.AnyAsync(site => site.Id == siteId, ct);

    public Task<Dictionary<Guid, Site>> GetManyAsync(IReadOnlyCollection<Guid> siteIds, CancellationToken ct) =>
        db.Sites.AsNoTracking().Where(site => siteIds.Contains(site.Id)).ToDictionaryAsync(site => site.Id, ct);

    /// <summary>All sites, or those of <paramref name="only"/>, the oldest first.</summary>
    public Task<List<Site>> ListAsync(IReadOnlyCollection<Guid>? only, CancellationToken ct) =>
        db.Sites.AsNoTracking().Where(site => only == null || only.Contains(site.Id)).OrderBy(site => site.Id).ToListAsync(ct);

    /// <returns>A site with this name, whatever the case of its letters; null when there is none.</returns>
    public async Task<Site?> FindByNameAsync(string name, CancellationToken ct) =>
        // There are few, and the databases compare letters beyond ASCII in ways of their own.
        (await ListAsync(only: null, ct)).Find(site => site.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whoever gives a site a name waits here until the caller's transaction ends. There may be no row yet to be held.</summary>
    public Task LockNamesAsync(CancellationToken ct) =>
        db.Database.IsSqlite()
            ? Task.CompletedTask // Writers stand behind one gate there.
            : db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({NamesLock})", ct);

    /// <summary>Holds the site's row until the caller's transaction ends.</summary>
    public Task LockAsync(Guid siteId, CancellationToken ct) => db.Sites.Where(site => site.Id == siteId).LockAsync(ct);

    /// <summary>Changes a site while its row is held, so that two who change it at once do not undo each other.</summary>
    /// <param name="change">Changes it and says what is wrong then; null when it may be stored.</param>
    /// <returns>The site as it is now.</returns>
    public Task<Result<Site>> ChangeAsync(Guid siteId, Func<Site, Refusal?> change, CancellationToken ct) =>
        db.WriteAsync<Result<Site>>(
            async () =>
            {
                var mine = db.Sites.Where(site => site.Id == siteId);
                if (await mine.LockAsync(ct) == 0)
                {
                    return new Refusal(RefusalKind.Missing, "not_found", "There is no such site.");
                }

                var site = await mine.SingleAsync(ct);
                if (change(site) is { } refusal)
                {
                    db.ChangeTracker.Clear();
                    return refusal;
                }

                await db.SaveChangesAsync(ct);
                return site;
            },
            ct
        );
}
