using Gateway.Features.Contacts;

namespace Gateway.Features.Lists;

/// <summary>
/// A provider that tells who is on a list there, so that what people and operators change there comes back. Implemented by the class that
/// is its <see cref="IListProvider"/>.
/// </summary>
internal interface IListReader
{
    /// <param name="list">A list without a <see cref="IListProvider.ErrorOf"/>.</param>
    Task<ListReading> ReadAsync(ContactList list, CancellationToken ct);
}

/// <summary>Who is on a list at its provider.</summary>
/// <param name="People">By <see cref="Infrastructure.Text.EmailAddress.Key"/>: whether they get nothing from it, since they
/// unsubscribed there or are excluded. Null when it could not be read to the end.</param>
/// <param name="Error">Why not, in a sentence.</param>
internal sealed record ListReading(IReadOnlyDictionary<string, bool>? People, string? Error = null)
{
    public static ListReading Failed(ListOutcome outcome) => new(null, outcome.Why ?? "The provider gave no answer that can be used.");
}
