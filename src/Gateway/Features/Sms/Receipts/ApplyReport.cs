using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// Brings a message further by what its provider says of it, in whatever order and however often that comes: news is stored once, and a
/// message only ever gets further. A report proves that the send call reached the provider, so it also ends a call whose outcome nobody
/// knew.
/// </summary>
internal sealed partial class ApplyReport(
    GatewayDb db,
    Events events,
    Suppressions suppressions,
    SmsBudget budget,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<ApplyReport> logger
)
{
    /// <summary>The same for a callback, whose address says what it is about.</summary>
    /// <param name="sms">The message, <c>sms_…</c>.</param>
    /// <param name="call">The number of the send call.</param>
    /// <returns>False when the site has no such message.</returns>
    public async Task<bool> TakeInAsync(Guid siteId, string? sms, string? call, string provider, SmsReport report, CancellationToken ct)
    {
        if (PublicId.Parse(PublicId.Sms, sms) is not { } smsId || !await One(siteId, smsId).AnyAsync(ct))
        {
            return false;
        }

        var tries = int.TryParse(call, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        await ApplyAsync(siteId, smsId, tries, provider, report, ct);
        return true;
    }

    /// <param name="tries">Which send call it is about, as <see cref="SmsMessage.Tries"/> counts them.</param>
    /// <returns>Whether it brought the message further. What is not new, or about an earlier call, does not.</returns>
    public Task<bool> ApplyAsync(Guid siteId, Guid smsId, int tries, string provider, SmsReport report, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                // The update locks the row: of two receipts that come at once, the second sees what the first has changed.
                if (
                    await One(siteId, smsId).LockAsync(ct) == 0
                    || await db.InsertNewAsync([Record(siteId, smsId, provider, report)], ct) == 0
                )
                {
                    return false;
                }

                var sms = await One(siteId, smsId).AsNoTracking().SingleAsync(ct);
                return await IsAboutAsync(sms, tries, provider, report, ct) && await ChangeAsync(sms, report, ct);
            },
            ct
        );

    private IQueryable<SmsMessage> One(Guid siteId, Guid smsId) => db.Sms.Where(row => row.SiteId == siteId && row.Id == smsId);

    private InboundEvent Record(Guid siteId, Guid smsId, string provider, SmsReport report)
    {
        var now = clock.GetUtcNow();
        return new InboundEvent
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Provider = provider,
            Key = report.Key,
            SmsId = smsId,
            Status = CaseConverter.Lower(report.State.ToString()),
            Code = report.Failure?.ProviderCode,
            Body = report.Body,
            ReceivedAt = now.UtcDateTime,
        };
    }

    /// <summary>
    /// A message that was sent again on an operator's word is not touched by what became of the call before, and what was found in the
    /// provider's list
    /// not by a message that meanwhile turned out to be another one.
    /// </summary>
    private async Task<bool> IsAboutAsync(SmsMessage sms, int tries, string provider, SmsReport report, CancellationToken ct)
    {
        var isAbout =
            sms.Tries == tries
            && sms.Provider == provider
            && (sms.ProviderId is { } known ? known == report.ProviderId : !await IsOfAnotherAsync(sms, report, ct));
        if (!isAbout)
        {
            LogOfAnotherCall(sms.Id, tries, sms.Tries);
        }

        return isAbout;
    }

    private Task<bool> IsOfAnotherAsync(SmsMessage sms, SmsReport report, CancellationToken ct) =>
        db.Sms.AnyAsync(
            other =>
                other.SiteId == sms.SiteId
                && other.Recipient == sms.Recipient
                && other.Id != sms.Id
                && other.Provider == sms.Provider
                && other.ProviderId == report.ProviderId,
            ct
        );

    private async Task<bool> ChangeAsync(SmsMessage sms, SmsReport report, CancellationToken ct)
    {
        var getsFurther = Rank(report.State) > Rank(sms.State);
        var isFirstPrice = sms.Price is null && report.Price is not null;
        sms.ProviderId = report.ProviderId;
        (sms.Price, sms.Currency) = report.Price is null ? (sms.Price, sms.Currency) : (report.Price, report.Currency);
        if (getsFurther)
        {
            MoveTo(sms, report);
        }

        await One(sms.SiteId, sms.Id)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.ProviderId, sms.ProviderId)
                        .SetProperty(row => row.Price, sms.Price)
                        .SetProperty(row => row.Currency, sms.Currency)
                        .SetProperty(row => row.State, sms.State)
                        .SetProperty(row => row.FailureCode, sms.FailureCode)
                        .SetProperty(row => row.Failure, sms.Failure)
                        .SetProperty(row => row.Failures, sms.Failures)
                        .SetProperty(row => row.SentAt, sms.SentAt)
                        .SetProperty(row => row.DeliveredAt, sms.DeliveredAt)
                        .SetProperty(row => row.DueAt, sms.DueAt),
                ct
            );
        if (isFirstPrice)
        {
            await budget.CorrectAsync([sms], ct);
        }

        if (getsFurther)
        {
            await TellAsync(sms, report, ct);
        }

        return getsFurther;
    }

    private void MoveTo(SmsMessage sms, SmsReport report)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        sms.State = report.State;
        (sms.FailureCode, sms.Failure, sms.Failures) = (report.Failure?.Code, report.Failure?.Reason, 0);
        sms.SentAt = report.State == SmsState.Failed ? sms.SentAt : sms.SentAt ?? now;
        sms.DeliveredAt = report.State == SmsState.Delivered ? now : null;

        // What has no definite outcome yet is asked about should no further receipt come, and what is, once for its price.
        var provider = services.GetRequiredKeyedService<ISmsProvider>(sms.Provider);
        sms.DueAt =
            now
            + (
                report.State == SmsState.Sent ? provider.AskAgainAfter(0)
                : sms.Price is null ? provider.PriceAfter
                : null
            );
    }

    private async Task TellAsync(SmsMessage sms, SmsReport report, CancellationToken ct)
    {
        var type = report.State switch
        {
            SmsState.Sent => EventTypes.SmsSent,
            SmsState.Delivered => EventTypes.SmsDelivered,
            _ => EventTypes.SmsFailed,
        };
        await events.WriteAsync(db, [events.Of(type, sms.SiteId, null, new { sms = SmsResponse.Of(sms) })], ct);
        if (report.Failure is { Code: SmsFailure.Suppressed })
        {
            await suppressions.AddAsync(
                sms.SiteId,
                SuppressionChannel.Sms,
                sms.Recipient,
                SuppressionReason.Unsubscribed,
                sms.Provider!,
                ct
            );
        }

        LogOutcome(sms.Id, sms.State);
    }

    /// <summary>
    /// How far a message has got. Delivered wins over failed: some networks report a failure first and deliver all the same.
    /// </summary>
    private static int Rank(SmsState state) =>
        state switch
        {
            SmsState.Sent => 1,
            SmsState.Failed => 2,
            SmsState.Delivered => 3,

            // It may be waiting again, or have been cancelled, because the call seemed not to have been made: that it was is now certain.
            _ => 0,
        };

    [LoggerMessage(LogLevel.Information, "SMS {SmsId} is {State}, says its provider")]
    private partial void LogOutcome(Guid smsId, SmsState state);

    [LoggerMessage(
        LogLevel.Information,
        "A receipt for call {Tries} of SMS {SmsId} changes nothing: the latest is call {Latest}, or it names another message"
    )]
    private partial void LogOfAnotherCall(Guid smsId, int tries, int latest);
}
