using System.Linq.Expressions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <param name="Waiting">Rows that wait or are being worked on, counted up to <see cref="MaxCounted"/>.</param>
/// <param name="OldestDue">How long the oldest due row has been due; nothing when none is.</param>
/// <param name="Failed">Rows that stand until somebody replays them; null where nothing can fail for good.</param>
internal sealed record QueueDepth(string Queue, int Waiting, TimeSpan OldestDue, int? Failed)
{
    /// <summary>A heap this high is an alarm whatever its height, and counting on would cost more the worse it gets.</summary>
    public const int MaxCounted = 100_000;
}

/// <param name="Waiting">
/// Rows of a site, or of all, that wait or are being worked on, counted up to <see cref="QueueDepth.MaxCounted"/>.
/// </param>
/// <param name="OldestDue">When the first of them is or was due, UTC; null when none waits.</param>
internal sealed record SiteWait(string Queue, int Waiting, DateTime? OldestDue);

/// <summary>How much waits in a queue.</summary>
internal interface IQueueTable
{
    /// <summary>The queue's name in metrics and pages, such as <c>mail</c>.</summary>
    string Queue { get; }

    Task<QueueDepth> ReadDepthAsync(CancellationToken ct);

    /// <summary>Whether there are due rows that a process held when it ended.</summary>
    Task<bool> HasSuspectsAsync(CancellationToken ct);

    /// <summary>Makes due now what processes hold that ended.</summary>
    /// <param name="ofProcesses">Null is all others than this.</param>
    /// <param name="thisProcess">Whose rows stay.</param>
    /// <returns>How many rows.</returns>
    Task<int> ReturnLeasesAsync(IReadOnlyCollection<Guid>? ofProcesses, Guid thisProcess, CancellationToken ct);

    /// <summary>Rows that wait or are being worked on, by site, counted up to <see cref="QueueDepth.MaxCounted"/>.</summary>
    Task<Dictionary<Guid, int>> CountWaitingBySiteAsync(CancellationToken ct);

    /// <summary>How much of a site waits, and for how long.</summary>
    /// <param name="siteId">Null is all sites.</param>
    Task<SiteWait> ReadWaitAsync(Guid? siteId, CancellationToken ct);
}

/// <summary>
/// A table that is a queue. Every number comes from an index that holds just the rows that count, so it stays cheap beside millions of
/// finished rows.
/// </summary>
internal class QueueTable<T>(GatewayDb db, TimeProvider clock, string queue) : IQueueTable
    where T : class, IQueued
{
    protected const string SiteId = "SiteId";

    public string Queue => queue;

    protected GatewayDb Db => db;

    protected DateTime Now => clock.GetUtcNow().UtcDateTime;

    protected virtual IQueryable<T> WaitingRows => Rows.Where(row => row.DueAt != null);

    protected IQueryable<T> Rows => db.Set<T>().AsNoTracking();

    public async Task<QueueDepth> ReadDepthAsync(CancellationToken ct)
    {
        var waiting = Rows.Where(row => row.DueAt != null);
        var oldest = await waiting.MinAsync(row => row.DueAt, ct);
        return new(
            queue,
            await waiting.OrderBy(row => row.DueAt).Take(QueueDepth.MaxCounted).CountAsync(ct),
            oldest < Now ? Now - oldest.Value : TimeSpan.Zero,
            await CountFailedAsync(ct)
        );
    }

    public virtual Task<bool> HasSuspectsAsync(CancellationToken ct) => Task.FromResult(false);

    public virtual Task<int> ReturnLeasesAsync(IReadOnlyCollection<Guid>? ofProcesses, Guid thisProcess, CancellationToken ct) =>
        Task.FromResult(0);

    public Task<Dictionary<Guid, int>> CountWaitingBySiteAsync(CancellationToken ct) =>
        WaitingRows.OrderBy(row => row.DueAt).Select(row => EF.Property<Guid>(row, SiteId)).CountBySiteAsync(ct);

    public async Task<SiteWait> ReadWaitAsync(Guid? siteId, CancellationToken ct)
    {
        var mine = siteId is { } site ? WaitingRows.Where(row => EF.Property<Guid>(row, SiteId) == site) : WaitingRows;
        var read = await mine.OrderBy(row => row.DueAt)
            .Take(QueueDepth.MaxCounted)
            .GroupBy(row => 1)
            .Select(all => new { Count = all.Count(), Oldest = all.Min(row => row.DueAt) })
            .SingleOrDefaultAsync(ct);
        return new(queue, read?.Count ?? 0, read?.Oldest);
    }

    protected virtual Task<int?> CountFailedAsync(CancellationToken ct) => Task.FromResult<int?>(null);
}

