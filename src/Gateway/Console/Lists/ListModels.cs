using Gateway.Console.Layout;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Lists;

/// <summary>What a form says of a list. Public, like the components, because Razor makes them so.</summary>
/// <param name="From">Empty for the site's sender.</param>
/// <param name="Confirmation">The key of a template; empty for the site's own or the built-in one.</param>
/// <param name="Connection">Its id; empty for the installation's.</param>
/// <param name="Texts">By two-letter language, what people see.</param>
public sealed record ListForm(
    string Name,
    string From,
    bool Welcome,
    string Purpose,
    string Confirmation,
    string WelcomeTemplate,
    string ProviderList,
    string Connection,
    IReadOnlyDictionary<string, ListText> Texts
)
{
    /// <summary>One that is to be added.</summary>
    public static readonly ListForm Empty = new("", "", false, "newsletter", "", "", "", "", new Dictionary<string, ListText>());
}

/// <summary>Something to choose in a menu.</summary>
/// <param name="Value">What the form sends.</param>
public sealed record MenuChoice(string Value, string Label);

/// <summary>What can be chosen for a list.</summary>
/// <param name="Connections">Other accounts at the same provider; none for a list that is kept here.</param>
/// <param name="ListsThere">The lists of its account at the provider; null where they are not known, so that an id is typed.</param>
public sealed record ListChoices(
    IReadOnlyList<MenuChoice> Purposes,
    IReadOnlyList<MenuChoice> Confirmations,
    IReadOnlyList<MenuChoice> Welcomes,
    IReadOnlyList<MenuChoice> Connections,
    IReadOnlyList<ListThere>? ListsThere
)
{
    /// <returns>The name of a list at the provider; null where nobody knows it.</returns>
    public string? NameThere(string? id) => ListsThere?.FirstOrDefault(one => one.Id == id)?.Name;
}

/// <summary>A list of an account at a provider.</summary>
/// <param name="Name">Null where the account has no such list any more.</param>
public sealed record ListThere(string Id, string? Name)
{
    public MenuChoice Choice => new(Id, Name is null ? T($"id {Id}: not there any more") : T($"{Name} (id {Id})"));
}

/// <summary>What an end of the list would change.</summary>
/// <param name="Forms">Forms that name it, by their titles.</param>
/// <param name="Waiting">Changes that wait to be told to its provider.</param>
public sealed record ListUse(IReadOnlyList<string> Forms, int Waiting)
{
    /// <summary>What the forms do from then on.</summary>
    public string FormsSentence =>
        Forms.Count switch
        {
            0 => T("No form that was in use of late names it."),
            1 => T($"1 form names it ({Forms[0]}): its sign-ups for the list fail from then on."),
            _ => T($"{Forms.Count} forms name it ({string.Join(", ", Forms)}): their sign-ups for the list fail from then on."),
        };

    /// <summary>What happens to what waits; empty where nothing does.</summary>
    public string WaitingSentence =>
        Waiting switch
        {
            0 => "",
            1 => T("1 change that waits for its provider still goes out."),
            _ => T($"{Waiting:N0} changes that wait for its provider still go out."),
        };
}

/// <summary>Somebody on a list.</summary>
public sealed record MemberRow(string Contact, string Address, string? Name, DateTime? ConfirmedAt, DateOnly LastSignOn);

/// <summary>Somebody who stands another way on a list.</summary>
/// <param name="Since">Since when; of who is asked, when they signed up.</param>
/// <param name="Mails">While they are asked: how many confirmation emails were written.</param>
/// <param name="LastMailAt">When the last of them was.</param>
/// <param name="IsHeldBack">Whether the last of them waits.</param>
/// <param name="MayResend">Whether another one is possible now.</param>
public sealed record OtherRow(
    string Contact,
    string Address,
    string? Name,
    DateTime? ConfirmedAt,
    DateTime Since,
    int Days,
    int Mails,
    DateTime? LastMailAt,
    bool IsHeldBack,
    bool MayResend
)
{
    internal static OtherRow Of(OtherOfList one, DateTime since, DateTime now) =>
        new(
            PublicId.Format(PublicId.Contact, one.ContactId),
            one.Address,
            one.Name,
            one.ConfirmedAt,
            since,
            (int)(now - since).TotalDays,
            one.Mails,
            one.LastMailAt,
            one.IsHeldBack,
            one.State == SubscriptionState.Pending && !one.IsHeldBack && one.NextMailAt <= now
        );
}

/// <summary>A list as the pages below its own name it.</summary>
/// <param name="Url">Of its page.</param>
public sealed record ListPlace(string Id, string Name, string Url, bool IsArchived)
{
    internal static ListPlace Of(AdminPageContext context, ContactList list)
    {
        var id = PublicId.Format(PublicId.List, list.Id);
        return new(id, list.Name, $"{ListsPages.UrlOf(context)}/{id}", list.ArchivedAt is not null);
    }
}

/// <summary>Where a list is kept, for people.</summary>
internal sealed class KeptAt(ConnectionProviders providers)
{
    /// <param name="name">Of the list there; null where nobody knows it.</param>
    public string Of(string provider, string? providerList, string? name = null) =>
        provider == LocalLists.Key ? T("this gateway")
        : name is null ? T($"{TitleOf(provider)}, list id {providerList}")
        : T($"{TitleOf(provider)}, list “{name}” (id {providerList})");

    private string TitleOf(string key) => providers.Find(ConnectionKind.List, key).IsRefused(out _, out var found) ? key : found.Title;
}
