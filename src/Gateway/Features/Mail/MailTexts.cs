using System.Collections;
using System.Globalization;
using System.Resources;

namespace Gateway.Features.Mail;

/// <summary>The words of the mails, one resource file for each language.</summary>
internal static class MailTexts
{
    private static readonly ResourceManager Resources = new(typeof(MailTexts));

    // The resource manager keeps its sets open, so this one is not disposed.
    private static readonly string[] Keys =
        [.. Resources.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!.Cast<DictionaryEntry>().Select(entry => (string)entry.Key)];

    /// <returns>The texts of one template by their keys without its name: <c>confirmation_subject</c> is <c>subject</c>.</returns>
    public static Dictionary<string, object> Of(string template, string language, string list, string site)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var prefix = template + "_";
        return Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
            key => key[prefix.Length..],
            object (key) => string.Format(culture, Resources.GetString(key, culture)!, list, site));
    }
}
