using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;

namespace Gateway.Features.Mail;

/// <summary>
/// Which of its site's ways a mail takes. A mail that may have been taken by one takes that one again or none: where there are several ways
/// it is noted before mails are handed over, so that it is known also when nobody can say any more what became of them. A way stays noted
/// until it is certain that it did not take the mail.
/// </summary>
internal sealed class MailWays(MailTransports transports, Outages outages, IServiceScopeFactory scopes)
{
    private static readonly string[] WayColumn = [nameof(Message.Way)];

    /// <summary>Notes the ways that mails will take if nothing comes in between, by one statement; most have none to note.</summary>
    public async Task NoteAsync(IReadOnlyCollection<PreparedMail> batch)
    {
        foreach (var tied in batch.Select(one => one.Message).Where(message => message.Way is not null))
        {
            // Whatever it meets now, it may have been taken before.
            tied.State = MessageState.Unknown;
        }

        var noted = new List<Message>();
        foreach (var mail in batch.Select(one => one.OutgoingMail).OfType<OutgoingMail>().Where(mail => mail.Message.Way is null))
        {
            var ways = await transports.OfAsync(mail.Site.Id, CancellationToken.None);
            if (ways.Count > 1)
            {
                mail.Message.Way = await FirstFreeAsync(ways, mail);
                noted.Add(mail.Message);
            }
        }

        await StoreAsync(noted);
    }

    /// <summary>
    /// The ways that a mail may take. One that was handed over without an answer, or of which nobody could store what became of it, may
    /// have arrived, so it takes the same way again or none.
    /// </summary>
    public async Task<IReadOnlyList<IMailTransport>> OfAsync(OutgoingMail mail)
    {
        var ways = await transports.OfAsync(mail.Site.Id, CancellationToken.None);
        return mail.Message is not { State: MessageState.Unknown, Way: not null }
            ? ways
            : [.. ways.Where(one => one.ConnectionTo(mail.To) == mail.Message.Way)];
    }

    /// <summary>Asks for the first way that is free, or whose turn it is to be tried.</summary>
    public async Task<MailTurn> EnterAsync(OutgoingMail mail, IReadOnlyList<IMailTransport> ways)
    {
        List<string> first = [MailConnections.Settings(mail.Message)];
        if (mail.Message.IsBulk)
        {
            first.Insert(0, MailConnections.Bulk(mail.Site.Id));
        }

        var held = new List<Pass>();
        foreach (var transport in ways)
        {
            var connection = transport.ConnectionTo(mail.To);
            var sender = MailConnections.Sender(mail.Site.Id, connection, mail.From);
            var pass = await outages.EnterAsync(
                [.. first, connection, sender],
                transports.TimeLimit + MailBatch.Spare,
                CancellationToken.None
            );
            if (pass.HeldBy is null)
            {
                if ((ways.Count > 1 || mail.Message.Way is not null) && mail.Message.Way != connection)
                {
                    mail.Message.Way = connection;
                    await StoreAsync([mail.Message]);
                }

                return new(transport, pass, held.ConvertAll(one => one.HeldBy!));
            }

            if (first.Contains(pass.HeldBy))
            {
                return new(Transport: null, pass, []);
            }

            held.Add(pass);
        }

        return new(Transport: null, held[0], []);
    }

    private async Task<string> FirstFreeAsync(IReadOnlyList<IMailTransport> ways, OutgoingMail mail)
    {
        foreach (var way in ways.Select(one => one.ConnectionTo(mail.To)))
        {
            var sender = MailConnections.Sender(mail.Site.Id, way, mail.From);
            if (!await outages.IsHeldAsync(way, CancellationToken.None) && !await outages.IsHeldAsync(sender, CancellationToken.None))
            {
                return way;
            }
        }

        return ways[0].ConnectionTo(mail.To);
    }

    private async Task StoreAsync(IReadOnlyCollection<Message> messages)
    {
        if (messages.Count > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
            await db.WriteAsync(
                () => db.UpdateLeasedAsync(messages, WayColumn, "due_at is not null", CancellationToken.None),
                CancellationToken.None
            );
        }
    }
}

/// <summary>A mail's turn to go out.</summary>
/// <param name="Transport">Its way; null when every one is held.</param>
/// <param name="PassedOver">What held the ways before it.</param>
internal sealed record MailTurn(IMailTransport? Transport, Pass Pass, IReadOnlyList<string> PassedOver);
