using Gateway.Features.Mail.Smtp;
using MimeKit;

namespace Gateway.Features.Mail.AmazonSes;

/// <summary>
/// Sends by the SMTP interface of Amazon SES. SES puts a Message-ID of its own in the place of every other one, here and in its API; what
/// became of a mail is found by the tag that the relay's headers set.
/// </summary>
internal sealed class SesMail(SmtpConnections connections, string? configurationSet) : IMailTransport, IDisposable
{
    public const string Key = "ses";

    private readonly SmtpTransport _smtp = new(connections);

    public string Provider => Key;

    /// <summary>Whatever name it is reached by.</summary>
    public string? Relay => "email-smtp.amazonaws.com";

    public TimeSpan TimeLimit => _smtp.TimeLimit;

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        if (configurationSet is { Length: > 0 })
        {
            message.Headers.Replace("X-SES-CONFIGURATION-SET", configurationSet);
        }

        return await _smtp.SendAsync(message, ct) switch
        {
            MailOutcome.Held held => held with { Error = held.Error with { Reason = SmtpOptions.WithoutPrefix(held.Error.Reason) } },
            var outcome => outcome,
        };
    }

    public void Dispose() => connections.Dispose();
}
