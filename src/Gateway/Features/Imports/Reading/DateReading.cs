using System.Globalization;

namespace Gateway.Features.Imports.Reading;

/// <summary>Days and times as spreadsheets and providers write them. What could be two days is none.</summary>
internal static class DateReading
{
    private static readonly string[] Times = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "'T'H:mm", "'T'H:mm:ss", "'T'H:mm:ss.FFFFFFF"];
    private static readonly string[] Zones = ["", "'Z'", "zzz", " zzz", " 'UTC'"];

    private static readonly string[] Certain = [.. Formats("yyyy-M-d"), .. Formats("yyyy/M/d"), .. Formats("d.M.yyyy")];
    private static readonly string[] DayFirst = [.. Certain, .. Formats("d/M/yyyy"), .. Formats("d-M-yyyy")];
    private static readonly string[] MonthFirst = [.. Certain, .. Formats("M/d/yyyy"), .. Formats("M-d-yyyy")];

    private static readonly DateTime Earliest = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <returns>The time in UTC, the beginning of the day where only a day is given; null when nobody can be sure of it.</returns>
    public static DateTime? Parse(string text, DateOrder order) =>
        DateTimeOffset.TryParseExact(
            text,
            order switch
            {
                DateOrder.DayFirst => DayFirst,
                DateOrder.MonthFirst => MonthFirst,
                _ => Certain,
            },
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces,
            out var time
        )
        && time.UtcDateTime >= Earliest
            ? time.UtcDateTime
            : null;

    private static IEnumerable<string> Formats(string day) =>
        from time in Times
        from zone in time.Length == 0 ? [""] : Zones
        select day + time + zone;
}
