using Gateway.Features.Sms.Guard;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>An operator's decision about a message that failed or whose outcome nobody knows.</summary>
internal sealed class ResolveSms(
    GatewayDb db,
    Events events,
    SmsBudget budget,
    SmsSettingsCache settings,
    Signal<SendSms> signal,
    TimeProvider clock
)
{
    /// <summary>States that a message of unknown outcome can be resolved as.</summary>
    public static readonly IReadOnlyList<SmsState> Choices = [SmsState.Sent, SmsState.Delivered, SmsState.Failed];

    /// <summary>Resolves a message of unknown outcome as what the operator found out.</summary>
    /// <returns>Its site; null when there is no such message, or its outcome is known.</returns>
    public Task<Guid?> ResolveAsync(Guid id, SmsState state, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var sms = await db.Sms.SingleOrDefaultAsync(row => row.Id == id && row.State == SmsState.Unknown, ct);
                if (sms is null)
                {
                    return (Guid?)null;
                }

                var now = clock.GetUtcNow().UtcDateTime;
                var (type, failure) = state switch
                {
                    SmsState.Sent => (EventTypes.SmsSent, (SmsFailure?)null),
                    SmsState.Delivered => (EventTypes.SmsDelivered, null),
                    _ => (EventTypes.SmsFailed, new SmsFailure("settled", "An operator found that it was not delivered.")),
                };
                sms.State = state;
                (sms.FailureCode, sms.Failure) = (failure?.Code, failure?.Reason);
                sms.SentAt ??= failure is null ? sms.CalledAt : null;
                sms.DeliveredAt = state == SmsState.Delivered ? now : null;
                sms.DueAt = null;
                await db.SaveChangesAsync(ct);
                await events.WriteAsync(db, [events.Of(type, sms.SiteId, null, new { sms = SmsResponse.Of(sms) })], ct);
                return (Guid?)sms.SiteId;
            },
            ct
        );

    /// <summary>
    /// Sends a failed message, or one of unknown outcome, again: the one way in which a person may get a message twice, and a person's
    /// decision. It spends the site's money like a new one, so that trying again and again does not go round the budget.
    /// </summary>
    /// <returns>Why not, in a sentence; null when it is sent again. Runs inside the caller's transaction.</returns>
    public async Task<string?> SendAgainAsync(Guid id, CancellationToken ct)
    {
        var its = db.Sms.Where(row => row.Id == id && (row.State == SmsState.Failed || row.State == SmsState.Unknown));
        if (await its.LockAsync(ct) == 0 || await its.AsNoTracking().SingleOrDefaultAsync(ct) is not { } sms)
        {
            return "It is being tried again already.";
        }

        var policy = (await settings.OfAsync(sms.SiteId, ct)).Policy;
        if (!await budget.SpendAgainAsync(sms, policy, ct))
        {
            return $"The site's budget of {SmsPrices.Text(SmsPrices.Count(policy.MoneyPerDay ?? 0))} EUR a day does not hold it until "
                + "midnight UTC. Nothing was sent.";
        }

        var now = clock.GetUtcNow().UtcDateTime;
        db.OnCommitted(signal.Wake);
        await its.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.State, SmsState.Queued)
                    .SetProperty(row => row.FailureCode, (string?)null)
                    .SetProperty(row => row.Failure, (string?)null)
                    .SetProperty(row => row.ProviderId, (string?)null)
                    .SetProperty(row => row.Price, (decimal?)null)
                    .SetProperty(row => row.Currency, (string?)null)
                    .SetProperty(row => row.Failures, 0)
                    .SetProperty(row => row.DueAt, now),
            ct
        );
        return null;
    }
}
