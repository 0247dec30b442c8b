using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary>
/// Hands one message to a provider, never twice: that a call begins is on the disk before it does, the next provider is asked only when the
/// one before
/// certainly did not send, and what nobody knows stays unknown.
/// </summary>
internal sealed partial class HandOverSms(
    SmsWrites writes,
    SmsPacing pacing,
    Outages outages,
    Witnesses witnesses,
    IOptions<SmsOptions> options,
    IOptions<GatewayOptions> gateway,
    SmsMetrics metrics,
    TimeProvider clock,
    ILogger<HandOverSms> logger
)
{
    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(15), Max: TimeSpan.FromMinutes(15));

    public async Task SendAsync(SmsMessage row, SiteSms site, bool isSuppressed, CancellationToken ct)
    {
        if (isSuppressed)
        {
            await RecordAsync(
                row,
                new SmsOutcome.Refused(SmsFailure.Suppressed, "The owner of this number asked for no more messages."),
                null
            );
            return;
        }

        SmsOutcome? later = null,
            refused = null;
        row.HeldBy = null;
        foreach (var carrier in site.For(row.Recipient).Where(carrier => carrier.MaySendAs(row.Sender)))
        {
            var pass = await EnterAsync(row, carrier);
            if (pass.HeldBy is { } connection)
            {
                // The next provider may take it; this one is asked again when it works.
                later ??= new SmsOutcome.NotSent(pass.Reason, Outages.Fallback);
                row.HeldBy ??= connection;
                continue;
            }

            var outcome = await CallInTurnAsync(row, carrier, ct);
            await NoteAsync(row, carrier, pass, outcome);
            switch (outcome)
            {
                case null:
                    return;
                case SmsOutcome.NotSent notSent:
                    later = notSent;
                    break;
                case SmsOutcome.Refused { Elsewhere: true } elsewhere:
                    refused = elsewhere;
                    break;
                case { } certain:
                    await RecordAsync(row, certain, carrier);
                    return;
            }
        }

        await RecordAsync(row, later ?? refused ?? await WithoutAccountAsync(row), null);
    }

    /// <summary>Its worker died after it had said that a call begins: nobody knows whether the provider took it.</summary>
    public Task InterruptedAsync(SmsMessage row) =>
        RecordAsync(row, new SmsOutcome.Unknown("The gateway stopped in the middle of the call, so it may have been sent."), null);

    private async Task<SmsOutcome> WithoutAccountAsync(SmsMessage row)
    {
        const string reason = "No provider with a complete account is configured for this number and sender.";
        var notSent = SmsOutcome.NotSent.All(Concern.Account, "sms_settings", reason);
        var settings = SmsConnections.Settings(row);
        var pass = await outages.EnterAsync([settings], TimeSpan.FromMinutes(1), CancellationToken.None);
        row.HeldBy = settings;
        if (pass.HeldBy is null)
        {
            await outages.HoldAsync(new(SmsConnections.Queue, settings, row.SiteId, notSent.Error!), pass, CancellationToken.None);
        }

        return notSent;
    }

    private ValueTask<Pass> EnterAsync(SmsMessage row, SmsCarrier carrier) =>
        outages.EnterAsync(
            [
                SmsConnections.Settings(row),
                SmsConnections.Account(row.SiteId, carrier),
                SmsConnections.Sender(row.SiteId, carrier, row.Sender),
            ],
            carrier.Provider.TimeLimit + TimeSpan.FromMinutes(1),
            CancellationToken.None
        );

    /// <summary>What holds up every message is noted at once, so that those beside this one wait for it together.</summary>
    private async Task NoteAsync(SmsMessage row, SmsCarrier carrier, Pass pass, SmsOutcome? outcome)
    {
        if (outcome is SmsOutcome.NotSent { Error: not null } notSent)
        {
            var what = SmsConnections.Of(row, carrier, notSent);
            if (Concerns(row, what, pass))
            {
                row.HeldBy ??= what.Connection;
                await outages.HoldAsync(what, pass, CancellationToken.None);
            }
            else
            {
                await outages.ReturnAsync(pass, CancellationToken.None);
            }
        }
        else if (outcome is SmsOutcome.Sent or SmsOutcome.Refused)
        {
            witnesses.Passed(SmsConnections.Account(row.SiteId, carrier), SmsConnections.Sender(row.SiteId, carrier, row.Sender));
            await outages.PassedAsync(pass, CancellationToken.None);
        }
    }

    /// <summary>Whether it holds up others as well: a server's fault may be about this number alone, an account's is not.</summary>
    private bool Concerns(SmsMessage row, HeldConnection what, Pass pass) =>
        what.Error.Concern != Concern.Server
        || what.Error.RetryAfter is not null
        || pass.Probing.Contains(what.Connection)
        || (row.Failures < Witnesses.OwnTimes && witnesses.Convict(what.Connection, row.Recipient));

    /// <returns>What the call came to; null when it is made later, or must not be made any more.</returns>
    private async Task<SmsOutcome?> CallInTurnAsync(SmsMessage row, SmsCarrier carrier, CancellationToken ct)
    {
        // The carrier before was asked: what came of that is stored, even while the program shuts down, since a row left as sending is
        // unknown.
        var isAsked = row.State == SmsState.Sending;
        if (await pacing.WaitAsync(carrier, row.Sender, isAsked ? CancellationToken.None : ct) is not { } turn)
        {
            return await CallAsync(row, carrier);
        }

        if (isAsked)
        {
            return new SmsOutcome.NotSent(
                $"It waits for its sender's turn at {carrier.Provider.Name}.",
                turn - clock.GetUtcNow().UtcDateTime
            );
        }

        row.DueAt = turn;
        await writes.PostponeAsync(row);
        return null;
    }

    /// <returns>What the call came to; null when it must not be made any more.</returns>
    private async Task<SmsOutcome?> CallAsync(SmsMessage row, SmsCarrier carrier)
    {
        row.State = SmsState.Sending;
        row.Provider = carrier.Provider.Name;
        row.Tries++;
        row.CalledAt = clock.GetUtcNow().UtcDateTime;
        if (!await writes.MarkAsync(row))
        {
            return null;
        }

        var began = clock.GetTimestamp();
        var outcome = await AskAsync(new(row, carrier.Account, StatusCallback(row)), carrier.Provider);
        metrics.HandedOver(carrier.Provider.Name, outcome, clock.GetElapsedTime(began));
        return outcome;
    }

    /// <summary>
    /// Once the provider is asked, its answer is waited for even while the program shuts down: the adapter has its own limit.
    /// </summary>
    private async Task<SmsOutcome> AskAsync(SmsCall call, ISmsProvider provider)
    {
        try
        {
            return await provider.SendAsync(call, CancellationToken.None);
        }
        catch (Exception bug)
        {
            LogBug(call.Sms.Id, provider.Name, bug);
            return new SmsOutcome.Unknown("The call ended in an error of the gateway. The log says why.");
        }
    }

    private Uri StatusCallback(SmsMessage row) =>
        new(
            $"{gateway.Value.PublicBase}/providers/{row.Provider}/{PublicId.Format(PublicId.Site, row.SiteId)}/status"
                + $"?sms={PublicId.Format(PublicId.Sms, row.Id)}&try={row.Tries}"
        );

    private Task RecordAsync(SmsMessage row, SmsOutcome outcome, SmsCarrier? asked)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        row.HeldBy = outcome is SmsOutcome.NotSent ? row.HeldBy : null;
        (row.FailureCode, row.Failure, row.DueAt) = (null, null, null);
        switch (outcome)
        {
            case SmsOutcome.Sent sent:
                row.State = SmsState.Sent;
                (row.ProviderId, row.Price, row.Currency, row.SentAt) = (sent.ProviderId, sent.Price, sent.Currency, now);
                row.DueAt = now + asked!.Provider.AskAgainAfter(0);
                row.Failures = 0;
                break;
            case SmsOutcome.Refused refused:
                row.State = SmsState.Failed;
                (row.FailureCode, row.Failure) = (refused.Code, refused.Reason);
                break;
            case SmsOutcome.Unknown unknown:
                row.State = SmsState.Unknown;
                (row.FailureCode, row.Failure) = (SmsFailure.NoAnswer, unknown.Reason);
                row.DueAt = now + FollowSms.FirstLook;
                row.Failures = 0;
                break;
            case SmsOutcome.NotSent notSent:
                TryLater(row, notSent, now);
                break;
        }

        LogOutcome(row.Id, row.State, row.Failure);
        return writes.RecordOutcomeAsync(row);
    }

    private void TryLater(SmsMessage row, SmsOutcome.NotSent notSent, DateTime now)
    {
        var left = (row.SendAt ?? row.CreatedAt) + options.Value.GiveUpAfter - now;
        if (left < TimeSpan.Zero)
        {
            row.State = SmsState.Failed;
            row.HeldBy = null;
            (row.FailureCode, row.Failure) = (SmsFailure.Expired, "No provider took it in time: " + notSent.Reason);
            return;
        }

        row.State = SmsState.Queued;
        (row.FailureCode, row.Failure) = (SmsFailure.NotSent, notSent.Reason);
        // What was asked for is the time of its turn, so it is kept to the moment; a mistaken header ends with the validity of the message.
        var wait = notSent.RetryAfter ?? Pace.After(row.Failures);
        row.DueAt = now + (wait < left ? wait : left);
        row.Failures++;
    }

    [LoggerMessage(LogLevel.Debug, "SMS {SmsId} is {State}: {Reason}")]
    private partial void LogOutcome(Guid smsId, SmsState state, string? reason);

    [LoggerMessage(LogLevel.Error, "Handing over SMS {SmsId} to {Provider} ended in an error")]
    private partial void LogBug(Guid smsId, string provider, Exception exception);
}
