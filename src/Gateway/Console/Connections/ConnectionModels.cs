using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;

namespace Gateway.Console.Connections;

/// <summary>A connection in a table. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Null for an account in the installation's settings.</param>
/// <param name="Account">What tells it from other accounts at the provider.</param>
/// <param name="State"><c>works</c>, <c>failing</c> or <c>untested</c>.</param>
public sealed record ConnectionRow(
    string? Url,
    string Kind,
    string Provider,
    string Name,
    string? Account,
    string State,
    string? Reason,
    DateTime? Since,
    DateTime? TestedAt
)
{
    /// <summary>Of the badge.</summary>
    public string? Mark =>
        State switch
        {
            "works" => "good",
            "failing" => "bad",
            _ => null,
        };

    internal static ConnectionRow Of(ConnectionResponse shown, string url) =>
        new(
            shown.Id is null ? null : $"{url}/{shown.Id}",
            WordOf(shown.Kind),
            shown.Provider,
            shown.Name,
            shown.Account,
            shown.State,
            shown.Reason,
            shown.Since,
            shown.TestedAt
        );

    /// <param name="kind">As in the API: <c>list</c>.</param>
    internal static string WordOf(string kind) =>
        kind switch
        {
            "list" => "Lists",
            "sms" => "SMS",
            _ => "Emails",
        };
}

/// <summary>A provider that a site can be connected with.</summary>
public sealed record ProviderChoice(string Kind, string Key, string Title)
{
    public string Word => ConnectionRow.WordOf(Kind);

    internal static ProviderChoice Of(ConnectionProvider provider) =>
        new(ConnectionProviders.Word(provider.Kind), provider.Key, char.ToUpperInvariant(provider.Title[0]) + provider.Title[1..]);
}

/// <summary>A setting as a form asks for it.</summary>
/// <param name="Name">As in the API: <c>apiKey</c>.</param>
/// <param name="Value">Empty for a secret, whatever is stored.</param>
/// <param name="IsSet">Whether a secret is stored.</param>
public sealed record SettingField(string Name, string Label, bool IsSecret, string Value, bool IsSet)
{
    /// <summary>Words that are written in capitals, however a setting spells them.</summary>
    private static readonly HashSet<string> Capitals = ["api", "sid", "url", "id", "smtp", "sms"];

    /// <summary>How the form names its fields, so that a setting can have any name.</summary>
    public string Field => FieldOf(Name);

    /// <param name="typed">What the form before sent; null on a new form, which shows what is stored.</param>
    internal static List<SettingField> Of(
        ConnectionProvider provider,
        JsonObject stored,
        IReadOnlyList<string> secrets,
        PageForm? typed
    ) =>
        [
            .. provider.Settings.Select(setting => new SettingField(
                setting.Name,
                LabelOf(setting.Name),
                setting.IsSecret,
                setting.IsSecret ? ""
                    : typed is null ? stored[setting.Name]?.ToString() ?? ""
                    : typed[FieldOf(setting.Name)] ?? "",
                secrets.Contains(setting.Name)
            )),
        ];

    /// <returns>What a form says: a secret that was left empty stays, anything else that is empty is taken away.</returns>
    internal static JsonObject Read(ConnectionProvider provider, PageForm form) =>
        new(
            from setting in provider.Settings
            let text = form[FieldOf(setting.Name)]
            where text is not null || !setting.IsSecret
            select KeyValuePair.Create(setting.Name, (JsonNode?)(text is null ? null : JsonValue.Create(text)))
        );

    private static string FieldOf(string name) => $"setting-{name}";

    /// <returns><c>apiKey</c> as people read it: <c>API key</c>.</returns>
    private static string LabelOf(string name)
    {
        var words = string.Concat(
                name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}")
            )
            .Split(' ')
            .Select(word => Capitals.Contains(word) ? word.ToUpperInvariant() : word);
        var label = string.Join(' ', words);
        return char.ToUpperInvariant(label[0]) + label[1..];
    }
}

/// <summary>A list of an account, and whether the site keeps one of its own in step with it.</summary>
public sealed record AccountList(string Id, string Name, int? Subscribers, bool IsKept)
{
    internal static AccountList Of(ProviderList list, IReadOnlySet<string> kept) =>
        new(list.Id, list.Name, list.Subscribers, kept.Contains(list.Id));
}

/// <summary>A list here whose list at the provider is gone.</summary>
/// <param name="People">How many are on it: they are added to the list that it is given.</param>
public sealed record LostList(string Id, string Name, string Url, string People)
{
    internal static LostList Of(ContactList list, int confirmed, string site)
    {
        var id = PublicId.Format(PublicId.List, list.Id);
        return new(
            id,
            list.Name,
            $"{site}/lists/{id}",
            confirmed == 1 ? "1 person" : string.Create(CultureInfo.InvariantCulture, $"{confirmed:N0} people")
        );
    }
}
