using System.Net;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail;

/// <param name="Subject">One line.</param>
/// <param name="Words">What stands before the link.</param>
/// <param name="LinkText">What the link is called where mails have looks.</param>
/// <param name="Note">What stands below it; null for nothing.</param>
internal sealed record DirectText(string Subject, string Words, string Link, string LinkText, string? Note = null);

/// <summary>
/// Mails of the gateway itself to somebody who sits in front of the screen. They are handed over at once and by the installation's own
/// transport, unless the caller names another: what is in them must not pass a server that a site chose, nor be held up by what a site set.
/// </summary>
internal sealed class DirectMail(
    IMailTransport installation,
    IOptions<MailOptions> mail,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock
)
{
    /// <summary>How long whoever waits may wait for a mail server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="own">A sender that comes before the installation's.</param>
    /// <returns>In Development there need not be one.</returns>
    public string? SenderOf(string? own = null) =>
        MailSenders.First(own, mail.Value.From) ?? (mail.Value.Transport == MailOptions.MailboxTransport ? "gateway@demo.example" : null);

    /// <returns>What is wrong, as a sentence; null when it is on its way.</returns>
    public async Task<string?> ErrorAsync(
        EmailAddress to,
        DirectText text,
        CancellationToken ct,
        IMailTransport? over = null,
        string? own = null
    )
    {
        if (SenderOf(own) is not { } sender)
        {
            return "No sender is set: the setting Mail__From names the address that emails come from.";
        }

        using var message = Write(sender, to, text);
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        MailOutcome outcome;
        try
        {
            outcome = await (over ?? installation).SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            outcome = new MailOutcome.Later("It did not answer within 30 seconds.");
        }

        // What may have been taken may still arrive.
        return outcome is MailOutcome.Sent or MailOutcome.Unknown ? null
            : outcome is MailOutcome.Held held ? held.Error.Reason
            : $"The email was not taken. The other side says: {outcome.Answer}";
    }

    private MimeMessage Write(string sender, EmailAddress recipient, DirectText text)
    {
        var below = text.Note is { } note ? $"<p>{WebUtility.HtmlEncode(note)}</p>" : "";
        var message = new MimeMessage
        {
            Subject = text.Subject,
            Date = clock.GetUtcNow(),
            Body = new BodyBuilder
            {
                TextBody = $"{text.Words}\n\n{text.Link}\n{(text.Note is null ? "" : $"\n{text.Note}\n")}",
                HtmlBody =
                    $"<!DOCTYPE html><html lang=\"en\"><body><p>{WebUtility.HtmlEncode(text.Words)}</p>"
                    + $"<p><a href=\"{WebUtility.HtmlEncode(text.Link)}\">{WebUtility.HtmlEncode(text.LinkText)}</a></p>"
                    + $"{below}</body></html>",
            }.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress("Gateway", sender));
        message.To.Add(new MailboxAddress("", recipient.OnTheWire));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.MessageId = $"{Guid.CreateVersion7(clock.GetUtcNow()):N}@{new Uri(gateway.Value.PublicBase).Host}";
        return message;
    }
}
