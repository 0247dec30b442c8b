namespace Gateway.Benchmarks;

/// <summary>On a busy machine the first rounds are still compiled, and their rates say nothing.</summary>
internal static class WarmUp
{
    private const int MaxRounds = 12;

    /// <summary>Until what one of them costs falls no further.</summary>
    /// <param name="round">Returns processor time for each.</param>
    public static async Task UntilFlatAsync(Func<Task<TimeSpan>> round)
    {
        var (cost, before) = (await round(), TimeSpan.MaxValue);
        for (var rounds = 1; rounds < MaxRounds && cost < 0.95 * before; rounds++)
        {
            (cost, before) = (await round(), cost);
        }
    }
}
