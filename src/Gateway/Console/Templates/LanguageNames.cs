using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>Languages as pages name them.</summary>
internal static class LanguageNames
{
    public static string Of(string language) =>
        language switch
        {
            "en" => T("English"),
            "fr" => T("French"),
            "de" => T("German"),
            "es" => T("Spanish"),
            "it" => T("Italian"),
            _ => language,
        };
}
