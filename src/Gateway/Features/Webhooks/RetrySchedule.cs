using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Webhooks;

/// <summary>When a delivery that failed is tried again. Source: the schedule that the Standard Webhooks specification recommends.</summary>
internal static class RetrySchedule
{
    /// <summary>After the first failure, the second, and so on; with the first try ten tries over more than three days.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Spreads out what failed together; the first pause is too short to need it.</summary>
    public const double MaxJitter = 0.1;

    /// <param name="failures">Tries that failed, this one included.</param>
    /// <param name="asked">How long the receiver asked to wait.</param>
    /// <returns>Null when it is given up.</returns>
    public static TimeSpan? After(int failures, TimeSpan? asked)
    {
        if (failures > Pauses.Count)
        {
            return null;
        }

        var own = Pauses[failures - 1];
        var jittered = own < TimeSpan.FromMinutes(1) ? own : own * (1 + (MaxJitter * Random.Shared.NextDouble()));
        var wanted =
            asked < Backoff.MaxAsked ? asked
            : asked is null ? TimeSpan.Zero
            : Backoff.MaxAsked;
        return wanted > jittered ? wanted : jittered;
    }
}
