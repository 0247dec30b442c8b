using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Queue;

/// <summary>A decision about more rows than a request may change: it is carried out beside the pages, which show how far it is.</summary>
internal sealed class BulkDecision
{
    public Guid Id { get; set; }

    public CauseAction Action { get; set; }

    public required string Cause { get; set; }

    /// <summary>The ids of the sites with spaces between; null is all.</summary>
    public string? Sites { get; set; }

    public required string Actor { get; set; }

    /// <inheritdoc cref="ReplayChange.Email"/>
    public string? Email { get; set; }

    /// <inheritdoc cref="ReplayChange.List"/>
    public string? List { get; set; }

    /// <inheritdoc cref="ReplayChange.Name"/>
    public string? Name { get; set; }

    /// <summary>What was given as the reason; gone once it stands in the audit of all rows.</summary>
    public string? Reason { get; set; }

    /// <summary>The decision that it undoes; null where it undoes none, or all.</summary>
    public Guid? Undone { get; set; }

    /// <summary>How many rows there were when it was made.</summary>
    public int Total { get; set; }

    /// <summary>Rows that were changed.</summary>
    public int Done { get; set; }

    /// <summary>Rows that stay as they are.</summary>
    public int Refused { get; set; }

    /// <summary>Why one of those does, in a sentence.</summary>
    public string? Why { get; set; }

    /// <inheritdoc cref="CausePlace"/>
    public string? Words { get; set; }

    /// <inheritdoc cref="CausePlace"/>
    public Guid After { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Null until every row was looked at, or somebody stopped it.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>When somebody may take it, UTC; null when nothing is left to do. Whoever takes it moves it on.</summary>
    public DateTime? DueAt { get; set; }

    /// <summary>Turns in a row that were begun, and ended with nothing done: by an error, or with the process.</summary>
    public int Failures { get; set; }

    /// <summary>Why it ended before every row was looked at, in a sentence; null for nearly all.</summary>
    public string? Failure { get; set; }

    /// <returns>Null is all.</returns>
    public static IReadOnlyList<Guid>? SitesOf(string? stored) =>
        stored is null ? null : [.. stored.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];

    public CauseDecision ToDecision() =>
        new(
            Action,
            Cause,
            SitesOf(Sites),
            Actor,
            new(Email, List, Name),
            Reason,
            Action == CauseAction.Dismiss ? Id : Undone,
            Until: Action == CauseAction.Restore ? null : Id
        );

    internal sealed class Mapping : IEntityTypeConfiguration<BulkDecision>
    {
        public void Configure(EntityTypeBuilder<BulkDecision> builder)
        {
            builder.ToTable("bulk_decisions");
            builder.HasIndex(row => row.DueAt).HasFilter("due_at is not null");
        }
    }
}

/// <summary>Makes decisions that are carried out beside the pages, and knows how far they are.</summary>
internal sealed class BulkDecisions(GatewayDb db, Signal<WorkBulkDecisions> work, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <param name="total">How many rows it is about.</param>
    /// <returns>Its id.</returns>
    public Task<Guid> BeginAsync(CauseDecision decision, int total, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                var longAgo = (now - Kept).UtcDateTime;
                await db.BulkDecisions.Where(old => old.EndedAt < longAgo).ExecuteDeleteAsync(ct);
                var id = Guid.CreateVersion7(now);
                var row = new BulkDecision
                {
                    Id = id,
                    Action = decision.Action,
                    Cause = decision.Cause,
                    Sites = decision.Sites is null ? null : string.Join(' ', decision.Sites.Select(site => site.ToString("N"))),
                    Actor = decision.Actor,
                    Email = decision.Change?.Email,
                    List = decision.Change?.List,
                    Name = decision.Change?.Name,
                    Reason = decision.Reason,
                    Undone = decision.Action == CauseAction.Restore ? decision.Decision : null,
                    Total = total,
                    CreatedAt = now.UtcDateTime,
                    DueAt = now.UtcDateTime,
                };
                await db.InsertNewAsync([row], ct);
                db.OnCommitted(work.Wake);
                return id;
            },
            ct
        );

    public Task<BulkDecision?> FindAsync(Guid id, CancellationToken ct) =>
        db.BulkDecisions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct);

    /// <returns>How many rows a decision has dismissed.</returns>
    public Task<int> CountDismissedAsync(Guid decision, CancellationToken ct) =>
        db.Dismissed().CountAsync(row => row.Decision == decision, ct);

    /// <summary>What is not done yet of a decision is not done any more; before it is undone, say.</summary>
    public Task StopAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(
            () =>
                db
                    .BulkDecisions.Where(row => row.Id == id && row.EndedAt == null)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.EndedAt, now)
                                .SetProperty(row => row.DueAt, (DateTime?)null)
                                .SetProperty(row => row.Reason, (string?)null),
                        ct
                    ),
            ct
        );
    }
}

