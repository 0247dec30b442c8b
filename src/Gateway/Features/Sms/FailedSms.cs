using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Data.Backups;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>The queue of SMS, those that failed, and those whose outcome nobody knows.</summary>
internal sealed class FailedSms(GatewayDb db, ResolveSms resolve, TimeProvider clock)
    : FailableQueueTable<SmsMessage>(
        db,
        clock,
        SmsConnections.Queue,
        PublicId.Sms,
        row => row.State == SmsState.Failed || row.State == SmsState.Unknown
    ),
        IAfterRestore
{
    /// <summary>
    /// What waited when a backup was made may have been sent since, and only a person can know. What is to go out later was not.
    /// </summary>
    async Task<(string What, int Count)> IAfterRestore.SetAsideAsync(CancellationToken ct)
    {
        var now = Now;
        return (
            "SMS",
            await Db
                .Sms.Where(row => row.State == SmsState.Queued || (row.State == SmsState.Scheduled && row.DueAt <= now))
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, SmsState.Unknown)
                            .SetProperty(row => row.FailureCode, "restored")
                            .SetProperty(row => row.Failure, "It waited when the backup was made that the database was restored from.")
                            .SetProperty(row => row.HeldBy, (string?)null)
                            .SetProperty(row => row.DueAt, (DateTime?)null),
                    ct
                )
        );
    }

    /// <summary>One that was sent stays due while its outcome is followed; nobody waits for it.</summary>
    protected override IQueryable<SmsMessage> WaitingRows =>
        Rows.Where(row =>
            row.DueAt != null && (row.State == SmsState.Scheduled || row.State == SmsState.Queued || row.State == SmsState.Sending)
        );

    /// <summary>One that failed may be due once more, to be asked what it cost.</summary>
    protected override IQueryable<SmsMessage> FinalRows =>
        Rows.Where(row => row.State == SmsState.Failed || (row.State == SmsState.Unknown && row.DueAt == null));

    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange()
            ? "Only a submission can be replayed with another field or list."
            : await resolve.SendAgainAsync(id, ct);

    public override async Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Rows.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Recipient }).ToListAsync(ct);
        return FailedItem.WhomOf(rows.Select(row => (row.Id, (string?)row.Recipient)));
    }

    protected override async Task<IReadOnlyDictionary<string, string>?> DetailsAsync(Guid id, CancellationToken ct) =>
        FailedItem.DetailsOf((FailedItem.Recipient, await Rows.Where(row => row.Id == id).Select(row => row.Recipient).SingleAsync(ct)));

    /// <summary>
    /// What no provider was asked for is failed. What one may have taken stays unknown: trying again may send it twice, and that is a
    /// person's decision. At its end there was only the price to learn.
    /// </summary>
    public override async Task SetAsideAsync(IQueryable<SmsMessage> rows, CancellationToken ct)
    {
        await rows.Where(row => row.State == SmsState.Scheduled || row.State == SmsState.Queued)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, SmsState.Failed)
                        .SetProperty(row => row.FailureCode, ISetAside<SmsMessage>.Code)
                        .SetProperty(row => row.Failure, ISetAside<SmsMessage>.Reason),
                ct
            );
        await rows.Where(row => row.State == SmsState.Sending || row.State == SmsState.Sent || row.State == SmsState.Unknown)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, SmsState.Unknown)
                        .SetProperty(row => row.FailureCode, ISetAside<SmsMessage>.Code)
                        .SetProperty(row => row.Failure, ISetAside<SmsMessage>.Reason),
                ct
            );
        await rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, (DateTime?)null), ct);
    }

    protected override IQueryable<FailedFact> Facts(IQueryable<SmsMessage> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code =
                row.State == SmsState.Unknown ? "sms_unknown"
                : row.Losses >= Leases.SetAsideLosses ? ISetAside<SmsMessage>.Code
                : "sms_failed",
            Reason = row.State == SmsState.Unknown ? "It may have been sent. " + row.Failure : row.Failure,
            Since = row.CreatedAt,
        });
}
