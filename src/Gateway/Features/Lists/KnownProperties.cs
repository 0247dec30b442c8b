using System.Collections.Concurrent;

namespace Gateway.Features.Lists;

/// <summary>The properties that a provider's account is known to have, remembered while the process lives.</summary>
internal sealed class KnownProperties
{
    // By name, whatever its case; the value is the account's own spelling, or null when the provider will not have it.
    private readonly ConcurrentDictionary<string, string?> _spellings = new(StringComparer.OrdinalIgnoreCase);

    public bool Has(string name) => _spellings.ContainsKey(name);

    public void Add(string spelling) => _spellings[spelling] = spelling;

    /// <summary>The provider will not have this property: people are pushed without it.</summary>
    public void Refuse(string name) => _spellings[name] = null;

    /// <summary>Somebody removed a property at the provider: look again.</summary>
    public void Forget() => _spellings.Clear();

    /// <returns>The properties as the account spells them, without those it will not have.</returns>
    public Dictionary<string, string> Spell(IEnumerable<KeyValuePair<string, string>> properties)
    {
        var spelled = new Dictionary<string, string>();
        foreach (var (name, value) in properties)
        {
            if (_spellings.GetValueOrDefault(name) is { } spelling)
            {
                spelled[spelling] = value;
            }
        }

        return spelled;
    }
}
