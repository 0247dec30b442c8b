using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Hands mails to an SMTP server over connections that are kept and used again.</summary>
internal sealed class SmtpTransport(SmtpConnections connections) : IMailTransport
{
    public TimeSpan TimeLimit => SmtpOptions.TimeLimit;

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
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
        return fresh is null
            ? new MailOutcome.Held(error!)
            : await SendOverAsync(fresh, message, ct) switch
            {
                HungUp lost => SmtpAnswers.Unavailable(lost.Answer),
                var outcome => outcome,
            };
    }

    private async Task<MailOutcome> SendOverAsync(SmtpConnection connection, MimeMessage message, CancellationToken ct)
    {
        try
        {
            return await connection.SendAsync(message, ct);
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
internal sealed record HungUp(string Answer) : MailOutcome(Answer);
