using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using System.Text;

namespace Gateway.Features.Mail;

/// <summary>The words of the mails, one resource file for each language.</summary>
internal static class MailTexts
{
    private static readonly ResourceManager Resources = new(typeof(MailTexts));
    private static readonly ConcurrentDictionary<(string Template, string Language), (string Key, CompositeFormat Format)[]> Formats = new();

    /// <returns>The texts of one template by their keys without its name: <c>confirmation_subject</c> is <c>subject</c>.</returns>
    public static Dictionary<string, object> Of(string template, string language, string list, string site)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        return Formats.GetOrAdd((template, language), Read)
            .ToDictionary(text => text.Key, object (text) => string.Format(culture, text.Format, list, site));
    }

    private static (string Key, CompositeFormat Format)[] Read((string Template, string Language) of)
    {
        var culture = CultureInfo.GetCultureInfo(of.Language);
        var prefix = of.Template + "_";

        // The resource manager keeps its sets open, so this one is not disposed.
        var keys = Resources.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<DictionaryEntry>()
            .Select(entry => (string)entry.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal));
        return [.. keys.Select(key => (key[prefix.Length..], CompositeFormat.Parse(Resources.GetString(key, culture)!)))];
    }
}
