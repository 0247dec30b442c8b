namespace Gateway.Infrastructure.Commands;

/// <summary>Texts that an option is given once for each language: <c>--words en="…" --words fr="…"</c>.</summary>
internal static class TextByLanguage
{
    /// <param name="option">With its hyphens.</param>
    public static Result<Dictionary<string, string>> Read(string option, IEnumerable<string>? given)
    {
        var texts = new Dictionary<string, string>();
        foreach (var one in given ?? [])
        {
            if (one.Split('=', 2) is not [var language, var text])
            {
                return Refusal.Invalid($"{option} has a language, an equals sign and a text, such as en=\"Offers of our partners\".");
            }

            texts[language.Trim()] = text.Trim();
        }

        return texts;
    }
}
