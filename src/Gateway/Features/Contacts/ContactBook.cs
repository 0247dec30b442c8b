using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>Finds people by their address and adds those who are new, each once whoever else is adding them.</summary>
internal sealed class ContactBook(GatewayDb db)
{
    /// <param name="people">Contacts as they would be added; one that is there already stays as it is, since what a stranger typed changes nobody.</param>
    /// <returns>The stored contact of each site and address. Runs inside the caller's transaction.</returns>
    public async Task<Dictionary<(Guid SiteId, string AddressKey), Contact>> FindOrAddAsync(IEnumerable<Contact> people, CancellationToken ct)
    {
        // Sorted, so that two workers lock the same rows in the same order.
        var wanted = people.DistinctBy(person => (person.SiteId, person.AddressKey))
            .OrderBy(person => person.SiteId).ThenBy(person => person.AddressKey, StringComparer.Ordinal).ToList();
        await db.InsertNewAsync(wanted, ct);

        var sites = wanted.Select(person => person.SiteId).Distinct().ToList();
        var keys = wanted.Select(person => person.AddressKey).Distinct().ToList();
        var stored = await db.Contacts.AsNoTracking().Where(contact => sites.Contains(contact.SiteId) && keys.Contains(contact.AddressKey)).ToListAsync(ct);
        return stored.ToDictionary(contact => (contact.SiteId, contact.AddressKey));
    }

    /// <summary>A statement that changes nothing holds the person's row until the caller's transaction ends: of many who would change them, one goes first.</summary>
    /// <returns>The person, tracked; null when the site has no such contact.</returns>
    public async Task<Contact?> HoldAsync(Guid siteId, Guid contactId, CancellationToken ct)
    {
        var mine = db.Contacts.Where(contact => contact.SiteId == siteId && contact.Id == contactId);
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(contact => contact.CreatedAt, contact => contact.CreatedAt), ct) == 0 ? null : await mine.SingleAsync(ct);
    }
}
