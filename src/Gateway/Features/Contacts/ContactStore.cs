using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>An address of a contact, and what was doubtful about it when it was judged last.</summary>
internal sealed record KnownAddress(Guid ContactId, Guid SiteId, string Key, AddressFlaw? Flaw);

/// <summary>Finds people and adds those who are new, each once whoever else is adding them.</summary>
internal sealed class ContactStore(GatewayDb db)
{
    /// <param name="people">Contacts as they would be added; one that is there already stays as it is, since what a stranger typed changes
    /// nobody.</param>
    /// <returns>The stored contact of each site and address. Runs inside the caller's transaction.</returns>
    public async Task<Dictionary<(Guid SiteId, string AddressKey), Contact>> FindOrAddAsync(
        IEnumerable<Contact> people,
        CancellationToken ct
    )
    {
        // Sorted, so that two workers lock the same rows in the same order.
        var wanted = people
            .DistinctBy(person => (person.SiteId, person.AddressKey))
            .OrderBy(person => person.SiteId)
            .ThenBy(person => person.AddressKey, StringComparer.Ordinal)
            .ToList();
        return await db.InsertNewAsync(wanted, ct) == wanted.Count
            ? wanted.ToDictionary(person => (person.SiteId, person.AddressKey))
            : await FindManyAsync([.. wanted.Select(person => (person.SiteId, person.AddressKey))], ct);
    }

    /// <summary>Holds the person's row until the caller's transaction ends: of many who would change them, one goes first.</summary>
    /// <returns>The person, tracked; null when the site has no such contact.</returns>
    public async Task<Contact?> LockAsync(Guid siteId, Guid contactId, CancellationToken ct)
    {
        var mine = db.Contacts.Where(contact => contact.SiteId == siteId && contact.Id == contactId);
        return await mine.LockAsync(ct) == 0 ? null : await mine.SingleAsync(ct);
    }

    public Task<Contact> GetAsync(Guid contactId, CancellationToken ct) =>
        db.Contacts.AsNoTracking().SingleAsync(contact => contact.Id == contactId, ct);

    /// <returns>The person, tracked: what is changed of them is stored by the caller's transaction.</returns>
    public Task<Contact> GetTrackedAsync(Guid contactId, CancellationToken ct) =>
        db.Contacts.SingleAsync(contact => contact.Id == contactId, ct);

    /// <returns>Null when the site has no such contact.</returns>
    public Task<Contact?> FindAsync(Guid siteId, Guid? contactId, CancellationToken ct) =>
        db.Contacts.AsNoTracking().SingleOrDefaultAsync(contact => contact.SiteId == siteId && contact.Id == contactId, ct);

    /// <inheritdoc cref="FindAsync(Guid, Guid?, CancellationToken)"/>
    public Task<Contact?> FindAsync(Guid siteId, EmailAddress address, CancellationToken ct) =>
        db.Contacts.AsNoTracking().SingleOrDefaultAsync(contact => contact.SiteId == siteId && contact.AddressKey == address.Key, ct);

    public Task<Dictionary<Guid, Contact>> GetManyAsync(IReadOnlyCollection<Guid> contactIds, CancellationToken ct) =>
        db.Contacts.AsNoTracking().Where(contact => contactIds.Contains(contact.Id)).ToDictionaryAsync(contact => contact.Id, ct);

    public async Task<Dictionary<(Guid SiteId, string AddressKey), Contact>> FindManyAsync(
        IReadOnlyCollection<(Guid SiteId, string AddressKey)> addresses,
        CancellationToken ct
    )
    {
        var sites = addresses.Select(one => one.SiteId).Distinct().ToList();
        var keys = addresses.Select(one => one.AddressKey).Distinct().ToList();
        return keys.Count == 0
            ? []
            : await db
                .Contacts.AsNoTracking()
                .Where(contact => sites.Contains(contact.SiteId) && keys.Contains(contact.AddressKey))
                .ToDictionaryAsync(contact => (contact.SiteId, contact.AddressKey), ct);
    }

    /// <returns>At every site, the ids of the contacts with this address.</returns>
    public Task<List<Guid>> IdsOfAsync(string addressKey, CancellationToken ct) =>
        db.Contacts.Where(contact => contact.AddressKey == addressKey).Select(contact => contact.Id).ToListAsync(ct);

    /// <returns>The sites that know the address.</returns>
    public Task<List<Guid>> SitesOfAsync(string addressKey, CancellationToken ct) =>
        db.Contacts.Where(contact => contact.AddressKey == addressKey).Select(contact => contact.SiteId).ToListAsync(ct);

    /// <summary>Deletes somebody who is on no list of the site, in the caller's transaction.</summary>
    public async Task DeleteWithoutSubscriptionAsync(Guid contactId, CancellationToken ct)
    {
        var subscriptions = db.Subscriptions;
        var deleted = await db
            .Contacts.Where(contact => contact.Id == contactId && !subscriptions.Any(one => one.ContactId == contact.Id))
            .ExecuteDeleteAsync(ct);
        if (deleted > 0)
        {
            await db.SoftBounceRuns.Where(one => one.ContactId == contactId).ExecuteDeleteAsync(ct);
            await db.Repermissions.Where(one => one.ContactId == contactId).ExecuteDeleteAsync(ct);
        }
    }

    /// <returns>Whoever has one of the addresses, at every site.</returns>
    public Task<List<KnownAddress>> WithAddressesAsync(IReadOnlyCollection<string> addressKeys, CancellationToken ct) =>
        db
            .Contacts.Where(contact => addressKeys.Contains(contact.AddressKey))
            .Select(contact => new KnownAddress(contact.Id, contact.SiteId, contact.AddressKey, contact.Flaw))
            .ToListAsync(ct);

    /// <summary>The addresses of all sites in the order of their contacts, some at a time.</summary>
    /// <param name="after">The last contact of those before; <see cref="Guid.Empty"/> to begin.</param>
    public Task<List<KnownAddress>> AddressesAsync(Guid after, int limit, CancellationToken ct) =>
        db
            .Contacts.Where(contact => contact.Id > after)
            .OrderBy(contact => contact.Id)
            .Take(limit)
            .Select(contact => new KnownAddress(contact.Id, contact.SiteId, contact.AddressKey, contact.Flaw))
            .ToListAsync(ct);

    /// <summary>Everybody whom a site knows, in the order in which they came, some at a time.</summary>
    public async IAsyncEnumerable<List<Contact>> PagesAsync(
        Guid siteId,
        int size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var after = Guid.Empty; ;)
        {
            var page = await db
                .Contacts.AsNoTracking()
                .Where(contact => contact.SiteId == siteId && contact.Id > after)
                .OrderBy(contact => contact.Id)
                .Take(size)
                .ToListAsync(ct);
            if (page.Count == 0)
            {
                yield break;
            }

            yield return page;
            after = page[^1].Id;
        }
    }

    /// <summary>What the rules say of the address now. Inside the caller's transaction.</summary>
    public Task JudgeAsync(IReadOnlyCollection<Guid> contactIds, AddressFlaw? flaw, CancellationToken ct) =>
        db
            .Contacts.Where(contact => contactIds.Contains(contact.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(contact => contact.Flaw, flaw), ct);
}
