namespace Gateway.Infrastructure.Http;

/// <summary>
/// When something is to go out: now, or up to 30 days ahead. It is checked when the request is new: its retries come later, and are
/// answered as it was.
/// </summary>
internal static class SendAt
{
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    /// <summary>A time just gone by means now: the way here takes a moment, and clocks differ.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <returns>What is wrong with the time, as a sentence; null when nothing is.</returns>
    public static string? Error(DateTime? sendAt, DateTime now) =>
        sendAt < now - Late ? "sendAt is in the past."
        : sendAt > now + Furthest ? $"sendAt may be at most {Furthest.Days} days ahead."
        : null;
}
