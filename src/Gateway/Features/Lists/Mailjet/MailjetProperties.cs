using System.Net;
using System.Text.RegularExpressions;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Sees to it that the account has the properties before people are told with them: Mailjet refuses a contact with one it does not know.</summary>
internal sealed partial class MailjetProperties(
    IMailjetApi api, [FromKeyedServices(MailjetLists.Key)] KnownProperties known, TimeProvider clock, ILogger<MailjetProperties> logger)
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

        using var read = await api.ReadPropertiesAsync(ct);
        if (read is not { StatusCode: HttpStatusCode.OK, IsSuccessful: true, Content.Data: { } defined })
        {
            return read.NotTold(MailjetLists.Name, MailjetLists.Settings, clock);
        }

        foreach (var property in defined)
        {
            known.Add(property.Name);
        }

        foreach (var name in names.Where(name => !known.Has(name)))
        {
            if (await AddAsync(name, ct) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private async Task<ListOutcome.Later?> AddAsync(string name, CancellationToken ct)
    {
        using var added = await api.AddPropertyAsync(new(name), ct);
        if (added is { StatusCode: HttpStatusCode.Created, IsSuccessful: true } || added.Text().Contains("already exists", StringComparison.OrdinalIgnoreCase))
        {
            known.Add(name);
            return null;
        }

        if (added.StatusCode == HttpStatusCode.BadRequest)
        {
            // A reserved name, or too many properties: the person matters more than the property.
            LogRefused(name);
            known.Refuse(name);
            return null;
        }

        return added.NotTold(MailjetLists.Name, MailjetLists.Settings, clock);
    }

    /// <summary>Mailjet takes letters, digits, hyphens and underscores.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Clean(ListChange change) =>
        change.AllProperties().Select(property => new KeyValuePair<string, string>(Other().Replace(property.Key, "_"), property.Value));

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Other();

    [LoggerMessage(LogLevel.Warning, "Mailjet does not take the property {Property}; people are told without it")]
    private partial void LogRefused(string property);
}
