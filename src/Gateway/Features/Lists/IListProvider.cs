namespace Gateway.Features.Lists;

/// <summary>Somebody else's system that a list is mirrored to. To add one, implement this, register it under its key, and pass the contract test.</summary>
internal interface IListProvider
{
    /// <summary>Tells the provider what it should know about people of one list.</summary>
    /// <param name="changes">At most <see cref="SyncLists.Batch"/>, each person once.</param>
    /// <returns>An outcome for each change, in the same order. Only a clear refusal is final; a lost connection is <see cref="ListOutcome.Later"/>.</returns>
    Task<IReadOnlyList<ListOutcome>> TellAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct);
}

/// <param name="Fresh">Whether the wish comes from a fresh confirmation, the only thing that may clear an unsubscribe at the provider.</param>
internal sealed record ListChange(
    string Address, string? Name, string Language, IReadOnlyDictionary<string, string> Properties, WantedState Wanted, bool Fresh);

internal abstract record ListOutcome
{
    /// <summary>The provider knows it now.</summary>
    public sealed record Told : ListOutcome;

    /// <summary>Final until somebody replays it.</summary>
    /// <param name="Reason">A sentence without personal data.</param>
    public sealed record Refused(string Reason) : ListOutcome;

    /// <summary>Not known to have arrived: tell it again, no sooner than the provider asked.</summary>
    public sealed record Later(string Reason, TimeSpan? RetryAfter = null) : ListOutcome;
}
