using System.Globalization;

namespace Gateway.Infrastructure.Http;

/// <summary>Times as callers send them: ISO 8601 with a zone, since without one nobody knows which hour is meant.</summary>
internal static class IsoTime
{
    public const string Expected = "a time in ISO 8601 with its zone, such as 2026-11-23T10:00:00Z or 2026-11-23T11:00:00+01:00";

    private static readonly string[] Formats =
    [
        .. from seconds in new[] { "", ":ss", ":ss.FFFFFFF" }
        from zone in new[] { "'Z'", "zzz" }
        select $"yyyy-MM-dd'T'HH:mm{seconds}{zone}",
    ];

    /// <summary>
    /// Nothing that people or programs report is older or further ahead, and from here on every sum of times stays a time.
    /// </summary>
    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <inheritdoc cref="Earliest"/>
    private static readonly DateTime Latest = new(3000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <returns>The time in UTC; null when it cannot be read, or is not within 1900 and 2999.</returns>
    public static DateTime? Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time.UtcDateTime >= Earliest
        && time.UtcDateTime < Latest
            ? time.UtcDateTime
            : null;

    /// <summary>
    /// For rows that are answered before they are read back: PostgreSQL keeps microseconds, so a finer time would be another one later.
    /// </summary>
    public static DateTime WholeMilliseconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
}