internal static class SiteCounts
{
    /// <param name="sites">The site of each row, in the order of an index, so that counting ends where it may.</param>
    /// <returns>How many rows each site has, counted up to <see cref="QueueDepth.MaxCounted"/> in all.</returns>
    public static Task<Dictionary<Guid, int>> CountBySiteAsync(this IQueryable<Guid> sites, CancellationToken ct) =>
        sites
            .Take(QueueDepth.MaxCounted)
            .GroupBy(site => site)
            .Select(group => new { Site = group.Key, Count = group.Count() })
            .ToDictionaryAsync(one => one.Site, one => one.Count, ct);
}

/// <summary>A queue whose rows can fail for good.</summary>
/// <param name="failed">Which rows these are: the one definition.</param>
internal abstract class FailableQueueTable<T>(
    GatewayDb db,
    TimeProvider clock,
    string queue,
    string prefix,
    Expression<Func<T, bool>> failed
) : QueueTable<T>(db, clock, queue), IFailedItems, ISetAside<T>
    where T : class, ILeased
{
    public string Prefix => prefix;

    public override Task<bool> HasSuspectsAsync(CancellationToken ct)
    {
        var now = Now;
        return Rows.AnyAsync(row => row.DueAt <= now && row.DueAt == row.LeasedUntil && row.LeasedUntil != null, ct);
    }

    public override Task<int> ReturnLeasesAsync(IReadOnlyCollection<Guid>? ofProcesses, Guid thisProcess, CancellationToken ct)
    {
        var now = Now;
        var held = Db.Set<T>().IgnoreQueryFilters().Where(row => row.DueAt > now && row.DueAt == row.LeasedUntil);
        return (
            ofProcesses is null
                ? held.Where(row => row.LeasedBy != thisProcess)
                : held.Where(row => row.LeasedBy != null && ofProcesses.Contains(row.LeasedBy.Value))
        ).ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => EF.Property<DateTime?>(row, nameof(ILeased.DueAt)), now)
                    .SetProperty(row => EF.Property<DateTime?>(row, nameof(ILeased.LeasedUntil)), now),
            ct
        );
    }

    public abstract Task SetAsideAsync(IQueryable<T> rows, CancellationToken ct);

    /// <summary>What waits for a decision.</summary>
    protected IQueryable<T> FailedRows => Of(dismissed: false);

    /// <summary>Failed rows that nothing is done with any more by itself.</summary>
    protected virtual IQueryable<T> FinalRows => Rows.Where(failed).Where(row => row.DueAt == null);

    public async Task<List<FailedItem>> ListAsync(IReadOnlyCollection<Guid>? sites, int limit, bool dismissed, CancellationToken ct) =>
        (await Facts(OfSites(Of(dismissed), sites).OrderByDescending(row => row.Id).Take(limit)).ToListAsync(ct)).ConvertAll(fact =>
            ItemOf(fact, body: null, details: null)
        );

    public async Task<FailedItem?> FindAsync(Guid id, CancellationToken ct) =>
        await Facts(Rows.Where(failed).Where(row => row.Id == id)).SingleOrDefaultAsync(ct) is { } fact
            ? ItemOf(fact, await BodyAsync(id, ct), await DetailsAsync(id, ct))
            : null;

    public virtual Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Task.FromResult(FailedItem.WhomOf());

    public Task<List<AlikeFailures>> AlikeAsync(IReadOnlyCollection<Guid>? sites, bool dismissed, CancellationToken ct) =>
        Facts(OfSites(Of(dismissed), sites))
            .GroupBy(fact => new
            {
                fact.SiteId,
                fact.Code,
                fact.Reason,
            })
            .Select(alike => new AlikeFailures(
                alike.Key.SiteId,
                alike.Key.Code,
                alike.Key.Reason,
                alike.Count(),
                alike.Min(fact => fact.Since),
                alike.Max(fact => fact.Since)
            ))
            .ToListAsync(ct);

    public Task<List<FailedFact>> AlikeAsync(
        AlikeFailures like,
        IReadOnlyCollection<Guid>? sites,
        bool dismissed,
        Guid after,
        int limit,
        CancellationToken ct
    ) =>
        Facts(OfSites(Of(dismissed), sites).Where(row => row.Id > after))
            .Where(fact => fact.Code == like.Code && fact.Reason == like.Reason)
            .OrderBy(fact => fact.Id)
            .Take(limit)
            .ToListAsync(ct);

    public async Task<List<Guid>> DismissAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await FinalRows
            .Where(row => ids.Contains(row.Id))
            .Select(row => new
            {
                row.Id,
                Site = EF.Property<Guid>(row, SiteId),
                row.Attempts,
            })
            .ToListAsync(ct);
        await Db.DismissAsync(
            rows.ConvertAll(row => new Dismissal
            {
                Id = row.Id,
                SiteId = row.Site,
                Attempts = row.Attempts,
                DismissedAt = Now,
            }),
            ct
        );
        return rows.ConvertAll(row => row.Id);
    }

    public Task<Dictionary<Guid, int>> CountBySiteAsync(CancellationToken ct) =>
        OfSites(FailedRows).OrderBy(row => row.Id).Select(row => EF.Property<Guid>(row, SiteId)).CountBySiteAsync(ct);

    public abstract Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct);

    /// <summary>What stands in the rows, as the database can group it.</summary>
    protected abstract IQueryable<FailedFact> Facts(IQueryable<T> rows);

    /// <returns>What came in, for whoever looks at one row; null where that is nobody's to see.</returns>
    protected virtual Task<string?> BodyAsync(Guid id, CancellationToken ct) => Task.FromResult<string?>(null);

    /// <returns>Whom and what the row is about, for whoever looks at it alone; null where that is nobody's to see.</returns>
    protected virtual Task<IReadOnlyDictionary<string, string>?> DetailsAsync(Guid id, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, string>?>(null);

    private IQueryable<T> Of(bool dismissed)
    {
        var dismissals = Db.Dismissed();
        return Rows.Where(failed).Where(row => dismissals.Any(one => one.Id == row.Id && one.Attempts == row.Attempts) == dismissed);
    }

    /// <returns>Those that are a site's, and not only operators'.</returns>
    protected virtual IQueryable<T> OfSites(IQueryable<T> rows) => rows;

    private IQueryable<T> OfSites(IQueryable<T> all, IReadOnlyCollection<Guid>? sites)
    {
        if (sites is null)
        {
            return all;
        }

        var rows = OfSites(all);
        if (sites.Count == 1)
        {
            // An index that begins with the site has the rows of one in their order, and those of several in none.
            var one = sites.First();
            return rows.Where(row => EF.Property<Guid>(row, SiteId) == one);
        }

        return rows.Where(row => sites.Contains(EF.Property<Guid>(row, SiteId)));
    }

    private FailedItem ItemOf(FailedFact fact, string? body, IReadOnlyDictionary<string, string>? details) =>
        new(
            PublicId.Format(prefix, fact.Id),
            PublicId.Format(PublicId.Site, fact.SiteId),
            Queue,
            fact.Code,
            fact.Reason ?? "",
            fact.Since ?? PublicId.MadeAt(fact.Id),
            body,
            details
        )
        {
            IsOfSite = fact.IsOfSite,
            HasStory = fact.HasStory,
        };

    protected override async Task<int?> CountFailedAsync(CancellationToken ct) =>
        await FailedRows.OrderBy(row => row.Id).Take(QueueDepth.MaxCounted).CountAsync(ct);

    /// <summary>What a replay answers when its statement found no failed row: somebody else was quicker.</summary>
    protected static string? Unless(int replayed) => replayed > 0 ? null : "It is being tried again already.";
}
