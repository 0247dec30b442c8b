namespace Gateway.Features.Lists;

/// <summary>
/// Sees to it that a provider's account has the properties before people are pushed with them: providers refuse a contact with one they do
/// not know, or drop the value without a word.
/// </summary>
internal abstract partial class ProviderProperties(string provider, KnownProperties known, ILogger logger)
{
    public void Forget() => known.Forget();

    /// <returns>The change's properties as the account spells and types them.</returns>
    public ProviderValues Of(ListChange change) => known.Spell(provider, Named(change));

    /// <returns>
    /// Null when people can be pushed, with all their properties or without those that cannot be had; else what holds up everybody.
    /// </returns>
    public async Task<ListOutcome.Held?> EnsureAsync(IEnumerable<ListChange> changes, CancellationToken ct)
    {
        var all = changes.ToList();
        if (all.SelectMany(Named).All(property => known.Has(property.Key)))
        {
            return null;
        }

        var (defined, failure) = await ReadAsync(ct);
        foreach (var property in defined)
        {
            known.Add(property);
        }

        // What was removed here is emptied where the account has it; nothing is made for it.
        var names = all.SelectMany(Named)
            .Where(property => property.Value.Length > 0)
            .Select(property => property.Key)
            .Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names.Where(name => failure is null && !known.Has(name)).ToList())
        {
            (var added, failure) = await AddAsync(name, ct);
            if (added is not null)
            {
                known.Add(added with { Title = name });
            }
            else if (failure is null)
            {
                // A reserved name, or too many properties: the person matters more than the property.
                LogRefused(name);
                known.Refuse(name);
            }
        }

        return HoldsUpAll(failure);
    }

    /// <returns>Whether the provider takes the character in a name.</returns>
    protected abstract bool IsAllowed(char letter);

    /// <returns>The name as the provider writes names.</returns>
    protected virtual string Written(string name) => name;

    /// <returns>What the account has; or why it could not be read.</returns>
    protected abstract Task<(IEnumerable<ProviderProperty> Defined, Verdict? Failure)> ReadAsync(CancellationToken ct);

    /// <returns>The property as the account has it now; neither when the provider refuses the name for good.</returns>
    protected abstract Task<(ProviderProperty? Added, Verdict? Failure)> AddAsync(string name, CancellationToken ct);

    /// <summary>A property that is made here: a text.</summary>
    protected static ProviderProperty Text(string spelling) => new(spelling, PropertyType.Text);

    /// <summary>Properties that cannot be read or made cost nobody the list, unless the account or the server is at fault.</summary>
    private static ListOutcome.Held? HoldsUpAll(Verdict? failure) =>
        failure?.Outcome is ListOutcome.Held { IsList: false } held ? held : null;

    private IEnumerable<KeyValuePair<string, string>> Named(ListChange change) =>
        change.AllProperties().Select(property => new KeyValuePair<string, string>(NameOf(property.Key), property.Value));

    /// <summary>What the account has under the very name is used, also where the provider takes no such name from us.</summary>
    private string NameOf(string name) => known.Has(name.Trim()) ? name.Trim() : Written(PropertyName.For(name, IsAllowed));

    [LoggerMessage(LogLevel.Warning, "The list provider does not take the property {Property}; people are synced without it")]
    private partial void LogRefused(string property);
}
