using System.Globalization;

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

/// <summary>Turns what a form holds, always a text, into what the provider's property takes.</summary>
internal static class PropertyValues
{
    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "yyyyMMdd"];
    private static readonly string[] True = ["true", "yes", "on", "1", "oui", "ja", "sí", "si"];
    private static readonly string[] False = ["false", "no", "off", "0", "non", "nein"];

    /// <returns>A string, long, decimal or bool as JSON has them; null when the text is none of that type.</returns>
    public static object? Convert(PropertyType type, string text)
    {
        var value = text.Trim();
        return type switch
        {
            PropertyType.WholeNumber => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : null,
            PropertyType.Number => Number(value),
            PropertyType.Boolean => True.Contains(value, StringComparer.OrdinalIgnoreCase) ? true
            : False.Contains(value, StringComparer.OrdinalIgnoreCase) ? false
            : null,
            PropertyType.Date => Moment(value) is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            PropertyType.Moment => Moment(value) is { } moment
                ? moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : null,
            _ => text,
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

    /// <summary>A comma may stand for the point; with both, nobody knows which is which.</summary>
    private static object? Number(string value) =>
        decimal.TryParse(
            value.Contains('.', StringComparison.Ordinal) ? value : value.Replace(',', '.'),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    /// <summary>
    /// Forms send 1990-12-24, or with a time. A day before a month is understood only with points, since 04/05 is two days of the year.
    /// </summary>
    private static DateTime? Moment(string value)
    {
        var culture = CultureInfo.InvariantCulture;
        if (DateTime.TryParseExact(value, Days, culture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        return
            value.Length >= 16
            && value[4] == '-'
            && DateTime.TryParse(value, culture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;
    }
}
