using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>One request for a page.</summary>
/// <param name="Nonce">Allows this answer's own style element, and no other.</param>
/// <param name="Language">What the browser prefers among the languages we have; counts where no link tells the person's own.</param>
internal sealed record PageContext(string Nonce, string Language)
{
    public static ValueTask<PageContext?> BindAsync(HttpContext http) => ValueTask.FromResult<PageContext?>(Of(http));

    public static PageContext Of(HttpContext http)
    {
        if (http.Features.Get<PageContext>() is not { } page)
        {
            page = new(Secrets.Random(16), AcceptedLanguage.Of(http.Request));
            http.Features.Set(page);
        }

        return page;
    }

    /// <summary>A page about nothing in particular, since the link is unknown or there is none.</summary>
    public PageLayout Layout() => new(new(Language), Brand.Of(null), Nonce);

    public PageLayout Layout(string language, Sites.Site site, ContactList list, string token) => Layout(language, site, [list], token);

    /// <param name="words">By list, what is said of its purpose.</param>
    public PageLayout Layout(
        string language,
        Sites.Site site,
        IReadOnlyList<ContactList> lists,
        string token,
        IReadOnlyDictionary<Guid, string>? words = null
    ) =>
        new(new(language), Brand.Of(site), Nonce, ShownList.NamesOf([.. lists.Select(list => list.In(language))]), token)
        {
            Lists =
            [
                .. lists
                    .Select(list => list.In(language))
                    .Select(list => new ListChoice(
                        PublicId.Format(PublicId.List, list.Id),
                        list.Name,
                        list.Description,
                        words?.GetValueOrDefault(list.Id)
                    )),
            ],
        };
}

/// <summary>A list as a person chooses it.</summary>
/// <param name="Id">As <c>lst_…</c>.</param>
/// <param name="Name">As subscribers know it, in their language.</param>
/// <param name="Description">What the site says of it; null where its name says it all.</param>
/// <param name="Words">What is said of its purpose; null where its name says it all.</param>
public sealed record ListChoice(string Id, string Name, string? Description, string? Words);

/// <summary>What a page shows beside its own words. Public, like the components, because Razor makes them so.</summary>
/// <param name="List">The name as subscribers know it of the list the page is about, or of all of them; empty where it is about
/// none.</param>
/// <param name="Token">The token of the link that led here.</param>
public sealed record PageLayout(PageTexts Texts, Brand Brand, string Nonce, string List = "", string Token = "")
{
    /// <summary>The lists that the page is about.</summary>
    public IReadOnlyList<ListChoice> Lists { get; init; } = [];

    /// <summary>A sentence about what went wrong, shown above the form.</summary>
    public string? Alert { get; init; }

    /// <summary>From when a new mail can be asked for; null when it can be now.</summary>
    public string? NextAt { get; init; }

    /// <summary>When a mail that waits is tried again; null when none does.</summary>
    public string? HeldUntil { get; init; }

    /// <summary>Shows a page that asks; again and with a sentence, where a form came that could not be read or names no button.</summary>
    internal RazorComponentResult<TPage> Ask<TPage>(PageForm? form)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        form is null ? Show<TPage>() : (this with { Alert = Texts["Form_Unreadable"] }).Show<TPage>(StatusOf(form));

    internal static int StatusOf(PageForm form) => form.IsRead ? StatusCodes.Status400BadRequest : form.Status;

    internal RazorComponentResult<TPage> Show<TPage>(int status = StatusCodes.Status200OK)
        where TPage : Microsoft.AspNetCore.Components.IComponent => new(new { Layout = this }) { StatusCode = status };
}
