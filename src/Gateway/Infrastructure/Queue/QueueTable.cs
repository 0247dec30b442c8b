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

/// <summary>How much waits in a queue.</summary>
internal interface IQueueTable
{
    /// <summary>The queue's name in metrics and pages, such as <c>mail</c>.</summary>
    string Queue { get; }

    Task<QueueDepth> ReadDepthAsync(CancellationToken ct);

    /// <summary>Whether there are due rows that a process held when it ended.</summary>
    Task<bool> HasSuspectsAsync(CancellationToken ct);

    /// <summary>Rows that wait or are being worked on, by site, counted up to <see cref="QueueDepth.MaxCounted"/>.</summary>
    Task<Dictionary<Guid, int>> CountWaitingBySiteAsync(CancellationToken ct);
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

    public Task<Dictionary<Guid, int>> CountWaitingBySiteAsync(CancellationToken ct) =>
        WaitingRows.OrderBy(row => row.DueAt).Select(row => EF.Property<Guid>(row, SiteId)).CountBySiteAsync(ct);

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
        return Rows.AnyAsync(row => row.DueAt <= now && row.DueAt == row.LeasedUntil, ct);
    }

    public abstract Task SetAsideAsync(IQueryable<T> rows, CancellationToken ct);

    protected IQueryable<T> FailedRows => Rows.Where(failed);

    public async Task<List<FailedItem>> ListAsync(IReadOnlyCollection<Guid>? sites, int limit, CancellationToken ct)
    {
        var rows = sites is null ? FailedRows : FailedRows.Where(row => sites.Contains(EF.Property<Guid>(row, SiteId)));
        return (await rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct)).ConvertAll(row => ItemOf(row, withBody: false));
    }

    public async Task<FailedItem?> FindAsync(Guid id, CancellationToken ct) =>
        await FailedRows.SingleOrDefaultAsync(row => row.Id == id, ct) is { } row ? ItemOf(row, withBody: true) : null;

    public Task<Dictionary<Guid, int>> CountBySiteAsync(CancellationToken ct) =>
        FailedRows.OrderBy(row => row.Id).Select(row => EF.Property<Guid>(row, SiteId)).CountBySiteAsync(ct);

    public abstract Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct);

    protected abstract FailedItem ItemOf(T row, bool withBody);

    protected FailedItem ItemOf(T row, Guid siteId, string code, string? reason, DateTime since, string? body = null) =>
        new(
            PublicId.Format(prefix, row.Id),
            PublicId.Format(PublicId.Site, siteId),
            Queue,
            row.Losses >= Leases.SetAsideLosses ? ISetAside<T>.Code : code,
            reason ?? "",
            since,
            body
        );

    protected override async Task<int?> CountFailedAsync(CancellationToken ct) =>
        await FailedRows.OrderBy(row => row.Id).Take(QueueDepth.MaxCounted).CountAsync(ct);

    /// <summary>What a replay answers when its statement found no failed row: somebody else was quicker.</summary>
    protected static string? Unless(int replayed) => replayed > 0 ? null : "It is being tried again already.";
}
