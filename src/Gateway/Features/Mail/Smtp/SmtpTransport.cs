using System.Diagnostics;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Hands mails to an SMTP server over connections that are kept and used again.</summary>
/// <param name="returnPath">Null where mails come back to their sender.</param>
internal sealed class SmtpTransport(SmtpConnections connections, ReturnPath? returnPath = null) : IMailTransport
{
    public string? Relay => connections.Host;

    public TimeSpan TimeLimit => connections.TimeLimit;

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var patience = connections.Patience - Stopwatch.GetElapsedTime(began);
            if (!await connections.Lines.TakeAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, ct))
            {
                return new MailOutcome.NotTried("Every connection to the mail server is in use.");
            }

            MailOutcome? outcome = null;
            try
            {
                outcome = await SendOverALineAsync(message, ct);
            }
            finally
            {
                if (outcome is TurnedAway)
                {
                    connections.Lines.Withhold();
                }
                else
                {
                    connections.Lines.GiveBack();
                }
            }

            if (outcome is not TurnedAway)
            {
                return outcome;
            }
        }
    }

    private async Task<MailOutcome> SendOverALineAsync(MimeMessage message, CancellationToken ct)
    {
        if (connections.TakeKept() is { } kept)
        {
            var outcome = await SendOverAsync(kept, message, ct);
            if (outcome is not HungUp)
            {
                return outcome;
            }

            // The server had closed the line while it was idle, which is not the mail's error: a fresh one decides.
        }

        var (fresh, error) = await connections.OpenAsync(ct);
        if (fresh is null)
        {
            return error is null ? new TurnedAway() : new MailOutcome.Held(error);
        }

        return await SendOverAsync(fresh, message, ct) switch
        {
            HungUp { IsFull: true } when connections.Lines.OthersAreInUse => new TurnedAway(),
            HungUp lost => SmtpAnswers.Unavailable(lost),
            var outcome => outcome,
        };
    }

    private async Task<MailOutcome> SendOverAsync(SmtpConnection connection, MimeMessage message, CancellationToken ct)
    {
        try
        {
            return await connection.SendAsync(message, returnPath?.Of(message), ct);
        }
        finally
        {
            connections.GiveBack(connection);
        }
    }
}

/// <summary>
/// The line was lost before the mail was handed over; only this folder knows the difference to <see cref="MailOutcome.Later"/>.
/// </summary>
/// <param name="IsFull">Whether the server said that there are too many connections.</param>
/// <param name="MayBePerson">Whether the server may have heard who the recipient is.</param>
internal sealed record HungUp(string Answer, bool IsFull = false, bool MayBePerson = false) : MailOutcome(Answer);

/// <summary>The server serves our other connections, but no further one.</summary>
internal sealed record TurnedAway() : MailOutcome("");
