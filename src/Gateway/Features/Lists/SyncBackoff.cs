namespace Gateway.Features.Lists;

/// <summary>How long a sync waits after a failure. It never gives up: a provider that is down for a day hears everything afterwards.</summary>
internal static class SyncBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>Also the pace of what an operator must mend, such as wrong credentials.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // What a provider asks for is believed up to here; a mistaken header must not park anybody for a year.
    private static readonly TimeSpan MaxAsked = TimeSpan.FromDays(1);

    /// <param name="failures">Tries that failed before this one.</param>
    /// <param name="asked">How long the provider asked to wait; it wins over our own pace.</param>
    public static TimeSpan After(int failures, TimeSpan? asked)
    {
        var jitter = Random.Shared.NextDouble() / 5;
        if (asked is { } wait)
        {
            return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerSecond, MaxAsked.Ticks)) * (1 + jitter);
        }

        var own = First * Math.Pow(2, Math.Min(failures, 10));
        return (own < Longest ? own : Longest) * (1 - jitter);
    }
}
