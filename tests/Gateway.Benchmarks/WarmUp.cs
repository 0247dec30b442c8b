namespace Gateway.Benchmarks;

/// <summary>On a busy machine the first rounds are still compiled, and their rates say nothing.</summary>
internal static class WarmUp
{
    private const int MinRounds = 4;
    private const int MaxRounds = 12;

    /// <summary>
    /// The runtime compiles for good what is called often, but not before it has seen nothing new for a tenth of a second, and does it
    /// beside the work.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <summary>Until what one of them costs falls no further.</summary>
    /// <param name="round">Returns processor time for each.</param>
    public static async Task UntilFlatAsync(Func<Task<TimeSpan>> round)
    {
        var (cost, before) = (await round(), TimeSpan.MaxValue);
        for (var rounds = 1; rounds < MaxRounds && (rounds < MinRounds || cost < 0.95 * before); rounds++)
        {
            await Task.Delay(Rest);
            (cost, before) = (await round(), cost);
        }

        await Task.Delay(Rest);
    }
}
