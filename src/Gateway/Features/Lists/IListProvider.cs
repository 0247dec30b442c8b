using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists;

/// <summary>
/// Somebody else's system that a list is mirrored to. To add one, implement this and register it with
/// <see cref="ListProviderSetup.AddListProvider"/>.
/// </summary>
internal interface IListProvider
{
    /// <returns>What an operator must mend before such a list can be told, in a sentence; null when nothing.</returns>
    string? ErrorOf(string? providerListId);

    /// <summary>
    /// How many changes <see cref="PushAsync"/> is given at the most: what the provider takes in one call, or else what it can be told one
    /// by one within the time for all of them (<see cref="PushList"/>).
    /// </summary>
    /// <param name="fresh">Whether they come from fresh confirmations.</param>
    int AtOnce(bool fresh) => 100;

    /// <summary>Tells the provider what it should know about people of one list. To tell the same twice does no harm.</summary>
    /// <param name="list">A list without a <see cref="ErrorOf"/>.</param>
    /// <param name="changes">At most <see cref="AtOnce"/>, each person once.</param>
    /// <returns>An outcome for each change, in the same order. Only a clear refusal is final; a lost connection is
    /// <see cref="ListOutcome.Later"/>.</returns>
    Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct);
}

/// <param name="Properties">By name; an empty one was removed here and is emptied there.</param>
/// <param name="Fresh">Whether the change comes from a fresh confirmation, the only thing that may clear an unsubscribe at the
/// provider.</param>
internal sealed record ListChange(
    string Address,
    string? Name,
    string Language,
    IReadOnlyDictionary<string, string> Properties,
    DesiredState Desired,
    bool Fresh
)
{
    /// <summary>Names the change: a repeat has the same, and what is wanted anew of the same person another one.</summary>
    public required string Id { get; init; }

    /// <summary>When the person last confirmed, UTC: providers keep it as their proof of consent. Null when it is not known.</summary>
    public DateTime? ConfirmedAt { get; init; }

    /// <summary>The person's properties, and the name as one of them, since providers' templates reach nothing else.</summary>
    public IEnumerable<KeyValuePair<string, string>> AllProperties() =>
        Name is { Length: > 0 } name && !Properties.Any(property => IsName(property.Key) && property.Value.Length > 0)
            ? Properties.Where(property => !IsName(property.Key)).Append(new("name", name))
            : Properties;

    private static bool IsName(string property) => property.Equals("name", StringComparison.OrdinalIgnoreCase);
}

internal abstract record ListOutcome
{
    /// <summary>Why it was not taken, in a sentence without personal data; null when it was.</summary>
    public string? Why =>
        this switch
        {
            Refused refused => refused.Reason,
            Later later => later.Reason,
            Held held => held.Error.Reason,
            _ => null,
        };

    /// <summary>The provider knows it now.</summary>
    /// <param name="Remark">What the provider did not take of the person, in a sentence without personal data; null when nothing.</param>
    public sealed record Synced(string? Remark = null) : ListOutcome;

    /// <summary>Final until somebody replays it.</summary>
    /// <param name="Reason">A sentence without personal data.</param>
    public sealed record Refused(string Reason) : ListOutcome;

    /// <summary>Not known to have arrived: tell it again, no sooner than the provider asked.</summary>
    public sealed record Later(string Reason, TimeSpan? RetryAfter = null) : ListOutcome;

    /// <summary>Not because of this person: whoever else goes the same way would fare the same, so they wait together.</summary>
    /// <param name="IsList">Whether only this list is concerned, and not the account.</param>
    public sealed record Held(ConnectionError Error, bool IsList = false) : ListOutcome;
}
