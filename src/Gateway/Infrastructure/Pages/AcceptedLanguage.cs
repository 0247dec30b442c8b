using Gateway.Infrastructure.Text;

namespace Gateway.Infrastructure.Pages;

/// <summary>The language of a page that nothing else decides.</summary>
internal static class AcceptedLanguage
{
    /// <returns>What the browser prefers among the languages we have.</returns>
    public static string Of(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Where(accepted => accepted.Quality is not 0)
            .OrderByDescending(accepted => accepted.Quality ?? 1)
            .Select(accepted => Languages.Pick(accepted.Value.Value, ""))
            .FirstOrDefault(language => language.Length > 0, "en");
}
