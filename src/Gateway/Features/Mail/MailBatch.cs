using System.Threading.Channels;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail;

/// <summary>
/// Hands over messages, several at once, and records the outcomes in groups while it goes on, so that a crash repeats little. A mail that
/// is repeated keeps its Message-ID.
/// </summary>
internal sealed partial class MailBatch(
    MailSources sources,
    WriteMail writer,
    MailTransports transports,
    MailWays ways,
    MailDetours detours,
    RecordMessageOutcomes outcomes,
    Outages outages,
    Witnesses witnesses,
    BounceWitnesses bounces,
    RecipientProviders providers,
    MailMetrics metrics,
    TimeProvider clock,
    ILogger<MailBatch> logger
)
{
    /// <summary>What a batch's lease has beside the time that its mails may take.</summary>
    public static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Long enough for a fast server to take a whole batch, so that one statement records it; short enough to lose little in a crash.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    /// <param name="rows">Leased to this process.</param>
    /// <param name="atOnce">How many of them are on their way at the same time.</param>
    /// <param name="deadline">What was not begun by then is due again.</param>
    public async Task RunAsync(List<Message> rows, int atOnce, DateTimeOffset deadline, CancellationToken ct)
    {
        var handed = Channel.CreateUnbounded<Handed>();
        var prepared = await sources.ReadAsync(rows, ct);
        await ways.NoteAsync(prepared);
        var sending = HandOverAllAsync(prepared, handed.Writer, atOnce, deadline, ct);
        try
        {
            await RecordAllAsync(handed.Reader, sending);
        }
        finally
        {
            // When an outcome cannot be stored, no mail of the batch may be on its way any more once its row is given back.
            await sending;
        }
    }

    private async Task RecordAllAsync(ChannelReader<Handed> handed, Task sending)
    {
        while (await handed.WaitToReadAsync(CancellationToken.None))
        {
            await Task.WhenAny(sending, Task.Delay(Gather, clock, CancellationToken.None));
            var group = new List<Message>(SendMessages.Batch);
            var bounced = new List<Bounce>();
            var counts = new Dictionary<Guid, MailRate>();
            while (handed.TryRead(out var one))
            {
                if (one.Count is { } count)
                {
                    counts[one.Message.Id] = count;
                }

                if (one.Bounce is { } bounce)
                {
                    bounced.Add(bounce);
                }
                else
                {
                    group.Add(one.Message);
                }
            }

            await outcomes.StoreAsync(group, counts);
            foreach (var bounce in bounced)
            {
                await outcomes.StoreAsync(bounce);
            }
        }
    }

    private async Task HandOverAllAsync(
        List<PreparedMail> batch,
        ChannelWriter<Handed> handed,
        int atOnce,
        DateTimeOffset deadline,
        CancellationToken ct
    )
    {
        try
        {
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                async (one, _) =>
                {
                    HandedOver? what = null;
                    if (one.SkipReason is { Error: { } error })
                    {
                        await HoldUntilSetAsync(one.Message, error);
                    }
                    else if (one.OutgoingMail is null)
                    {
                        outcomes.Note(one.Message, one.SkipReason!);
                    }
                    else if (ct.IsCancellationRequested || clock.GetUtcNow() > deadline)
                    {
                        outcomes.Release(one.Message);
                    }
                    else
                    {
                        what = await SendInTurnAsync(one.OutgoingMail);
                    }

                    handed.TryWrite(new(one.Message, what?.Bounce, what?.Count));
                }
            );
        }
        finally
        {
            // Whoever records waits for it, also when something went wrong.
            handed.Complete();
        }
    }

    private async Task HoldUntilSetAsync(Message message, ConnectionError error)
    {
        var settings = MailConnections.Settings(message);
        var pass = await outages.EnterAsync([settings], transports.TimeLimit, CancellationToken.None);
        if (pass.HeldBy is null)
        {
            await outages.HoldAsync(new(MailConnections.Queue, settings, message.SiteId, error), pass, CancellationToken.None);
        }

        outcomes.Hold(message, settings, error.Reason);
    }

    /// <summary>
    /// Hands a mail over by the first of its site's ways that is not held. What holds up all is noted at once, so that the mails beside
    /// this one wait, or take another way, instead of being refused one by one.
    /// </summary>
    /// <returns>Null when no server decided about it.</returns>
    private async Task<HandedOver?> SendInTurnAsync(OutgoingMail mail)
    {
        var its = await ways.OfAsync(mail);
        if (its.Count == 0)
        {
            outcomes.LeaveUnknown(mail.Message);
            return null;
        }

        var (transport, pass, passedOver) = await ways.EnterAsync(mail, its);
        if (transport is null)
        {
            outcomes.Hold(mail.Message, pass.HeldBy!, pass.Reason);
            return null;
        }

        var transportTo = transport.ConnectionTo(mail.To);
        var sender = MailConnections.Sender(mail.Site.Id, transportTo, mail.From);
        var outcome = OfAll(await HandOverAsync(mail, transport), mail, sender);
        if (outcome is MailOutcome.Held held)
        {
            var what = MailConnections.Of(mail, transportTo, held) with { IsBypassed = its.Count > 1 };
            if (Concerns(mail, what, pass))
            {
                outcomes.Hold(mail.Message, held, what.Connection, isLast: !what.IsBypassed);
                await outages.HoldAsync(what, pass, CancellationToken.None);
            }
            else
            {
                outcomes.NoteOwn(mail.Message, held);
                await outages.ReturnAsync(pass, CancellationToken.None);
            }

            return null;
        }

        mail.Message.Way = outcome is MailOutcome.Unknown || mail.Message.State == MessageState.Unknown ? transportTo : null;
        outcomes.Note(mail.Message, outcome);
        try
        {
            await TellConnectionsAsync(mail, outcome, transport, pass, passedOver, sender);
        }
        catch (Exception failed)
        {
            // Most likely the database was away for a moment. What became of the mail must be stored all the same, or it is sent again.
            LogNotTold(mail.Message.Id, failed);
        }

        // A server that says of everybody that nobody is there is not believed, and brakes nobody either.
        var bounce = BounceOf(outcome, mail, transport);
        var count = bounce is not null || outcome is MailOutcome.Sent ? CountOf(mail, isBounced: bounce is not null) : null;
        return new(bounce is null ? null : bounce with { Count = count }, count);
    }

    /// <summary>Says to those who hold connections what one mail showed of them.</summary>
    private async Task TellConnectionsAsync(
        OutgoingMail mail,
        MailOutcome outcome,
        IMailTransport transport,
        Pass pass,
        IReadOnlyList<string> passedOver,
        string sender
    )
    {
        var transportTo = transport.ConnectionTo(mail.To);
        switch (outcome)
        {
            case MailOutcome.NotTried:
                await outages.ReturnAsync(pass, CancellationToken.None);
                break;
            case MailOutcome.Unknown:
                // Nothing is lost by asking with one mail at a time whether the server still answers.
                var error = new ConnectionError(Concern.Server, "answer_lost", outcome.Answer, MayBePerson: true);
                HeldConnection lost = new(MailConnections.Queue, transportTo, MailConnections.SiteOf(mail, transportTo), error);
                await (
                    Concerns(mail, lost, pass)
                        ? outages.HoldAsync(lost, pass, CancellationToken.None)
                        : outages.ReturnAsync(pass, CancellationToken.None)
                );
                break;
            case MailOutcome.Refused { Kind: not null }:
                // The server works, and takes none of this sender's mails so far: that is no sign that it would.
                witnesses.Passed(transportTo);
                await outages.PassedAsync(pass, CancellationToken.None);
                break;
            default:
                witnesses.Passed(transportTo, sender);
                await outages.PassedAsync(pass, CancellationToken.None);
                await detours.FoundAsync(mail.Site.Id, passedOver);
                break;
        }
    }

    /// <summary>Counts a mail that the server took, or that came back at once.</summary>
    private MailRate? CountOf(OutgoingMail mail, bool isBounced)
    {
        if (!mail.Message.IsInEarnest || EmailAddress.Parse(mail.To) is not { } to || EmailAddress.Parse(mail.From) is not { } from)
        {
            return null;
        }

        var count = MailRateStore.CountOf(mail.Message.SiteId, clock.GetUtcNow(), from, providers.Of(to));
        (count.Sent, count.Bounced) = (1, isBounced ? 1 : 0);
        mail.Message.CountedAs = MailRateStore.NameOf(count);
        return count;
    }

    private Bounce? BounceOf(MailOutcome outcome, OutgoingMail mail, IMailTransport transport)
    {
        var server = transport.ConnectionTo(mail.To);
        var isHard = outcome is MailOutcome.Refused { IsHardBounce: true };
        if (!isHard && (outcome is not MailOutcome.Sent || bounces.HaveNothing))
        {
            return null;
        }

        if (EmailAddress.Parse(mail.To) is not { } to)
        {
            return null;
        }

        if (!isHard)
        {
            bounces.Took(server, to.Key);
            return null;
        }

        if (!bounces.Believe(server, to.Key))
        {
            LogDoubted(mail.Message.Id);
            return null;
        }

        return mail.Message.IsInEarnest ? new(mail.Message, to, transport.Provider, Count: null) : null;
    }

    /// <summary>
    /// A server that refuses one recipient after another in the same way refuses this sender, or what it writes. What comes next waits,
    /// until one passes, instead of being refused one by one. Where it had not read the mail, the recipients have to be of different
    /// domains: it may not take mail for one of them.
    /// </summary>
    private MailOutcome OfAll(MailOutcome outcome, OutgoingMail mail, string sender) =>
        outcome is MailOutcome.Refused { Kind: { } kind } refused
        && witnesses.ConvictAlike(sender, kind, refused.Read ? mail.To : mail.To[(mail.To.LastIndexOf('@') + 1)..])
            ? new MailOutcome.Held(refused.Read ? ContentRefused(outcome.Answer) : RecipientsRefused(outcome.Answer), IsSender: true)
            : outcome;

    private static ConnectionError ContentRefused(string answer) =>
        new(
            Concern.Account,
            "content_refused",
            "The mail server refuses what this sender writes, whomever it is for: look at the mail's content and links, at whether the "
                + $"domain is set up there (SPF, DKIM), and ask whoever runs the server. It said: {answer}"
        );

    private static ConnectionError RecipientsRefused(string answer) =>
        new(
            Concern.Account,
            "recipients_refused",
            "The mail server takes no mail of this sender, whomever it is for: check whether it wants a sign-in (Mail__Smtp__User), and "
                + $"ask whoever runs it what it allows. It said: {answer}"
        );

    /// <summary>Whether an answer holds up others as well, or stands for this mail alone.</summary>
    private bool Concerns(OutgoingMail mail, HeldConnection what, Pass pass) =>
        !what.Error.MayBePerson
        || pass.Probing.Contains(what.Connection)
        || (mail.Message.Failures < Witnesses.OwnTimes && witnesses.Convict(what.Connection, mail.To));

    /// <summary>
    /// Once the server is asked, its answer is waited for even while the program shuts down: the transport has its own limit.
    /// </summary>
    private async Task<MailOutcome> HandOverAsync(OutgoingMail mail, IMailTransport transport)
    {
        try
        {
            using var mime = await writer.WriteAsync(mail, transport.Relay);
            // Also where the process that had it ended before it could say what became of it.
            var mayHaveIt = mail.Message is { State: MessageState.Unknown } or { Losses: > 0 };
            if (mayHaveIt && await transport.FindAsync(mime, CancellationToken.None) is { } found)
            {
                return found;
            }

            var began = clock.GetTimestamp();
            var outcome = await transport.SendAsync(mime, CancellationToken.None);
            metrics.HandedOver(transport.Provider, outcome, clock.GetElapsedTime(began));
            return outcome;
        }
        catch (RenderLimitException limit)
        {
            return new MailOutcome.Refused($"The template \"{mail.Message.Template}\" cannot be sent with these values: {limit.Message}");
        }
        catch (Exception bug)
        {
            // One message must not hold up its neighbours.
            LogBug(mail.Message.Id, bug);
            return new MailOutcome.Later("It could not be written or handed over. The log says why.");
        }
    }

    /// <summary>What the server decided about a mail.</summary>
    private sealed record HandedOver(Bounce? Bounce, MailRate? Count);

    private sealed record Handed(Message Message, Bounce? Bounce, MailRate? Count);

    [LoggerMessage(
        LogLevel.Information,
        "Message {MessageId}: the server says that its recipient does not exist. It may say so of everybody, so nobody is suppressed"
    )]
    private partial void LogDoubted(Guid messageId);

    [LoggerMessage(LogLevel.Error, "Message {MessageId}: what its way showed could not be noted; its outcome is stored")]
    private partial void LogNotTold(Guid messageId, Exception exception);

    [LoggerMessage(LogLevel.Error, "Message {MessageId} could not be written or handed over; it will be tried again")]
    private partial void LogBug(Guid messageId, Exception exception);
}
