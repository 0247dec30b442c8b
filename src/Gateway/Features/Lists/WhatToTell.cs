using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <param name="Changes">By the row's id; a row that is in neither has nothing to tell.</param>
/// <param name="Unreadable">Rows of erased people whose address cannot be decrypted.</param>
internal sealed record Telling(Dictionary<Guid, ListChange> Changes, HashSet<Guid> Unreadable);

/// <summary>
/// Decides what a provider may be told: nothing of an address that was never confirmed, "subscribed" only of one that is confirmed and not suppressed.
/// </summary>
internal sealed class WhatToTell(GatewayDb db, Suppressions suppressions, Secrets secrets)
{
    private sealed record Person(SubscriptionState State, bool WasConfirmed, Contact Contact);

    public async Task<Telling> ReadAsync(ContactList list, IReadOnlyList<ListSync> rows, CancellationToken ct)
    {
        var erased = rows.Where(row => row.Wanted == WantedState.Removed && row.ErasedAddress is not null).ToDictionary(row => row.Id, AddressOf);
        var changes = await RemovalsAsync(list, erased, ct);
        var people = await PeopleAsync([.. rows.Select(row => row.SubscriptionId)], ct);

        // The last look before the call: suppression wins over what was wanted.
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, [.. people.Values.Select(person => (list.SiteId, person.Contact.AddressKey))], ct);
        foreach (var row in rows.Where(row => row.Wanted != WantedState.Removed))
        {
            if (people.TryGetValue(row.SubscriptionId, out var person) && person.WasConfirmed)
            {
                var isWelcome = person.State == SubscriptionState.Confirmed && !suppressed.ContainsKey((list.SiteId, person.Contact.AddressKey));
                changes[row.Id] = Change(person.Contact, row.Wanted == WantedState.Subscribed && isWelcome, row.Fresh);
            }
        }

        return new(changes, [.. erased.Where(one => one.Value is null).Select(one => one.Key)]);
    }

    private async Task<Dictionary<Guid, Person>> PeopleAsync(List<Guid> subscriptionIds, CancellationToken ct)
    {
        var people = await db.Subscriptions.AsNoTracking()
            .Where(subscription => subscriptionIds.Contains(subscription.Id))
            .Join(
                db.Contacts.AsNoTracking(), subscription => subscription.ContactId, contact => contact.Id,
                (subscription, contact) => new { subscription.Id, subscription.State, subscription.ConfirmedAt, Contact = contact })
            .ToListAsync(ct);
        return people.ToDictionary(
            one => one.Id, one => new Person(one.State, one.ConfirmedAt != null || one.State == SubscriptionState.Confirmed, one.Contact));
    }

    private static ListChange Change(Contact contact, bool isSubscribed, bool isFresh) => new(
        contact.AddressKey,
        contact.Name,
        contact.Language,
        JsonSerializer.Deserialize<Dictionary<string, string>>(contact.Properties) ?? [],
        isSubscribed ? WantedState.Subscribed : WantedState.Unsubscribed,
        isSubscribed && isFresh);

    /// <summary>People who were erased, unless the same address has since been confirmed for this list again: then the provider may know it.</summary>
    private async Task<Dictionary<Guid, ListChange>> RemovalsAsync(ContactList list, Dictionary<Guid, string?> erased, CancellationToken ct)
    {
        var addresses = erased.Values.OfType<string>().ToList();
        var back = addresses.Count == 0 ? [] : await db.Contacts.AsNoTracking()
            .Where(contact => contact.SiteId == list.SiteId && addresses.Contains(contact.AddressKey))
            .Where(contact => db.Subscriptions.Any(one => one.ContactId == contact.Id && one.ListId == list.Id && one.State == SubscriptionState.Confirmed))
            .Select(contact => contact.AddressKey)
            .ToListAsync(ct);
        return erased
            .Where(one => one.Value is not null && !back.Contains(one.Value))
            .DistinctBy(one => one.Value)
            .ToDictionary(one => one.Key, one => new ListChange(one.Value!, null, "", new Dictionary<string, string>(), WantedState.Removed, Fresh: false));
    }

    /// <returns>Null when it was encrypted under another master key.</returns>
    private string? AddressOf(ListSync row)
    {
        try
        {
            var address = secrets.Unprotect(row.ErasedAddress!);
            return EmailAddress.Parse(address)?.Key ?? address;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
