namespace Gateway.Infrastructure.Text;

/// <summary>The languages that pages and mails are written in.</summary>
internal static class Languages
{
    public static readonly string[] All = ["en", "fr", "de", "es", "it"];

    /// <returns>The language of a locale such as <c>fr_FR</c> or <c>de-AT</c> where we have it, else
    /// <paramref name="otherwise"/>.</returns>
    public static string Pick(string? locale, string otherwise)
    {
        var language = locale?.Split('_', '-')[0].ToLowerInvariant();
        return Array.IndexOf(All, language) >= 0 ? language! : otherwise;
    }
}
