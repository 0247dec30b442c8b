using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

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
    /// <summary>The site that has it, on a page that is about several; null where it is none's.</summary>
    public AdminSiteLink? Site { get; init; }

    /// <summary>The state, for people.</summary>
    public string Word =>
        State switch
        {
            "works" => T("works"),
            "failing" => T("failing"),
            _ => T("untested"),
        };

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
            TStored(shown.Reason),
            shown.Since,
            shown.TestedAt
        );

    /// <param name="kind">As in the API: <c>list</c>.</param>
    internal static string WordOf(string kind) =>
        kind switch
        {
            "list" => T("Lists"),
            "sms" => T("SMS"),
            _ => T("Emails"),
        };
}

/// <summary>A provider that a site can be connected with.</summary>
public sealed record ProviderChoice(string Kind, string Key, string Title)
{
    public string Word => ConnectionRow.WordOf(Kind);

    internal static ProviderChoice Of(ConnectionProvider provider) =>
        new(
            ConnectionProviders.Word(provider.Kind),
            provider.Key,
            provider.Key == MailOptions.SmtpTransport
                ? T("A mail server")
                : char.ToUpperInvariant(provider.Title[0]) + provider.Title[1..]
        );
}

/// <summary>A setting as a form asks for it.</summary>
/// <param name="Name">As in the API: <c>apiKey</c>.</param>
/// <param name="Value">Empty for a secret, whatever is stored.</param>
/// <param name="IsSet">Whether a secret is stored.</param>
public sealed record SettingField(string Name, string Label, bool IsSecret, string Value, bool IsSet)
{
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

    /// <returns><c>apiKey</c> as people read it.</returns>
    private static string LabelOf(string name) =>
        name switch
        {
            "accountSid" => T("Account SID"),
            "apiKey" => T("API key"),
            "apiSecret" => T("API secret"),
            "applicationId" => T("Application ID"),
            "authToken" => T("Auth token"),
            "configurationSet" => T("Configuration set"),
            "fingerprint" => T("Fingerprint"),
            "from" => T("From"),
            "host" => T("Host"),
            "messagesPerSecond" => T("Messages per second"),
            "messageStream" => T("Message stream"),
            "messagingServiceSid" => T("Messaging service SID"),
            "password" => T("Password"),
            "port" => T("Port"),
            "privateKey" => T("Private key"),
            "region" => T("Region"),
            "secret" => T("Secret"),
            "secretKey" => T("Secret key"),
            "security" => T("Security"),
            "serverToken" => T("Server token"),
            "sharedKeys" => T("Shared keys"),
            "signatureSecret" => T("Signature secret"),
            "token" => T("Token"),
            "url" => T("URL"),
            "user" => T("User"),
            _ => Spaced(name),
        };

    /// <returns>A name that nobody gave words to, with its words apart.</returns>
    private static string Spaced(string name)
    {
        var words = string.Concat(
            name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}")
        );
        return char.ToUpperInvariant(words[0]) + words[1..];
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
public sealed record LostList(string Id, string Name, string Url, int People)
{
    internal static LostList Of(ContactList list, int confirmed, string site)
    {
        var id = PublicId.Format(PublicId.List, list.Id);
        return new(id, list.Name, $"{site}/lists/{id}", confirmed);
    }
}
