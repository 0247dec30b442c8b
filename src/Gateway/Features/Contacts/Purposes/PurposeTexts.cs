using System.Globalization;
using System.Resources;

namespace Gateway.Features.Contacts.Purposes;

/// <summary>The purposes that every site has, and what is said of them where the site has no words of its own.</summary>
internal static class PurposeTexts
{
    /// <summary>To be written to. The list's name says it all: there are no further words.</summary>
    public const string Newsletter = "newsletter";

    /// <summary>
    /// That it is noted who opened an email or pressed a link in it. It needs a consent of its own (CNIL, recommendation 2026-042).
    /// </summary>
    public const string Tracking = "tracking";

    public static readonly string[] Keys = [Newsletter, Tracking];

    private static readonly ResourceManager Resources = new(typeof(PurposeTexts));

    /// <returns>Null where nothing is said of it.</returns>
    public static string? Of(string key, string language) => Resources.GetString(key, CultureInfo.GetCultureInfo(language));
}
