using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Features.Lists;

/// <summary>A property that a provider's account has.</summary>
/// <param name="Spelling">Its name in calls.</param>
/// <param name="Title">What people call it there, where that is another name; null where it is not.</param>
internal sealed record ProviderProperty(string Spelling, PropertyType Type, string? Title = null);

/// <summary>A person's properties as the provider takes them.</summary>
/// <param name="LeftOut">Those that it does not take, each with the reason.</param>
internal sealed record ProviderValues(IReadOnlyDictionary<string, object> Values, IReadOnlyList<string> LeftOut)
{
    public static readonly ProviderValues None = new(new Dictionary<string, object>(), []);
}

/// <summary>What is known of each account's properties: two accounts at one provider have different ones.</summary>
internal sealed class KnownAccounts
{
    /// <summary>More are rather keys that somebody tries than accounts.</summary>
    private const int Max = 10_000;

    private readonly ConcurrentDictionary<string, KnownProperties> _accounts = new();

    /// <param name="credentials">What the provider tells accounts apart by. It is kept as its hash.</param>
    public KnownProperties Of(string provider, string credentials)
    {
        if (_accounts.Count > Max)
        {
            _accounts.Clear();
        }

        return _accounts.GetOrAdd(
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{provider}\n{credentials}"))),
            _ => new KnownProperties()
        );
    }
}

/// <summary>The properties that a provider's account is known to have, remembered while the process lives.</summary>
internal sealed class KnownProperties
{
    // By name, whatever its case; null when the provider will not have it.
    private readonly ConcurrentDictionary<string, ProviderProperty?> _known = new(StringComparer.OrdinalIgnoreCase);

    public bool Has(string name) => _known.ContainsKey(name);

    /// <summary>The account has the property: it is found by its spelling, and by what people call it there.</summary>
    public void Add(ProviderProperty property)
    {
        _known[property.Spelling] = property;
        if (property.Title is { Length: > 0 } title)
        {
            _known[title] = property;
        }
    }

    /// <summary>The provider will not have this property: people are pushed without it.</summary>
    public void Refuse(string name) => _known[name] = null;

    /// <summary>Somebody removed a property at the provider: look again.</summary>
    public void Forget() => _known.Clear();

    /// <returns>The properties as the account spells and types them, without those it will not have.</returns>
    public ProviderValues Spell(string provider, IEnumerable<KeyValuePair<string, string>> properties)
    {
        var values = new Dictionary<string, object>();
        var left = new List<string>();
        foreach (var (name, value) in properties)
        {
            if (_known.GetValueOrDefault(name) is not { } property)
            {
                left.Add($"\"{name}\" ({provider} has no such property)");
            }
            else if (PropertyValues.Convert(property.Type, value) is { } converted)
            {
                values[property.Spelling] = converted;
            }
            else if (!string.IsNullOrWhiteSpace(value))
            {
                left.Add($"\"{property.Spelling}\" ({provider} expects {PropertyValues.Expected(property.Type)})");
            }
        }

        return new(values, left);
    }
}
