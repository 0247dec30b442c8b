using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>An event with the message it names; null where it names none that is here.</summary>
internal sealed record ToldEvent(MailEvent Row, Message? Message);

/// <summary>
/// What events say of people beside what became of the mail: that their mailbox takes mail, returns it, or that they followed a link.
/// <para>
/// That a mail was opened is no sign of life: it is measured by an image, which mail programs load by themselves (Apple's Mail Privacy
/// Protection does) or never, and which nobody may put into a mail unasked (CNIL, deliberation 2026-042).
/// </para>
/// </summary>
internal sealed class RecordSignsOfLife(ContactStore contacts, ListStore lists, SignsOfLife signs)
{
    /// <summary>Inside the caller's transaction.</summary>
    /// <param name="told">Those about a person get further when they are applied by this alone.</param>
    public async Task RecordAsync(IReadOnlyList<ToldEvent> told, CancellationToken ct)
    {
        var telling = told.Where(one => IsSign(one.Row.Type)).ToList();
        if (telling.Count == 0)
        {
            return;
        }

        var people = (
            await contacts.WithAddressesAsync([.. telling.Select(AddressOf).OfType<string>().Distinct(StringComparer.Ordinal)], ct)
        ).ToLookup(one => one.Key, StringComparer.Ordinal);
        var (clicked, reached, returned) = (new List<SignOfLife>(), new List<SignOfLife>(), new List<SignOfLife>());
        foreach (var one in telling.OrderBy(one => one.Row.OccurredAt))
        {
            var found = await PeopleOfAsync(one, people, ct);
            if (one.Row.Type == MailEventType.SoftBounced)
            {
                returned.AddRange(found);
            }
            else
            {
                reached.AddRange(found);
                returned.RemoveAll(before => found.Exists(now => now.ContactId == before.ContactId));
                clicked.AddRange(one.Row.Type == MailEventType.Clicked ? found : []);
            }

            if (found.Count > 0 && one.Row.State == MailEventState.Unmatched)
            {
                one.Row.State = MailEventState.Applied;
            }
        }

        await signs.SeenAsync(clicked, ct);
        await signs.ReachedAsync(reached, ct);
        await signs.CameBackAsync(returned, ct);
    }

    private static bool IsSign(MailEventType type) =>
        type is MailEventType.Delivered or MailEventType.Opened or MailEventType.Clicked or MailEventType.SoftBounced;

    /// <returns>Null where the message names the contact, or nobody is named.</returns>
    private static string? AddressOf(ToldEvent one) =>
        one.Message is { } message ? (message.IsInEarnest ? message.Address : null)
        : one.Row.MessageId is null ? one.Row.Address
        : null;

    /// <summary>
    /// A mailbox is the same at every site that knows it. What its owner did is believed where only one site can be meant, or one list.
    /// </summary>
    private async Task<List<SignOfLife>> PeopleOfAsync(ToldEvent one, ILookup<string, KnownAddress> people, CancellationToken ct)
    {
        var (row, message) = one;
        var day = DateOnly.FromDateTime(row.OccurredAt);
        if (message is { ContactId: { } contact })
        {
            return [new(message.SiteId, contact, message.ListId, day)];
        }

        if (AddressOf(one) is not { } address)
        {
            return [];
        }

        // A transactional mail is about no list, and its links are its caller's.
        var site = message?.SiteId ?? row.SiteId;
        var known = people[address].Where(person => site == Guid.Empty || person.SiteId == site).ToList();
        if (row.Type != MailEventType.Clicked)
        {
            return known.ConvertAll(person => new SignOfLife(person.SiteId, person.ContactId, ListId: null, day));
        }

        if (message is not null || row.ProviderList is null)
        {
            return message is null && known is [var only] ? [new(only.SiteId, only.ContactId, ListId: null, day)] : [];
        }

        return
        [
            .. from list in await lists.AtProviderAsync(row.Provider, row.ProviderList, ct)
            from person in known
            where person.SiteId == list.SiteId
            select new SignOfLife(list.SiteId, person.ContactId, list.Id, day),
        ];
    }
}
