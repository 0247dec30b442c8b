using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>Reads and writes lists as they are stored. What may be stored is decided by who asks.</summary>
internal sealed class ListStore(GatewayDb db)
{
    /// <returns>Null when there is no such list.</returns>
    public Task<ContactList?> FindAsync(Guid? listId, CancellationToken ct) =>
        db.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.Id == listId, ct);

    /// <param name="id">As callers write it, <c>lst_…</c>.</param>
    /// <returns>Null when the site has no such list.</returns>
    public async Task<ContactList?> FindAsync(Guid siteId, string? id, CancellationToken ct) =>
        PublicId.Parse(PublicId.List, id) is { } listId
            ? await db.Lists.AsNoTracking().SingleOrDefaultAsync(list => list.SiteId == siteId && list.Id == listId, ct)
            : null;

    public Task<Dictionary<Guid, ContactList>> GetManyAsync(IReadOnlyCollection<Guid> listIds, CancellationToken ct) =>
        db.Lists.AsNoTracking().Where(list => listIds.Contains(list.Id)).ToDictionaryAsync(list => list.Id, ct);

    /// <summary>The site's lists, the oldest first.</summary>
    public Task<List<ContactList>> OfSiteAsync(Guid siteId, CancellationToken ct) => OfSitesAsync([siteId], ct);

    /// <inheritdoc cref="OfSiteAsync"/>
    public Task<List<ContactList>> OfSitesAsync(IReadOnlyCollection<Guid> siteIds, CancellationToken ct) =>
        db.Lists.AsNoTracking().Where(list => siteIds.Contains(list.SiteId)).OrderBy(list => list.Id).ToListAsync(ct);

    /// <summary>The lists that are kept at a provider, of all sites.</summary>
    /// <param name="providerListId">The one of them; null for all there.</param>
    public Task<List<ContactList>> AtProviderAsync(string provider, string? providerListId, CancellationToken ct) =>
        db
            .Lists.AsNoTracking()
            .Where(list => list.Provider == provider && (providerListId == null || list.ProviderListId == providerListId))
            .OrderBy(list => list.Id)
            .ToListAsync(ct);

    /// <summary>The lists that are kept over a connection, of all sites.</summary>
    public Task<List<ContactList>> OverConnectionAsync(Guid connectionId, CancellationToken ct) =>
        db.Lists.AsNoTracking().Where(list => list.ConnectionId == connectionId).OrderBy(list => list.Id).ToListAsync(ct);

    /// <summary>The lists that are kept elsewhere, of all sites.</summary>
    /// <param name="local">The name of what is kept here.</param>
    public Task<List<ContactList>> AwayAsync(string local, CancellationToken ct) =>
        db.Lists.AsNoTracking().Where(list => list.Provider != local).OrderBy(list => list.Id).ToListAsync(ct);

    /// <summary>Those that people can join.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="archived">Those instead that take nobody any more.</param>
    public Task<List<ContactList>> PageAsync(Guid siteId, Guid? after, int limit, CancellationToken ct, bool archived = false)
    {
        var lists = db.Lists.AsNoTracking().Where(list => list.SiteId == siteId && list.ArchivedAt != null == archived);
        return (after is { } last ? lists.Where(list => list.Id > last) : lists).OrderBy(list => list.Id).Take(limit).ToListAsync(ct);
    }

    public Task AddAsync(ContactList list, CancellationToken ct) => db.WriteAsync(() => db.InsertNewAsync([list], ct), ct);

    /// <summary>Deletes a list that nobody is or was on, and that nobody refused. Inside the caller's transaction.</summary>
    /// <returns>False when somebody was on it.</returns>
    public async Task<bool> DeleteUnusedAsync(Guid listId, CancellationToken ct)
    {
        var (joined, refused) = (db.Subscriptions, db.Suppressions);
        return await db
                .Lists.Where(list =>
                    list.Id == listId && !joined.Any(one => one.ListId == list.Id) && !refused.Any(one => one.ListId == list.Id)
                )
                .ExecuteDeleteAsync(ct) > 0;
    }

    /// <summary>Holds the list's row until the caller's transaction ends: of many who would change it, one goes first.</summary>
    /// <returns>The list, tracked: what is changed of it is stored by the caller's transaction. Null when there is no such list.</returns>
    public async Task<ContactList?> LockAsync(Guid? listId, CancellationToken ct)
    {
        var mine = db.Lists.Where(list => list.Id == listId);
        return await mine.LockAsync(ct) == 0 ? null : await mine.SingleAsync(ct);
    }
}
