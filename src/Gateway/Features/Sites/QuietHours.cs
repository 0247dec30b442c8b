using System.Globalization;

namespace Gateway.Features.Sites;

/// <summary>The hours of the day in which a site sends nothing that can wait, such as <c>22:00-07:00</c> in its own time zone.</summary>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    public const string Expected = "is two times of the day such as 22:00-07:00, or off.";

    /// <param name="text">As <see cref="Site.MailQuiet"/> holds it.</param>
    /// <returns>Null when there are none.</returns>
    public static QuietHours? Of(string? text, string zone) =>
        text?.Split('-') is [var from, var until] && Read(from) is { } begin && Read(until) is { } end && begin != end
            ? new(begin, end, ZoneOf(zone))
            : null;

    public static TimeZoneInfo ZoneOf(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>When something due at this time may go out: then, or when the quiet hours around it are over.</summary>
    /// <param name="due">In UTC.</param>
    public DateTime Earliest(DateTime due)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(due, Zone);
        if (!IsQuiet(TimeOnly.FromDateTime(local)))
        {
            return due;
        }

        var over = local.Date + Until.ToTimeSpan();
        return ToUtc(over <= local ? over.AddDays(1) : over, due);
    }

    private bool IsQuiet(TimeOnly time) => From < Until ? time >= From && time < Until : time >= From || time < Until;

    /// <summary>
    /// An hour that the clock skips in spring ends with the skip; of one that it repeats in autumn the later one is meant, so that nobody
    /// is woken up.
    /// </summary>
    private DateTime ToUtc(DateTime local, DateTime due)
    {
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Min() : Zone.GetUtcOffset(local);
        var utc = DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
        return utc > due ? utc : due;
    }

    private static TimeOnly? Read(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
