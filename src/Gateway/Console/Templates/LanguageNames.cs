namespace Gateway.Console.Templates;

/// <summary>Languages as pages name them.</summary>
internal static class LanguageNames
{
    public static string Of(string language) =>
        language switch
        {
            "en" => "English",
            "fr" => "French",
            "de" => "German",
            "es" => "Spanish",
            "it" => "Italian",
            _ => language,
        };
}
