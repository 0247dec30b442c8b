using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Gateway.Features.OptIn.Pages;

/// <summary>The words of the pages in one language. The culture is given, never the thread's: a page follows its reader.</summary>
public sealed partial class PageTexts(string language)
{
    private static readonly ResourceManager Resources = new(typeof(PageTexts));
    private readonly CultureInfo _culture = CultureInfo.GetCultureInfo(language);

    public string Language => language;

    public string this[string key] =>
        Resources.GetString(key, _culture) ?? throw new MissingManifestResourceException($"The pages have no text named {key}.");

    /// <returns>A moment as people read it, in the site's time zone and never too early.</returns>
    public string Moment(DateTime utc, string timeZone)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var known) ? known : TimeZoneInfo.Utc;
        var minutes = (utc.Ticks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute;
        var whole = new DateTime(minutes * TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        return $"{TimeZoneInfo.ConvertTimeFromUtc(whole, zone).ToString("f", _culture)} ({(known is null ? "UTC" : timeZone)})";
    }

    /// <summary>
    /// The text with names in the places of {0}, {1}. They stand out, and bdi keeps one written from right to left from turning the words
    /// around it.
    /// </summary>
    public RenderFragment With(string key, params string[] names) =>
        builder =>
        {
            foreach (var part in Places().Split(this[key]))
            {
                if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                {
                    builder.OpenElement(0, "bdi");
                    builder.AddContent(1, names[place]);
                    builder.CloseElement();
                }
                else
                {
                    builder.AddContent(2, part);
                }
            }
        };

    // The captured number becomes a part of its own.
    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Places();
}
