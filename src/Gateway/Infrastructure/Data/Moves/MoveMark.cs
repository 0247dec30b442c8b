namespace Gateway.Infrastructure.Data.Moves;

/// <summary>
/// What keeps a gateway, of whatever version, from working on one of two databases that hold the same rows: a migration that no version
/// knows.
/// </summary>
internal static class MoveMark
{
    /// <summary>In the target, until everything is there. Its <c>product_version</c> says from which source.</summary>
    public const string Begun = "99990101000000_MoveBegun";

    /// <summary>In the source, from then on.</summary>
    public const string Moved = "99990101000001_Moved";

    /// <param name="applied">The database's migrations.</param>
    /// <returns>Why no gateway may work on it, in a sentence; null when it may.</returns>
    public static string? SentenceOf(IEnumerable<string> applied)
    {
        var marks = applied.Where(one => one is Begun or Moved).ToList();
        return marks.Contains(Moved)
                ? "Everything in this database was moved to PostgreSQL: set ConnectionStrings__Gateway to that one. What waits here would "
                    + "be done a second time."
            : marks.Contains(Begun)
                ? "A move into this database has begun and did not come to its end. Go on with it: gateway move --to 'Host=…'"
            : null;
    }
}
