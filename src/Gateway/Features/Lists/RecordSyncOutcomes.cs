using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <param name="Row">The row as it was when the provider was asked.</param>
/// <param name="Sent">What was sent to the provider, which suppression may have changed from what was wanted.</param>
internal sealed record SyncOutcome(ListSync Row, DesiredState Sent, ListOutcome Outcome);

/// <summary>
/// Writes down what came of a push. Only the worker that holds the lease may, and a desired state that changed during the call is due
/// again at once.
/// It takes no cancellation: what a provider was sent is recorded even while the program stops.
/// </summary>
internal sealed class RecordSyncOutcomes(GatewayDb db, Events events, Outages outages, TimeProvider clock)
{
    public const int FailuresTogether = 3;

    public Task RecordAsync(IReadOnlyList<SyncOutcome> outcomes) =>
        outcomes.Count == 0
            ? Task.CompletedTask
            : db.WriteAsync(
                async () =>
                {
                    foreach (
                        var group in outcomes.GroupBy(one =>
                            (one.Row.Attempts, one.Row.DesiredVersion, one.Sent, one.Outcome, one.Row.Failures, Alone(one.Row))
                        )
                    )
                    {
                        var recorded = await RecordGroupAsync([.. group], group.Key.Attempts, group.Key.DesiredVersion);
                        var happened = group.Where(one => recorded.Contains(one.Row.Id)).Select(EventOf).OfType<Event>().ToList();
                        await events.WriteAsync(db, happened, CancellationToken.None);
                    }
                },
                CancellationToken.None
            );

    /// <summary>They wait for a connection that is held, and spend nothing of their own patience; if it works, they are due.</summary>
    /// <param name="isCounted">Whether they tried it, so that another one is to try it next.</param>
    public Task HoldAsync(IReadOnlyList<ListSync> rows, string connection, bool isCounted = false) =>
        rows.Count == 0
            ? Task.CompletedTask
            : db.WriteAsync(
                async () =>
                {
                    var now = clock.GetUtcNow().UtcDateTime;
                    var isHeld = (await outages.LockAsync(db, [connection], CancellationToken.None)).Count > 0;
                    var (due, by) = isHeld ? (now + Outages.Fallback, connection) : (now, null);
                    foreach (var group in rows.GroupBy(row => row.Attempts))
                    {
                        await Ours([.. group.Select(row => row.Id)], group.Key)
                            .ExecuteUpdateAsync(set =>
                                set.SetProperty(row => row.DueAt, due)
                                    .SetProperty(row => row.HeldBy, by)
                                    .SetProperty(row => row.Failure, (string?)null)
                                    .SetProperty(row => row.Failures, row => row.Failures + (isCounted ? 1 : 0))
                            );
                    }
                },
                CancellationToken.None
            );

    /// <summary>Rows about which the provider must not or need not hear anything, such as an address that was never confirmed.</summary>
    public Task NothingToPushAsync(IReadOnlyList<ListSync> rows) =>
        rows.Count == 0
            ? Task.CompletedTask
            : db.WriteAsync(
                async () =>
                {
                    var now = clock.GetUtcNow().UtcDateTime;
                    foreach (var group in rows.GroupBy(row => (row.Attempts, row.DesiredVersion, row.Desired)))
                    {
                        var ours = Ours([.. group.Select(row => row.Id)], group.Key.Attempts);
                        if (group.Key.Desired == DesiredState.Removed)
                        {
                            await ForgetAsync(ours, group.Key.DesiredVersion, now);
                            continue;
                        }

                        await ours.ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.DueAt, row => row.DesiredVersion == group.Key.DesiredVersion ? null : now)
                        );
                    }
                },
                CancellationToken.None
            );

    /// <returns>The ids of those that were still ours.</returns>
    private async Task<HashSet<Guid>> RecordGroupAsync(List<SyncOutcome> group, int attempts, int version)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var ours = Ours([.. group.Select(one => one.Row.Id)], attempts);
        var (_, sent, outcome) = group[0];
        if (outcome is ListOutcome.Synced && sent == DesiredState.Removed)
        {
            var erased = await ours.Select(row => row.Id).ToListAsync();
            await ForgetAsync(ours, version, now);
            return [.. erased];
        }

        // Attempts only rise, so whoever matches after the statement matched in it.
        await (
            outcome switch
            {
                ListOutcome.Synced synced => ours.ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.Synced, sent)
                        .SetProperty(row => row.SyncedAt, now)
                        .SetProperty(row => row.Remark, synced.Remark)
                        .SetProperty(row => row.Fresh, row => row.DesiredVersion != version && row.Fresh)
                        .SetProperty(row => row.Failures, 0)
                        .SetProperty(row => row.Failure, (string?)null)
                        .SetProperty(row => row.DueAt, row => row.DesiredVersion == version ? null : now)
                ),
                ListOutcome.Refused refused => ours.ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.Failures, row => row.DesiredVersion == version ? row.Failures + 1 : 0)
                        .SetProperty(row => row.Failure, row => row.DesiredVersion == version ? refused.Reason : null)
                        .SetProperty(row => row.DueAt, row => row.DesiredVersion == version ? null : now)
                ),
                ListOutcome.Later later => LaterAsync(ours, later, now + SyncBackoff.Pace.After(group[0].Row.Failures, later.RetryAfter)),
                _ => throw new InvalidOperationException($"{outcome} is no outcome of a sync."),
            }
        );
        return [.. await ours.Select(row => row.Id).ToListAsync()];
    }

    /// <summary>Nothing more is to be pushed of whoever is gone, but for one who came back during the call.</summary>
    private static async Task ForgetAsync(IQueryable<ListSync> ours, int version, DateTime now)
    {
        await ours.Where(row => row.DesiredVersion == version).ExecuteDeleteAsync();
        await ours.ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, now));
    }

    /// <summary>
    /// A batch gets one time, so that it stays a batch; but one person who cannot be pushed must not hold up the others for ever.
    /// </summary>
    private static Guid? Alone(ListSync row) => row.Failures >= FailuresTogether ? row.Id : null;

    private static Task<int> LaterAsync(IQueryable<ListSync> ours, ListOutcome.Later later, DateTime due) =>
        ours.ExecuteUpdateAsync(set =>
            set.SetProperty(row => row.Failures, row => row.Failures + 1)
                .SetProperty(row => row.Failure, later.Reason)
                .SetProperty(row => row.DueAt, due)
        );

    private IQueryable<ListSync> Ours(List<Guid> ids, int attempts) =>
        db.ListSyncs.Where(row => ids.Contains(row.Id) && row.Attempts == attempts);

    private Event? EventOf(SyncOutcome one)
    {
        var contact = PublicId.Format(PublicId.Contact, one.Row.ContactId);
        var list = PublicId.Format(PublicId.List, one.Row.ListId);
        return one.Outcome switch
        {
            ListOutcome.Synced synced => events.Of(
                EventTypes.ListSynced,
                one.Row.SiteId,
                one.Row.ContactId,
                new
                {
                    contact,
                    list,
                    state = CaseConverter.Lower(one.Sent.ToString()),
                    remark = synced.Remark,
                }
            ),
            ListOutcome.Refused refused => events.Of(
                EventTypes.ListSyncFailed,
                one.Row.SiteId,
                one.Row.ContactId,
                new
                {
                    contact,
                    list,
                    reason = refused.Reason,
                }
            ),
            _ => null,
        };
    }
}
