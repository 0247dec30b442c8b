namespace Gateway.Infrastructure.Queue;

/// <summary>
/// How long a row waits before it is tried again: twice as long after each failure, up to a limit, and up to a fifth less, so that what
/// failed together does
/// not come back together.
/// </summary>
internal sealed record Backoff(TimeSpan First, TimeSpan Max)
{
    /// <summary>What the other side asks for is believed up to here: a mistaken header must not park a row for a year.</summary>
    public static readonly TimeSpan MaxAsked = TimeSpan.FromDays(1);

    /// <param name="failures">Tries that failed before this one.</param>
    /// <param name="asked">How long the other side asked to wait, as in <c>Retry-After</c>; it wins over our own pace.</param>
    public TimeSpan After(int failures, TimeSpan? asked = null)
    {
        var spread = Random.Shared.NextDouble() / 5;
        if (asked is { } wait)
        {
            return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerSecond, MaxAsked.Ticks)) * (1 + spread);
        }

        var own = First * Math.Pow(2, Math.Clamp(failures, 0, 20));
        return (own < Max ? own : Max) * (1 - spread);
    }
}
