using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <summary>What a provider's property holds.</summary>
internal enum PropertyType
{
    Text,
    WholeNumber,
    Number,
    Boolean,

    /// <summary>A day without a time.</summary>
    Date,

    /// <summary>A day and a time.</summary>
    Moment,
}

/// <summary>
/// Turns what a form holds, always a text, into what the provider's property takes. What people write in the languages we have is
/// understood where it has one meaning; what may mean two things is none of the type, so that nobody gets a wrong day or a thousandth.
/// </summary>
internal static partial class PropertyValues
{
    private static readonly string[] True =
    [
        "true",
        "yes",
        "on",
        "1",
        "oui",
        "vrai",
        "ja",
        "wahr",
        "sí",
        "si",
        "sì",
        "verdadero",
        "vero",
    ];
    private static readonly string[] False = ["false", "no", "off", "0", "non", "faux", "nein", "falsch", "falso"];

    private static readonly string[] Times = ["", " H:mm", " H:mm:ss", ", H:mm", ", H:mm:ss", " h:mm tt"];
    private static readonly string[] Days = WithTimes("yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "yyyyMMdd");
    private static readonly string[] DayFirst = WithTimes("d/M/yyyy", "d-M-yyyy");
    private static readonly string[] MonthFirst = WithTimes("M/d/yyyy", "M-d-yyyy");
    private static readonly string[] Words = WithTimes(
        "d MMMM yyyy",
        "d. MMMM yyyy",
        "d'er' MMMM yyyy",
        "d 'de' MMMM 'de' yyyy",
        "d 'de' MMMM yyyy",
        "MMMM d yyyy",
        "MMMM d, yyyy"
    );

    /// <summary>Who knows the names of the months; Austria's first month has one of its own.</summary>
    private static readonly CultureInfo[] Calendars = [.. Languages.All.Append("de-AT").Select(CultureInfo.GetCultureInfo)];

    /// <returns>A string, long, decimal or bool as JSON has them; null when the text is none of that type.</returns>
    public static object? Convert(PropertyType type, string text)
    {
        if (type == PropertyType.Text)
        {
            return text;
        }

        var value = Plain(text);
        return type switch
        {
            PropertyType.WholeNumber => Number(value) is >= long.MinValue and <= long.MaxValue and var whole && decimal.IsInteger(whole)
                ? (long)whole
                : null,
            PropertyType.Number => Number(value),
            PropertyType.Boolean => True.Contains(value, StringComparer.OrdinalIgnoreCase) ? true
            : False.Contains(value, StringComparer.OrdinalIgnoreCase) ? false
            : null,
            PropertyType.Date => Moment(value)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => Moment(value)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>For a sentence: "expects …".</summary>
    public static string Expected(PropertyType type) =>
        type switch
        {
            PropertyType.WholeNumber => "a whole number",
            PropertyType.Number => "a number",
            PropertyType.Boolean => "true or false",
            PropertyType.Date => "a date",
            PropertyType.Moment => "a date and time",
            _ => "a text",
        };

    /// <summary>With one dash, one apostrophe and one space, of the many that phones and word processors set.</summary>
    private static string Plain(string text) =>
        (PastedText.Clean(text) ?? "").Replace('\u2212', '-').Replace('\u2010', '-').Replace('\u2013', '-').Replace('\u2019', '\'');

    /// <summary>
    /// The last sign is the decimal one, and the one before it sets the thousands apart. A comma alone before three digits may be either:
    /// 1,234 is no number. A point there is a decimal one all the same, since programs and number fields write numbers so, and 1.234 of
    /// theirs must not get lost.
    /// </summary>
    private static decimal? Number(string value)
    {
        if (ThousandsOrDecimals().IsMatch(value))
        {
            return null;
        }

        var written = Grouped().Match(value) is { Success: true } grouped ? value.Replace(grouped.Groups["sign"].Value, "") : value;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(written.Replace(',', '.'), Style, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>
    /// Forms send 1990-12-24, or with a time. 24/12/1990 and 12/24/1990 are one day each, whoever writes them; 04/05/1990 is two. The day
    /// is the one that was written: the zone behind it makes no other day of it.
    /// </summary>
    private static DateTimeOffset? Moment(string value)
    {
        if (Day(value, Days, CultureInfo.InvariantCulture) is { } day)
        {
            return day;
        }

        var (dayFirst, monthFirst) = (
            Day(value, DayFirst, CultureInfo.InvariantCulture),
            Day(value, MonthFirst, CultureInfo.InvariantCulture)
        );
        if ((dayFirst ?? monthFirst) is { } numbers)
        {
            return dayFirst is null || monthFirst is null || dayFirst == monthFirst ? numbers : null;
        }

        return value.Length >= 16 && value[..4].All(char.IsAsciiDigit) && value[4] == '-' ? Offset(value)
            : value.Any(char.IsLetter)
                ? Calendars.Select(calendar => Day(value, Words, calendar)).FirstOrDefault(named => named is not null)
            : null;
    }

    private static DateTimeOffset? Offset(string value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static DateTimeOffset? Day(string value, string[] formats, CultureInfo culture)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite;
        return DateTimeOffset.TryParseExact(value, formats, culture, Styles, out var day) ? day : null;
    }

    private static string[] WithTimes(params string[] days) => [.. days.SelectMany(day => Times.Select(time => day + time))];

    [GeneratedRegex("^[+-]?[1-9][0-9]{0,2},[0-9]{3}$")]
    private static partial Regex ThousandsOrDecimals();

    [GeneratedRegex(
        """^(?![+-]?[0-9]+\.[0-9]{3}$)[+-]?[1-9][0-9]{0,2}(?<sign>[ '.,])[0-9]{3}(\k<sign>[0-9]{3})*((?!\k<sign>)[.,][0-9]*)?$"""
    )]
    private static partial Regex Grouped();
}
