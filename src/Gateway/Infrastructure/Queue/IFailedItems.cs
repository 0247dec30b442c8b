namespace Gateway.Infrastructure.Queue;

/// <summary>Something that could not be done and waits for a person's decision.</summary>
/// <param name="Id">As people see it, such as <c>sub_…</c>.</param>
/// <param name="Site">The site's id, <c>site_…</c>.</param>
/// <param name="Queue">The queue it failed in, such as <c>submissions</c>.</param>
/// <param name="Code">Stable.</param>
/// <param name="Reason">A sentence without personal data.</param>
/// <param name="Since">When it came in, UTC.</param>
/// <param name="Body">A submission's JSON as it came in; null for everything else, and in lists.</param>
/// <param name="Details">Whom and what it is about, by name, such as <c>recipient</c>: personal data for whoever looks at this one; null in
/// lists.</param>
internal sealed record FailedItem(
    string Id,
    string Site,
    string Queue,
    string Code,
    string Reason,
    DateTime Since,
    string? Body = null,
    IReadOnlyDictionary<string, string>? Details = null
)
{
    /// <summary>Whether it is a site's; what the gateway itself wanted to tell operators is theirs alone.</summary>
    public bool IsOfSite { get; init; } = true;

    /// <summary>Whether there is a page with all that happened to it.</summary>
    public bool HasStory { get; init; } = true;

    /// <summary>Names of <see cref="Details"/>.</summary>
    public const string Recipient = "recipient";

    /// <inheritdoc cref="Recipient"/>
    public const string List = "list";

    /// <inheritdoc cref="Recipient"/>
    public const string Template = "template";

    /// <summary>What the reason says, in plain words.</summary>
    public const string Meaning = "meaning";

    /// <returns>Those that are known.</returns>
    public static IReadOnlyDictionary<string, string> DetailsOf(params IEnumerable<(string Name, string? Value)> details) =>
        details.Where(detail => !string.IsNullOrEmpty(detail.Value)).ToDictionary(detail => detail.Name, detail => detail.Value!);

    /// <returns>Those of whom it is known.</returns>
    public static IReadOnlyDictionary<Guid, string> WhomOf(params IEnumerable<(Guid Id, string? Whom)> rows) =>
        rows.Where(row => !string.IsNullOrEmpty(row.Whom)).ToDictionary(row => row.Id, row => row.Whom!);

    /// <summary>What it failed for, the same for all that failed alike; see <see cref="FailedCause"/>.</summary>
    public string Cause => FailedCauses.Of(Queue, Code, Reason);

    /// <summary>Whether trying again can reach a person a second time, so that somebody must accept that.</summary>
    public static bool MayArriveTwice(string code) => code is "sms_unknown" or "mail_unknown";
}

/// <summary>What is to be different when a failed item is tried again.</summary>
/// <param name="Email">Of a submission: the field of the form that holds the address.</param>
/// <param name="List">Of a submission: the list to join, <c>lst_…</c>.</param>
/// <param name="Name">Of a submission: the field of the form that holds the person's name.</param>
internal sealed record ReplayChange(string? Email = null, string? List = null, string? Name = null);

/// <summary>
/// The failed rows of one queue. "Failed" is defined here alone: pages, commands, statistics and metrics all ask this. Nothing accepted is
/// ever lost, so a
/// failed row stands until somebody decides.
/// </summary>
internal interface IFailedItems
{
    /// <summary>The queue's name in metrics and pages, such as <c>mail</c>.</summary>
    string Queue { get; }

    /// <summary>What its ids begin with, such as <c>msg</c>.</summary>
    string Prefix { get; }

    /// <summary>The newest first.</summary>
    /// <param name="sites">Of these sites alone; null is all, and what the gateway itself wanted to tell operators.</param>
    /// <param name="dismissed">Those that somebody dismissed, instead of those that wait for a decision.</param>
    Task<List<FailedItem>> ListAsync(IReadOnlyCollection<Guid>? sites, int limit, bool dismissed, CancellationToken ct);

    /// <summary>How many failed for which reason, in the words of their rows.</summary>
    /// <inheritdoc cref="ListAsync"/>
    Task<List<AlikeFailures>> AlikeAsync(IReadOnlyCollection<Guid>? sites, bool dismissed, CancellationToken ct);

    /// <summary>Some of those that failed in these words.</summary>
    /// <inheritdoc cref="ListAsync"/>
    Task<List<FailedFact>> AlikeAsync(
        AlikeFailures like,
        IReadOnlyCollection<Guid>? sites,
        bool dismissed,
        Guid after,
        int limit,
        CancellationToken ct
    );

    /// <summary>Takes rows that are final out of what waits for a decision, inside the caller's transaction.</summary>
    /// <returns>Those that were; one that is still tried by itself is left.</returns>
    Task<List<Guid>> DismissAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <returns>Whom each of these is about: an address or a number. Those that are about nobody are left out.</returns>
    Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <returns>With its body and details; null when nothing that failed has this id.</returns>
    Task<FailedItem?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>How many there are, by site, counted up to <see cref="QueueDepth.MaxCounted"/>.</summary>
    Task<Dictionary<Guid, int>> CountBySiteAsync(CancellationToken ct);

    /// <summary>Makes the row due again, in the caller's transaction and by a statement that asks for its state.</summary>
    /// <returns>Null when it will be tried again; else a sentence that says why not.</returns>
    Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct);
}
