using System.Security.Cryptography;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <param name="Changes">By the row's id; a row that is in neither has nothing to tell.</param>
/// <param name="Unreadable">Rows of erased people whose address cannot be decrypted.</param>
internal sealed record ChangesToPush(Dictionary<Guid, ListChange> Changes, HashSet<Guid> Unreadable);

/// <summary>
/// Decides what a provider may be sent: nothing of an address that was never confirmed, "subscribed" only of one that is confirmed and not
/// suppressed.
/// </summary>
internal sealed class PendingChanges(SubscriptionStore subscriptions, Suppressions suppressions, SecretEncryption secrets)
{
    public async Task<ChangesToPush> ReadAsync(ContactList list, IReadOnlyList<ListSync> rows, CancellationToken ct)
    {
        var erased = rows.Where(row => row.Desired == DesiredState.Removed && row.ErasedAddress is not null)
            .ToDictionary(row => row, AddressOf);
        var changes = await RemovalsAsync(list, erased, ct);
        var people = await subscriptions.GetManyAsync([.. rows.Select(row => row.SubscriptionId)], ct);

        // The last look before the call: suppression wins over what was wanted.
        var suppressed = await suppressions.FindAsync(
            SuppressionChannel.Email,
            [.. people.Values.Select(person => (list.SiteId, person.Contact.AddressKey))],
            ct
        );
        foreach (var row in rows.Where(row => row.Desired != DesiredState.Removed))
        {
            if (people.TryGetValue(row.SubscriptionId, out var person) && WasConfirmed(person.Subscription))
            {
                var isWelcome =
                    person.Subscription.State == SubscriptionState.Confirmed
                    && !suppressed.ContainsKey((list.SiteId, person.Contact.AddressKey));
                changes[row.Id] = Change(row, person, row.Desired == DesiredState.Subscribed && isWelcome);
            }
        }

        return new(changes, [.. erased.Where(one => one.Value is null).Select(one => one.Key.Id)]);
    }

    private static bool WasConfirmed(Subscription subscription) =>
        subscription.ConfirmedAt != null || subscription.State == SubscriptionState.Confirmed;

    private static ListChange Change(ListSync row, SubscriptionOfContact person, bool isSubscribed) =>
        new(
            person.Contact.AddressKey,
            person.Contact.Name,
            person.Contact.Language,
            person.Contact.AllProperties().ToDictionary(property => property.Key, property => property.Value ?? ""),
            isSubscribed ? DesiredState.Subscribed : DesiredState.Unsubscribed,
            isSubscribed && row.Fresh
        )
        {
            Id = IdOf(row),
            ConfirmedAt = person.Subscription.ConfirmedAt,
        };

    /// <summary>
    /// People who were erased, unless the same address has since been confirmed for this list again: then the provider may know it.
    /// </summary>
    private async Task<Dictionary<Guid, ListChange>> RemovalsAsync(
        ContactList list,
        Dictionary<ListSync, string?> erased,
        CancellationToken ct
    )
    {
        var addresses = erased.Values.OfType<string>().ToList();
        var back = await subscriptions.ConfirmedAddressesAsync(list, addresses, ct);
        return erased
            .Where(one => one.Value is not null && !back.Contains(one.Value))
            .DistinctBy(one => one.Value)
            .ToDictionary(
                one => one.Key.Id,
                one => new ListChange(one.Value!, null, "", new Dictionary<string, string>(), DesiredState.Removed, Fresh: false)
                {
                    Id = IdOf(one.Key),
                }
            );
    }

    private static string IdOf(ListSync row) => $"{row.Id:N}-{row.DesiredVersion}";

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
