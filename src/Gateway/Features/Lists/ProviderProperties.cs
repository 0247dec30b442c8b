namespace Gateway.Features.Lists;

/// <summary>
/// Sees to it that a provider's account has the properties before people are pushed with them: providers refuse a contact with one they do
/// not
/// know, or drop the value without a word.
/// </summary>
internal abstract partial class ProviderProperties(KnownProperties known, ILogger logger)
{
    public void Forget() => known.Forget();

    /// <returns>The change's properties as the account spells them.</returns>
    public IReadOnlyDictionary<string, string> Of(ListChange change) => known.Spell(Clean(change));

    /// <returns>Null when everything is in place; else why not.</returns>
    public async Task<ListOutcome.Later?> EnsureAsync(IEnumerable<ListChange> changes, CancellationToken ct)
    {
        var names = changes.SelectMany(Clean).Select(property => property.Key).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.All(known.Has))
        {
            return null;
        }

        var (defined, failure) = await ReadAsync(ct);
        foreach (var name in defined)
        {
            known.Add(name);
        }

        foreach (var name in names.Where(name => failure is null && !known.Has(name)))
        {
            (var refused, failure) = await AddAsync(name, ct);
            if (refused)
            {
                // A reserved name, or too many properties: the person matters more than the property.
                LogRefused(name);
                known.Refuse(name);
            }
            else if (failure is null)
            {
                known.Add(name);
            }
        }

        return failure;
    }

    /// <returns>The name as the provider can take it.</returns>
    protected abstract string Clean(string name);

    /// <returns>The names the account has; or why they could not be read.</returns>
    protected abstract Task<(IEnumerable<string> Defined, ListOutcome.Later? Failure)> ReadAsync(CancellationToken ct);

    /// <returns>Whether the provider refuses the name for good; or why it could not be added now.</returns>
    protected abstract Task<(bool Refused, ListOutcome.Later? Failure)> AddAsync(string name, CancellationToken ct);

    private IEnumerable<KeyValuePair<string, string>> Clean(ListChange change) =>
        change.AllProperties().Select(property => new KeyValuePair<string, string>(Clean(property.Key), property.Value));

    [LoggerMessage(LogLevel.Warning, "The list provider does not take the property {Property}; people are synced without it")]
    private partial void LogRefused(string property);
}
