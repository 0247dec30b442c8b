using Gateway.Features.Contacts;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
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
        if (http.Features.Get<PageContext>() is not { } visit)
        {
            visit = new(Secrets.Random(16), Preferred(http.Request));
            http.Features.Set(visit);
        }

        return visit;
    }

    /// <summary>A page about nothing in particular, since the link is unknown or there is none.</summary>
    public PageLayout Layout() => new(new(Language), Brand.Of(null), Nonce);

    public PageLayout Layout(string language, Sites.Site site, ContactList list, string token) =>
        new(new(language), Brand.Of(site), Nonce, list.Name, token);

    private static string Preferred(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Where(accepted => accepted.Quality is not 0)
            .OrderByDescending(accepted => accepted.Quality ?? 1)
            .Select(accepted => Languages.Pick(accepted.Value.Value, ""))
            .FirstOrDefault(language => language.Length > 0, "en");
}

/// <summary>What a page shows beside its own words. Public, like the components, because Razor makes them so.</summary>
/// <param name="List">The list's name as subscribers know it; empty where the page is about none.</param>
/// <param name="Token">The token of the link that led here.</param>
public sealed record PageLayout(PageTexts Texts, Brand Brand, string Nonce, string List = "", string Token = "")
{
    /// <summary>A sentence about what went wrong, shown above the form.</summary>
    public string? Alert { get; init; }

    /// <summary>From when a new mail can be asked for; null when it can be now.</summary>
    public string? NextAt { get; init; }

    /// <summary>When a mail that waits is tried again; null when none does.</summary>
    public string? HeldUntil { get; init; }

    /// <returns>The frame, with a sentence when the form that was sent could not be read.</returns>
    internal PageLayout Checked(PageForm? form) => form is { Fields: null } ? this with { Alert = Texts["Form_Unreadable"] } : this;

    internal RazorComponentResult<TPage> Show<TPage>(int status = StatusCodes.Status200OK)
        where TPage : Microsoft.AspNetCore.Components.IComponent => new(new { Layout = this }) { StatusCode = status };
}
