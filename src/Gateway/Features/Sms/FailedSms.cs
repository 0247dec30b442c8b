using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Sms;

/// <summary>The queue of SMS, those that failed, and those whose outcome nobody knows.</summary>
internal sealed class FailedSms(GatewayDb db, ResolveSms resolve, TimeProvider clock)
    : FailableQueueTable<SmsMessage>(
        db,
        clock,
        SmsConnections.Queue,
        PublicId.Sms,
        row => row.State == SmsState.Failed || row.State == SmsState.Unknown
    )
{
    /// <summary>One that was sent stays due while its outcome is followed; nobody waits for it.</summary>
    protected override IQueryable<SmsMessage> WaitingRows =>
        Rows.Where(row =>
            row.DueAt != null && (row.State == SmsState.Scheduled || row.State == SmsState.Queued || row.State == SmsState.Sending)
        );

    /// <summary>One that failed may be due once more, to be asked what it cost.</summary>
    protected override IQueryable<SmsMessage> FinalRows => Rows.Where(row => row.State == SmsState.Failed || (row.State == SmsState.Unknown && row.DueAt == null));

    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange()
            ? "Only a submission can be replayed with another field or list."
            : Unless(await resolve.SendAgainAsync(id, ct));

    protected override FailedItem ItemOf(SmsMessage row, bool withBody) =>
        row.State == SmsState.Unknown
            ? ItemOf(row, row.SiteId, "sms_unknown", $"It may have been sent. {row.Failure}", row.CreatedAt)
            : ItemOf(row, row.SiteId, "sms_failed", row.Failure, row.CreatedAt);

    protected override IQueryable<FailedFact> Facts(IQueryable<SmsMessage> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.State == SmsState.Unknown ? "sms_unknown" : "sms_failed",
            Reason = row.State == SmsState.Unknown ? "It may have been sent. " + row.Failure : row.Failure,
            Since = row.CreatedAt,
        });

    protected override Guid SiteOf(SmsMessage row) => row.SiteId;
}
