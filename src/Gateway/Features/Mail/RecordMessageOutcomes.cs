using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>Says what an outcome means for a message, and stores many of them together.</summary>
internal sealed partial class RecordMessageOutcomes(
    GatewayDb db,
    Outages outages,
    RecordSuppression suppress,
    MailRateStore rates,
    RepermissionStore asked,
    TimeProvider clock,
    ILogger<RecordMessageOutcomes> logger
)
{
    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(30), Max: TimeSpan.FromHours(1));

    /// <summary>With these pauses about three days.</summary>
    private const int MaxFailures = 78;

    /// <summary>What an outcome changes.</summary>
    private static readonly string[] OutcomeColumns =
    [
        nameof(Message.State),
        nameof(Message.Answer),
        nameof(Message.SentAt),
        nameof(Message.DueAt),
        nameof(Message.Failures),
        nameof(Message.Secrets),
        nameof(Message.Variables),
        nameof(Message.SendAt),
        nameof(Message.HeldBy),
        nameof(Message.Way),
        nameof(Message.CountedAs),
    ];

    public void Note(Message message, MailOutcome outcome)
    {
        if (outcome is MailOutcome.NotTried)
        {
            Release(message);
            return;
        }

        message.Answer = outcome.Answer;
        switch (outcome)
        {
            case MailOutcome.Sent:
                message.State = MessageState.Sent;
                message.SentAt = clock.GetUtcNow().UtcDateTime;
                message.Secrets = null;
                message.Variables = null;
                message.DueAt = null;
                break;
            case MailOutcome.Refused:
                Fail(message, outcome.Answer);
                break;
            case MailOutcome.Unknown when message.State == MessageState.Unknown:
                LeaveUnknown(message, "It was handed over twice without an answer, so it may have arrived: " + outcome.Answer);
                break;
            case MailOutcome.Unknown:
                message.State = MessageState.Unknown;
                TryAgain(message);
                break;
            case MailOutcome.Later:
                TryAgain(message);
                break;
        }
    }

    /// <summary>It waits for a connection that is held, and spends nothing of its own patience.</summary>
    public void Hold(Message message, string connection, string reason)
    {
        NotTaken(message);
        message.Answer = message.State == MessageState.Unknown ? message.Answer : reason;
        (message.HeldBy, message.DueAt) = (connection, clock.GetUtcNow().UtcDateTime + Outages.Fallback);
    }

    /// <summary>
    /// The mail itself met what holds up all. It may be about the recipient after all, so it counts: of those that wait another one tries
    /// the connection next.
    /// </summary>
    /// <param name="isLast">Whether it has no other way; else it looks for one at once.</param>
    public void Hold(Message message, MailOutcome.Held held, string connection, bool isLast)
    {
        message.Failures += held.Error.MayBePerson ? 1 : 0;
        if (isLast)
        {
            Hold(message, connection, held.Answer);
        }
        else
        {
            message.Answer = held.Answer;
            Release(message);
        }

        LogHeld(message.Id, connection, held.Answer);
    }

    /// <summary>What may concern all concerns this mail alone: a refusal after a few tries, or a later try.</summary>
    public void NoteOwn(Message message, MailOutcome.Held held)
    {
        NotTaken(message);
        message.Answer = held.Answer;
        if (held.IsFinal && message.Failures >= Witnesses.OwnTimes)
        {
            Fail(message, held.Answer);
            return;
        }

        TryAgain(message);
    }

    public void Note(Message message, SkipReason skip)
    {
        if (skip.Until is { } until)
        {
            (message.DueAt, message.SendAt) = (until, until);
            return;
        }

        if (skip.IsMoot)
        {
            // Nobody misses it, so it is no failure, and nobody has to decide about it.
            (message.State, message.Answer, message.DueAt) = (MessageState.Cancelled, skip.Reason, null);
            (message.Secrets, message.Variables) = (null, null);
            LogMoot(message.Id, skip.Reason);
            return;
        }

        Fail(message, skip.Reason);
    }

    /// <summary>It was handed over without an answer, and the way that it took is none of its site's any more.</summary>
    public void LeaveUnknown(Message message) =>
        LeaveUnknown(
            message,
            "It was handed over without an answer, so it may have arrived, over a connection that the site does not use any more."
        );

    /// <summary>Gives the row back untried.</summary>
    public void Release(Message message)
    {
        NotTaken(message);
        message.DueAt = clock.GetUtcNow().UtcDateTime;
    }

    /// <summary>Nobody took it this time, so that it may take any way, unless it may have been taken before.</summary>
    private static void NotTaken(Message message) => message.Way = message.State == MessageState.Unknown ? message.Way : null;

    /// <summary>All of them together. A row that another worker has taken since is left to it.</summary>
    /// <param name="counts">What the sums are to know of them, by message.</param>
    public Task StoreAsync(List<Message> messages, IReadOnlyDictionary<Guid, MailRate> counts) =>
        db.WriteAsync(
            async () =>
            {
                await outages.MarkAsync(db, messages, CancellationToken.None);
                var stored = await StoreLeasedAsync(messages);
                await asked.LeftAsync(
                    messages.Where(one => stored.Contains(one.Id)).Select(Asking).OfType<AskingMail>(),
                    CancellationToken.None
                );

                // At the end: all who send to one provider count in the same row.
                await rates.AddAsync(counts.Where(one => stored.Contains(one.Key)).Select(one => one.Value), CancellationToken.None);
            },
            CancellationToken.None
        );

    /// <summary>The outcome and all that follows from it, apart from other messages: these need not wait for its rows.</summary>
    public Task StoreAsync(Bounce bounce) =>
        db.WriteAsync(
            async () =>
            {
                if ((await StoreLeasedAsync([bounce.Message])).Count > 0)
                {
                    await suppress.RecordAsync(bounce.ToCause(), CancellationToken.None);
                    await rates.AddAsync(bounce.Count is null ? [] : [bounce.Count], CancellationToken.None);
                }
            },
            CancellationToken.None
        );

    /// <returns>Null unless the mail asks whether somebody stays, and has left.</returns>
    private static AskingMail? Asking(Message message) =>
        message is { State: MessageState.Sent, Template: BuiltInMails.Repermission, ContactId: { } contact }
            ? new(contact, DateOnly.FromDateTime(message.CreatedAt))
            : null;

    private Task<HashSet<Guid>> StoreLeasedAsync(List<Message> messages) =>
        db.UpdateLeasedAsync(messages, OutcomeColumns, "due_at is not null", CancellationToken.None);

    private void TryAgain(Message message)
    {
        message.Failures++;
        if (message.Failures >= MaxFailures)
        {
            Fail(message, "Given up after three days: " + message.Answer);
            return;
        }

        message.DueAt = (clock.GetUtcNow() + Pace.After(message.Failures - 1)).UtcDateTime;
        LogLater(message.Id, message.Failures, message.Answer);
    }

    /// <summary>The links and the variables stay, encrypted, so that an operator can replay it.</summary>
    private void Fail(Message message, string reason)
    {
        message.State = MessageState.Failed;
        message.Answer = reason;
        message.DueAt = null;
        LogFailed(message.Id, reason);
    }

    /// <summary>
    /// Handed over, and no answer: it may well have arrived, so it is no failure, and it is not sent a third time by itself. Where
    /// the server cannot be asked, a person decides.
    /// </summary>
    private void LeaveUnknown(Message message, string reason)
    {
        message.Answer = reason;
        message.DueAt = null;
        LogUnknown(message.Id, reason);
    }

    [LoggerMessage(LogLevel.Warning, "Nobody knows whether message {MessageId} left: {Reason}")]
    private partial void LogUnknown(Guid messageId, string reason);

    [LoggerMessage(LogLevel.Information, "Message {MessageId} is not sent: {Reason}")]
    private partial void LogMoot(Guid messageId, string reason);

    [LoggerMessage(LogLevel.Information, "Message {MessageId} waits for the connection {Connection}: {Reason}")]
    private partial void LogHeld(Guid messageId, string connection, string reason);

    [LoggerMessage(LogLevel.Information, "Message {MessageId} will be tried again, failure {Failures}: {Answer}")]
    private partial void LogLater(Guid messageId, int failures, string? answer);

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} failed: {Reason}")]
    private partial void LogFailed(Guid messageId, string reason);
}
