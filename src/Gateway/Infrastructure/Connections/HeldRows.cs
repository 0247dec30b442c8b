using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

/// <summary>The rows of one queue that wait for a held connection.</summary>
internal interface IHeldRows
{
    /// <inheritdoc cref="IQueueTable.Queue"/>
    string Queue { get; }

    /// <summary>How many wait, by site, counted up to <see cref="QueueDepth.MaxCounted"/>.</summary>
    Task<Dictionary<Guid, int>> CountBySiteAsync(string connection, CancellationToken ct);

    /// <summary>Makes one of them due, so that it tries the connection. Runs inside the caller's transaction.</summary>
    Task WakeOneAsync(string connection, CancellationToken ct);

    /// <summary>The connection works again: all of them are due. Runs inside the caller's transaction.</summary>
    Task WakeAllAsync(string connection, CancellationToken ct);

    /// <summary>Those of one site need not wait for it any more: all of them are due. Runs inside the caller's transaction.</summary>
    Task WakeOfSiteAsync(string connection, Guid siteId, CancellationToken ct);
}

internal sealed class HeldRows<T, TWorker>(GatewayDb db, Signal<TWorker> signal, TimeProvider clock, string queue) : IHeldRows
    where T : class, IHoldable
    where TWorker : IQueueWorker
{
    public string Queue => queue;

    public Task<Dictionary<Guid, int>> CountBySiteAsync(string connection, CancellationToken ct) =>
        Held(connection)
            .Select(row => EF.Property<Guid>(row, nameof(IHoldable.SiteId)))
            .Take(QueueDepth.MaxCounted)
            .GroupBy(site => site)
            .Select(group => new { Site = group.Key, Count = group.Count() })
            .ToDictionaryAsync(one => one.Site, one => one.Count, ct);

    public async Task WakeOneAsync(string connection, CancellationToken ct)
    {
        // By chance: an answer may be about the person after all, and whoever signs up many such people must not be first in the line.
        var ids = await Held(connection)
            .OrderBy(row => EF.Property<int>(row, nameof(IHoldable.Failures)))
            .ThenBy(_ => EF.Functions.Random())
            .Select(row => EF.Property<Guid>(row, nameof(IQueued.Id)))
            .Take(1)
            .ToListAsync(ct);

        // It is shown as waiting until a worker has it.
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        await Held(connection)
            .Where(row => ids.Contains(EF.Property<Guid>(row, nameof(IQueued.Id))))
            .ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<DateTime?>(row, nameof(IQueued.DueAt)), now), ct);
        db.OnCommitted(signal.Wake);
    }

    public Task WakeAllAsync(string connection, CancellationToken ct) => WakeAsync(Held(connection), ct);

    public Task WakeOfSiteAsync(string connection, Guid siteId, CancellationToken ct) =>
        WakeAsync(Held(connection).Where(row => EF.Property<Guid>(row, nameof(IHoldable.SiteId)) == siteId), ct);

    private Task WakeAsync(IQueryable<T> held, CancellationToken ct)
    {
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        db.OnCommitted(signal.Wake);
        return held.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => EF.Property<DateTime?>(row, nameof(IQueued.DueAt)), now)
                    .SetProperty(row => EF.Property<string?>(row, nameof(IHoldable.HeldBy)), (string?)null),
            ct
        );
    }

    /// <summary>A row that was cancelled while it waited is settled, and stays so.</summary>
    private IQueryable<T> Held(string connection) =>
        db.Set<T>()
            .Where(row =>
                EF.Property<string?>(row, nameof(IHoldable.HeldBy)) == connection
                && EF.Property<DateTime?>(row, nameof(IQueued.DueAt)) != null
            );
}
