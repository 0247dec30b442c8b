using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;

namespace Gateway.Console.Lists;

/// <summary>What a form says of a list. Public, like the components, because Razor makes them so.</summary>
/// <param name="From">Empty for the site's sender.</param>
/// <param name="Confirmation">The key of a template; empty for the site's own or the built-in one.</param>
/// <param name="Connection">Its id; empty for the installation's.</param>
public sealed record ListForm(
    string Name,
    string From,
    bool Welcome,
    string Purpose,
    string Confirmation,
    string WelcomeTemplate,
    string ProviderList,
    string Connection
)
{
    /// <summary>One that is to be added.</summary>
    public static readonly ListForm Empty = new("", "", false, "newsletter", "", "", "", "");
}

/// <summary>Something to choose in a menu.</summary>
/// <param name="Value">What the form sends.</param>
public sealed record MenuChoice(string Value, string Label);

/// <summary>What can be chosen for a list.</summary>
/// <param name="Connections">Other accounts at the same provider; none for a list that is kept here.</param>
/// <param name="ListsThere">The lists of its account at the provider; null where they are not known, so that a number is typed.</param>
public sealed record ListChoices(
    IReadOnlyList<MenuChoice> Purposes,
    IReadOnlyList<MenuChoice> Confirmations,
    IReadOnlyList<MenuChoice> Welcomes,
    IReadOnlyList<MenuChoice> Connections,
    IReadOnlyList<MenuChoice>? ListsThere
);

/// <summary>What an end of the list would change.</summary>
/// <param name="Forms">Forms that name it, by their titles.</param>
/// <param name="Waiting">Changes that wait to be told to its provider.</param>
public sealed record ListUse(IReadOnlyList<string> Forms, int Waiting)
{
    /// <summary>What the forms do from then on.</summary>
    public string FormsSentence =>
        Forms.Count switch
        {
            0 => "No form that was in use of late names it.",
            1 => $"1 form names it ({Forms[0]}): its sign-ups for the list fail from then on.",
            _ => $"{Forms.Count} forms name it ({string.Join(", ", Forms)}): their sign-ups for the list fail from then on.",
        };

    /// <summary>What happens to what waits; empty where nothing does.</summary>
    public string WaitingSentence =>
        Waiting switch
        {
            0 => "",
            1 => "1 change that waits for its provider still goes out.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Waiting:N0} changes that wait for its provider still go out."),
        };
}

/// <summary>Somebody on a list.</summary>
public sealed record MemberRow(string Contact, string Address, string? Name, DateTime? ConfirmedAt, DateOnly LastSignOn);

/// <summary>Where a list is kept, for people.</summary>
internal static class KeptAt
{
    public static string Of(ContactList list) =>
        list.Provider == LocalLists.Key ? "this gateway" : $"{list.Provider} ({list.ProviderListId})";
}
