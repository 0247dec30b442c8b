using Gateway.Features.Contacts;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <summary>
/// A provider that tells who is on a list there, so that what people and operators change there comes back. Implemented by the class that
/// is its <see cref="IListProvider"/>.
/// </summary>
internal interface IListReader
{
    /// <summary>Reads the whole list, page by page. Who leaves meanwhile may push somebody else out of the reading.</summary>
    /// <param name="list">A list without a <see cref="IListProvider.ErrorOf"/>.</param>
    Task<ListReading> ReadAsync(ContactList list, CancellationToken ct);

    /// <summary>Asks for one person alone, which no page can hide.</summary>
    /// <param name="list">A list without a <see cref="IListProvider.ErrorOf"/>.</param>
    Task<PersonReading> FindAsync(ContactList list, EmailAddress address, CancellationToken ct);
}

/// <summary>Somebody on a list at its provider.</summary>
/// <param name="IsOff">Whether they get nothing from it, since they unsubscribed there or are excluded.</param>
/// <param name="Since">When they left, UTC; null when the provider does not tell.</param>
internal sealed record ListMember(bool IsOff, DateTime? Since = null)
{
    /// <summary>As the provider writes it; null where the key is all that is known.</summary>
    public string? Address { get; init; }

    /// <summary>Since when the provider has the person, UTC; null when it does not tell.</summary>
    public DateTime? KnownSince { get; init; }
}

/// <summary>Who is on a list at its provider.</summary>
/// <param name="People">By <see cref="EmailAddress.Key"/>. Null when it could not be read to the end.</param>
/// <param name="Failed">Why not; null when it was read.</param>
internal sealed record ListReading(IReadOnlyDictionary<string, ListMember>? People, ListOutcome? Failed = null);

/// <summary>Whether one person is on a list at its provider.</summary>
/// <param name="Failed">Why that is not known; null when it is.</param>
internal sealed record PersonReading(bool IsThere, ListOutcome? Failed = null);
