namespace Gateway.Infrastructure.Queue;

/// <summary>What is done with everything that failed for one reason.</summary>
internal enum CauseAction
{
    /// <summary>It is tried again.</summary>
    Replay,

    /// <summary>It needs nothing more.</summary>
    Dismiss,

    /// <summary>It was dismissed, and waits for a decision again.</summary>
    Restore,
}

/// <summary>One decision about everything that failed for one reason.</summary>
/// <param name="Cause">As <see cref="FailedItems.CausesAsync"/> names it.</param>
/// <param name="Sites">Of these sites alone; null is all.</param>
/// <param name="Actor">As the audit names them, such as <c>cli</c>.</param>
/// <param name="Change">What is to be different where it is tried again; each row is looked at, whether it can be.</param>
/// <param name="Reason">Why, for the audit; null where nobody was asked.</param>
/// <param name="Decision">By which just what is dismissed now can be brought back, or the one that is undone; null for none.</param>
/// <param name="Until">Rows that were made after this one are left; null is none.</param>
internal sealed record CauseDecision(
    CauseAction Action,
    string Cause,
    IReadOnlyCollection<Guid>? Sites,
    string Actor,
    ReplayChange? Change = null,
    string? Reason = null,
    Guid? Decision = null,
    Guid? Until = null
);

/// <summary>How far a decision is: rows are looked at by their words, and those of the same words by their ids.</summary>
/// <param name="Words">Null at the beginning.</param>
/// <param name="After">The last row that was looked at.</param>
internal sealed record CausePlace(string? Words, Guid After)
{
    public static readonly CausePlace Start = new(null, Guid.Empty);
}

/// <summary>Some rows that a decision is about.</summary>
/// <param name="Place">Where it goes on after them.</param>
internal sealed record CauseBatch(IFailedItems Queue, IReadOnlyList<FailedFact> Rows, CausePlace Place);