/// <summary>
/// The worker of decisions about many rows: the next ones of each, and then it is the next decision's turn. What was changed and how far it
/// is are one transaction, so nothing is done twice whenever the process ends.
/// </summary>
internal sealed partial class WorkBulkDecisions(GatewayDb db, FailedItems failures, TimeProvider clock, ILogger<WorkBulkDecisions> logger)
    : IQueueWorker
{
    private const int Batch = 4;

    /// <summary>After so many turns in a row that came to nothing it is given up.</summary>
    private const int MaxFailures = 5;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>Much longer than a turn: until then nobody else takes it, and after an error it rests.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) =>
        db.BulkDecisions.Where(row => row.DueAt != null).MinAsync(row => row.DueAt, ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var now = Now;
        var due = await db
            .BulkDecisions.AsNoTracking()
            .Where(row => row.DueAt <= now)
            .OrderBy(row => row.DueAt)
            .Take(Batch)
            .ToListAsync(ct);
        foreach (var row in due)
        {
            if (await TakeAsync(row, ct))
            {
                await WorkAsync(row, ct);
            }
        }

        return due.Count;
    }

    /// <returns>False where somebody else took it, or it is given up.</returns>
    private Task<bool> TakeAsync(BulkDecision row, CancellationToken ct)
    {
        var (now, next) = (Now, Now + Pause);
        var mine = db.BulkDecisions.Where(one => one.Id == row.Id && one.DueAt <= now);
        return db.WriteAsync(
            async () =>
                row.Failures < MaxFailures
                    ? await mine.ExecuteUpdateAsync(
                        set => set.SetProperty(one => one.DueAt, next).SetProperty(one => one.Failures, one => one.Failures + 1),
                        ct
                    ) > 0
                    : await mine.ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(one => one.DueAt, (DateTime?)null)
                                .SetProperty(one => one.EndedAt, now)
                                .SetProperty(one => one.Reason, (string?)null)
                                .SetProperty(one => one.Failure, "It could not go on, time after time. The log says why."),
                        ct
                    ) < 0,
            ct
        );
    }

    private async Task WorkAsync(BulkDecision row, CancellationToken ct)
    {
        try
        {
            var began = clock.GetTimestamp();
            var place = new CausePlace(row.Words, row.After);
            while (await failures.NextAsync(row.ToDecision(), place, ct) is { } batch)
            {
                if (!await CarryOutAsync(row, place, batch, ct))
                {
                    // Somebody stopped it, or another worker is further by now.
                    return;
                }

                db.ChangeTracker.Clear();
                place = batch.Place;
                if (clock.GetElapsedTime(began) > Turn)
                {
                    await SettleAsync(row, place, Now, endedAt: null, row.Reason, ct);
                    return;
                }
            }

            await SettleAsync(row, place, dueAt: null, Now, reason: null, ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(row.Id, failed);
            db.ChangeTracker.Clear();
        }
    }

    private Task<bool> CarryOutAsync(BulkDecision row, CausePlace place, CauseBatch batch, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await Held(row, place).LockAsync(ct) == 0)
                {
                    return false;
                }

                var some = await failures.CarryOutAsync(row.ToDecision(), batch, ct);
                await Held(row, place)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(one => one.Done, one => one.Done + some.Done)
                                .SetProperty(one => one.Refused, one => one.Refused + some.Refused)
                                .SetProperty(one => one.Why, one => one.Why ?? some.Why)
                                .SetProperty(one => one.Words, batch.Place.Words)
                                .SetProperty(one => one.After, batch.Place.After)
                                .SetProperty(one => one.Failures, 0),
                        ct
                    );
                return true;
            },
            ct
        );

    private Task SettleAsync(
        BulkDecision row,
        CausePlace place,
        DateTime? dueAt,
        DateTime? endedAt,
        string? reason,
        CancellationToken ct
    ) =>
        db.WriteAsync(
            () =>
                Held(row, place)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(one => one.DueAt, dueAt)
                                .SetProperty(one => one.EndedAt, endedAt)
                                .SetProperty(one => one.Reason, reason),
                        ct
                    ),
            ct
        );

    /// <summary>The row while nobody stopped it, or went on with it from here.</summary>
    private IQueryable<BulkDecision> Held(BulkDecision row, CausePlace place) =>
        db.BulkDecisions.Where(one => one.Id == row.Id && one.EndedAt == null && one.Words == place.Words && one.After == place.After);

    [LoggerMessage(LogLevel.Error, "The decision {DecisionId} could not go on; it is tried again in a minute")]
    private partial void LogFailed(Guid decisionId, Exception exception);
}
