using System.Threading.Channels;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail;

/// <summary>
/// The worker of messages: hands over a batch, several mails at once, and records the outcomes in groups while it goes on, so that a crash
/// repeats little. A mail that is repeated keeps its Message-ID.
/// </summary>
internal sealed partial class SendMessages(
    Leases leases,
    FreshMails fresh,
    MailSources sources,
    WriteMail writer,
    MailTransports transports,
    RecordMessageOutcomes outcomes,
    Outages outages,
    Witnesses witnesses,
    BounceWitnesses bounces,
    RecipientProviders providers,
    MailMetrics metrics,
    TimeProvider clock,
    ILogger<SendMessages> logger
) : IQueueWorker
{
    /// <summary>Two batches side by side: while one is read or recorded, the server is busy with the other.</summary>
    public const int Loops = 2;

    /// <summary>Mails on their way at the same time, each over a connection of its own.</summary>
    public const int AtOnce = 4;

    public const int Batch = 100;

    /// <summary>
    /// No mail of a batch is begun later than this, so that a slow one delays what came after it no longer; with the transport's time limit
    /// and a minute to spare it is the lease.
    /// </summary>
    private static readonly TimeSpan Shift = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Long enough for a fast server to take a whole batch, so that one statement records it; short enough to lose little in a crash.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Message>(ct);

    /// <summary>How long a batch may take at the most, so that nobody else sends what is in it.</summary>
    public static TimeSpan LeaseOf(MailTransports transports) => Shift + transports.TimeLimit + Spare;

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<Message>(Batch, LeaseOf(transports), ct, first: Message.IsConfirmation);
        if (!leases.Suspects)
        {
            var written = fresh.Take(Batch);
            leases.Join(written);
            rows.AddRange(written);
        }

        if (rows.Count == 0)
        {
            return 0;
        }

        var deadline = clock.GetUtcNow() + Shift;
        var handed = Channel.CreateUnbounded<Handed>();
        var sending = HandOverAllAsync(await sources.ReadAsync(rows, ct), handed.Writer, deadline, ct);
        try
        {
            await RecordAllAsync(handed.Reader, sending);
        }
        finally
        {
            // When an outcome cannot be stored, no mail of the batch may be on its way any more once its row is given back.
            await sending;
        }

        leases.Settled();
        return rows.Count;
    }

    private async Task RecordAllAsync(ChannelReader<Handed> handed, Task sending)
    {
        while (await handed.WaitToReadAsync(CancellationToken.None))
        {
            await Task.WhenAny(sending, Task.Delay(Gather, clock, CancellationToken.None));
            var group = new List<Message>(Batch);
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
        DateTimeOffset deadline,
        CancellationToken ct
    )
    {
        try
        {
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce / Loops },
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
    /// Hands a mail over unless the way to the server, or the sender there, is held. What holds up all is noted at once, so that the mails
    /// beside this one wait instead of being refused one by one.
    /// </summary>
    /// <returns>Null when the server did not decide about it.</returns>
    private async Task<HandedOver?> SendInTurnAsync(OutgoingMail mail)
    {
        var transport = await transports.OfAsync(mail.Site.Id, CancellationToken.None);
        var transportTo = transport.ConnectionTo(mail.To);
        var sender = MailConnections.Sender(mail.Site.Id, transportTo, mail.From);
        List<string> way = [MailConnections.Settings(mail.Message), transportTo, sender];
        if (mail.Message.IsBulk)
        {
            way.Insert(0, MailConnections.Bulk(mail.Site.Id));
        }

        var pass = await outages.EnterAsync(way, transports.TimeLimit + Spare, CancellationToken.None);
        if (pass.HeldBy is { } connection)
        {
            outcomes.Hold(mail.Message, connection, pass.Reason);
            return null;
        }

        var outcome = OfAll(await HandOverAsync(mail, transport), mail, sender);
        if (outcome is MailOutcome.Held held)
        {
            var what = MailConnections.Of(mail, transportTo, held);
            if (Concerns(mail, what, pass))
            {
                outcomes.Hold(mail.Message, held, what.Connection);
                await outages.HoldAsync(what, pass, CancellationToken.None);
            }
            else
            {
                outcomes.NoteOwn(mail.Message, held);
                await outages.ReturnAsync(pass, CancellationToken.None);
            }

            return null;
        }

        outcomes.Note(mail.Message, outcome);
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
                break;
        }

        // A server that says of everybody that nobody is there is not believed, and brakes nobody either.
        var bounce = BounceOf(outcome, mail, transport);
        var count = bounce is not null || outcome is MailOutcome.Sent ? CountOf(mail, isBounced: bounce is not null) : null;
        return new(bounce is null ? null : bounce with { Count = count }, count);
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
            if (mail.Message.State == MessageState.Unknown && await transport.FindAsync(mime, CancellationToken.None) is { } found)
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

    [LoggerMessage(LogLevel.Error, "Message {MessageId} could not be written or handed over; it will be tried again")]
    private partial void LogBug(Guid messageId, Exception exception);
}
