using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>
/// The worker of imports: takes the next rows of each, and then it is the next import's turn. What came of the rows, what is left of the
/// file and the counts are one transaction, so nothing is lost or done twice whenever the process ends.
/// </summary>
internal sealed partial class WorkImports(
    GatewayDb db,
    Leases leases,
    SiteStore sites,
    ListStore lists,
    StartOptIn optIn,
    ApplyRows apply,
    SearchImport search,
    SubscriptionStore subscriptions,
    ConsentLedger ledger,
    EndSubscription end,
    TimeProvider clock,
    ILogger<WorkImports> logger
) : IQueueWorker
{
    /// <summary>Imports of several sites side by side.</summary>
    private const int Batch = 4;

    private const int UndoneAtOnce = 50;

    /// <summary>
    /// After so many tries in a row that failed an import stands as failed: with these pauses after about a quarter of an hour.
    /// </summary>
    private const int MaxFailures = 5;

    private static readonly Backoff Pace = new(First: TimeSpan.FromMinutes(1), Max: TimeSpan.FromHours(1));
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>So long one import is worked on before it is the next one's turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Import>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var imports = await leases.TakeAsync<Import>(Batch, Lease, ct);
        foreach (var import in imports)
        {
            await WorkAsync(import, ct);
        }

        return imports.Count;
    }

    /// <summary>One import must not hold up the others.</summary>
    private async Task WorkAsync(Import import, CancellationToken ct)
    {
        try
        {
            var began = clock.GetTimestamp();
            while (await TakeBiteAsync(import, ct))
            {
                // What is tracked of some people would be looked through for each of the next.
                db.ChangeTracker.Clear();
                if (clock.GetElapsedTime(began) > Turn || ct.IsCancellationRequested)
                {
                    await SettleAsync(import, import.State, Now, ct);
                    return;
                }
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(import.Id, failed);
            db.ChangeTracker.Clear();
            await FailAsync(import, ct);
        }
    }

    /// <returns>Whether there is more to do now.</returns>
    private Task<bool> TakeBiteAsync(Import import, CancellationToken ct) =>
        import.State switch
        {
            ImportState.Running => TakeRowsAsync(import, ct),
            ImportState.Undoing => TakeBackAsync(import, ct),
            _ => GiveUpAsync(import, ct),
        };

    private async Task<bool> TakeRowsAsync(Import import, CancellationToken ct)
    {
        var list = await lists.FindAsync(import.ListId, ct);
        if (list is not null && SearchImport.IsNeeded(import))
        {
            return await search.SearchAsync(import, Held(import), list, Now, ct);
        }

        if (await ImportRows.NextAsync(db, import.Id, ct) is not { } piece)
        {
            await SettleAsync(import, ImportState.Ended, dueAt: null, ct);
            return false;
        }

        var site = await sites.GetAsync(import.SiteId, ct);
        var read = ReadRows.Of(import, ImportRows.Of(piece), Now);
        if (import.Consent == ImportConsent.Double)
        {
            await optIn.LookUpAsync(read.People.Select(person => person.Address), ct);
        }

        return await db.WriteAsync(
            async () =>
            {
                if (await Held(import).LockAsync(ct) == 0)
                {
                    // Somebody stopped it, or another worker has it by now.
                    return false;
                }

                if (await db.ImportPieces.Where(one => one.Id == piece.Id && one.Revision == piece.Revision).ExecuteDeleteAsync(ct) == 0)
                {
                    // Somebody was erased from it meanwhile.
                    return true;
                }

                var counts = await apply.ApplyAsync(import, site, list, read, ct);
                await Held(import)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.Subscribed, row => row.Subscribed + counts.Subscribed)
                                .SetProperty(row => row.Asked, row => row.Asked + counts.Asked)
                                .SetProperty(row => row.Known, row => row.Known + counts.Known)
                                .SetProperty(row => row.Suppressed, row => row.Suppressed + counts.Suppressed)
                                .SetProperty(row => row.Refused, row => row.Refused + counts.Refused)
                                .SetProperty(row => row.Failures, 0),
                        ct
                    );
                return true;
            },
            ct
        );
    }

    private Task<bool> TakeBackAsync(Import import, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await Held(import).LockAsync(ct) == 0)
                {
                    return false;
                }

                var added = await db
                    .ImportedSubscriptions.AsNoTracking()
                    .Where(row => row.ImportId == import.Id)
                    .OrderBy(row => row.SubscriptionId)
                    .Take(UndoneAtOnce)
                    .ToListAsync(ct);
                if (added.Count == 0)
                {
                    await db.ImportPieces.Where(piece => piece.ImportId == import.Id).ExecuteDeleteAsync(ct);
                    await SettleAsync(import, ImportState.Undone, dueAt: null, ct);
                    return false;
                }

                var undone = await TakeOffAsync(import, [.. added.Select(row => row.SubscriptionId)], ct);
                List<Guid> done = [.. added.Select(row => row.SubscriptionId)];
                await db.ImportedSubscriptions.Where(row => done.Contains(row.SubscriptionId)).ExecuteDeleteAsync(ct);
                await Held(import)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.Undone, row => row.Undone + undone).SetProperty(row => row.Failures, 0),
                        ct
                    );
                return true;
            },
            ct
        );

    /// <returns>How many nothing had happened to since.</returns>
    private async Task<int> TakeOffAsync(Import import, List<Guid> ids, CancellationToken ct)
    {
        await subscriptions.LockAsync(ids, ct);

        // Somebody else may have vouched for one of them before they were held.
        var added = await db
            .ImportedSubscriptions.AsNoTracking()
            .Where(row => row.ImportId == import.Id && ids.Contains(row.SubscriptionId))
            .ToListAsync(ct);
        var known = await subscriptions.GetManyAsync(ids, ct);
        var lastBy = await ledger.LastImportsAsync(import.ListId!.Value, [.. added.Select(row => row.ContactId)], ct);
        var id = PublicId.Format(PublicId.Import, import.Id);
        var untouched = added.FindAll(row =>
            known.GetValueOrDefault(row.SubscriptionId)?.Subscription is { } now
            && (now.UpdatedAt, now.LastSignOn) == (row.UpdatedAt, row.LastSignOn)
            && (
                now.State == SubscriptionState.Pending
                || (now.State == SubscriptionState.Confirmed && lastBy.GetValueOrDefault(row.ContactId) == id)
            )
        );
        foreach (var row in untouched)
        {
            // Hooks did not hear that they came.
            var reason = $"The import {id} was taken back.";
            await end.RemoveAsync(row.ContactId, import.ListId.Value, ct, because: new(import.Actor, reason), isTold: false);
        }

        return untouched.Count;
    }

    /// <summary>Nobody began it in time, or had it go on.</summary>
    private Task<bool> GiveUpAsync(Import import, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                if (await Held(import).LockAsync(ct) == 0)
                {
                    return false;
                }

                if (import.State == ImportState.Stopped)
                {
                    await db.ImportPieces.Where(piece => piece.ImportId == import.Id).ExecuteDeleteAsync(ct);
                    await SettleAsync(import, ImportState.Ended, dueAt: null, ct);
                }
                else
                {
                    await ImportRows.DeleteAsync(db, [import.Id], ct);
                }

                return false;
            },
            ct
        );

    /// <summary>The row while it is ours, and nobody decided otherwise.</summary>
    private IQueryable<Import> Held(Import import) =>
        db.Imports.Where(row => row.Id == import.Id && row.Attempts == import.Attempts && row.State == import.State);

    private Task SettleAsync(Import import, ImportState state, DateTime? dueAt, CancellationToken ct)
    {
        DateTime? endedAt = dueAt is null ? Now : null;
        return db.WriteAsync(
            () =>
                Held(import)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.State, state)
                                .SetProperty(row => row.DueAt, dueAt)
                                .SetProperty(row => row.EndedAt, endedAt),
                        ct
                    ),
            ct
        );
    }

    private Task FailAsync(Import import, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                // Counted in the database: what went well since the row was taken began the count anew.
                await Held(import).ExecuteUpdateAsync(set => set.SetProperty(row => row.Failures, row => row.Failures + 1), ct);
                if (await Held(import).Select(row => row.Failures).FirstOrDefaultAsync(ct) is not (> 0 and var failures))
                {
                    // Somebody decided otherwise.
                    return;
                }

                var (dueAt, failure) =
                    failures < MaxFailures
                        ? ((DateTime?)(Now + Pace.After(failures - 1)), (string?)null)
                        : (null, "It could not be carried out, time after time. The log says why.");
                await Held(import)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, dueAt).SetProperty(row => row.Failure, failure), ct);
            },
            ct
        );

    [LoggerMessage(LogLevel.Error, "The import {ImportId} could not go on; it will be tried again")]
    private partial void LogFailed(Guid importId, Exception exception);
}
