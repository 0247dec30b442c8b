namespace Gateway.Features.Sms.Guard;

/// <summary>What messages take of one limit.</summary>
/// <param name="Row">How much, and of how much.</param>
/// <param name="Threshold">Beyond this it is noted, though it may be spent.</param>
/// <param name="WhenFirst">What is taken besides, where nothing was spent of this before.</param>
internal sealed record SmsClaim(SmsLimit Limit, SmsSpending Row, int Threshold = int.MaxValue, SmsClaim? WhenFirst = null)
{
    /// <summary>Claims of the same limit together, in the order in which everybody locks them.</summary>
    public static List<SmsClaim> Merge(IEnumerable<SmsClaim> claims) =>
        [
            .. claims
                .GroupBy(claim => (claim.Row.SiteId, claim.Row.Period))
                .OrderBy(same => same.Key.SiteId)
                .ThenBy(same => same.Key.Period, StringComparer.Ordinal)
                .Select(same =>
                    same.First() with
                    {
                        Row = new SmsSpending
                        {
                            SiteId = same.Key.SiteId,
                            Period = same.Key.Period,
                            Spent = same.Sum(claim => claim.Row.Spent),
                            Max = same.Min(claim => claim.Row.Max),
                            EndsAt = same.First().Row.EndsAt,
                        },
                        Threshold = same.Min(claim => claim.Threshold),
                    }
                ),
        ];
}

/// <summary>What came of spending.</summary>
/// <param name="Reached">A limit that does not hold it: what was spent must be undone. Null when all was spent.</param>
/// <param name="Noted">The thresholds that were passed, one for each message.</param>
internal sealed record SmsSpent(SmsLimit? Reached, IReadOnlyList<SmsLimit> Noted);
