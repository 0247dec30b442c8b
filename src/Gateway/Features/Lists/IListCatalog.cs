namespace Gateway.Features.Lists;

/// <summary>
/// A provider that tells which lists an account has, so that nobody looks for an id there. Implemented by the class that is its
/// <see cref="IListProvider"/>.
/// </summary>
internal interface IListCatalog
{
    /// <summary>Reads the account's lists, at most <see cref="MaxLists"/>.</summary>
    Task<ListCatalog> ReadListsAsync(CancellationToken ct);

    /// <summary>More than a menu can show.</summary>
    const int MaxLists = 1000;
}

/// <param name="Lists">Null when they could not be read.</param>
/// <param name="Failed">Why not; null when they were read.</param>
internal sealed record ListCatalog(IReadOnlyList<ProviderList>? Lists, ListOutcome? Failed = null);

/// <summary>A list as its provider shows it.</summary>
/// <param name="Id">What a list here names as its <c>--provider-list</c>.</param>
/// <param name="Subscribers">How many people it has; null when the provider does not tell.</param>
internal sealed record ProviderList(string Id, string Name, int? Subscribers);
