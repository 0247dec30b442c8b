using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>Takes back an SMS that no provider was asked to send yet.</summary>
internal sealed class WithdrawSms(GatewayDb db)
{
    /// <returns>False when it is none of the site's, or is past that. Inside the caller's transaction.</returns>
    public async Task<bool> WithdrawAsync(Guid siteId, Guid smsId, CancellationToken ct) =>
        // A worker that holds the row marks it as sending by a statement that asks for its state: one of the two wins.
        await db
            .Sms.Where(row =>
                row.SiteId == siteId && row.Id == smsId && (row.State == SmsState.Scheduled || row.State == SmsState.Queued)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, SmsState.Cancelled).SetProperty(row => row.DueAt, (DateTime?)null),
                ct
            ) > 0;

    /// <summary>Whether it could be taken back as it stands.</summary>
    public static bool IsPossible(SmsMessage sms) => sms.State is SmsState.Scheduled or SmsState.Queued;
}
