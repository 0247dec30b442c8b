namespace Gateway.Features.Submissions;

/// <summary>
/// Stores a group of submissions in one transaction. It is the one statement that each database has its own fastest form of. One group at a
/// time is given to it.
/// </summary>
internal interface IInboxWriter
{
    /// <param name="rows">Sorted by site and key, each key once; with the time at which they are due.</param>
    /// <returns>What is stored under each key after the commit: the given row, or the one that was there before.</returns>
    Task<IReadOnlyDictionary<(Guid SiteId, string Key), StoredSubmission>> StoreAsync(IReadOnlyList<Submission> rows);
}

internal readonly record struct StoredSubmission(Guid Id, byte[] ContentHash);
