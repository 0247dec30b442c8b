using System.Net;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Console.SetUp;

/// <summary>
/// Sends an email to whoever sets the gateway up, over the way that mails will take, and at once: what is wrong shows while they look. That
/// it arrived they say by its button.
/// </summary>
internal sealed class TestMail(
    IMailTransport installation,
    MailTransports transports,
    SetUpChecks checks,
    IOptions<MailOptions> mail,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock
)
{
    public const string Path = "/admin/test-mail";

    /// <summary>How long a page may wait for a mail server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="site">The site over whose way it goes; null for the installation's.</param>
    /// <param name="to">As it was typed.</param>
    /// <returns>What is wrong, as a sentence; null when it is on its way.</returns>
    public async Task<string?> ErrorAsync(Site? site, string? to, string actor, CancellationToken ct)
    {
        if (EmailAddress.Parse(to, out var unfit) is not { } recipient)
        {
            return $"This is not an address that emails can go to. {unfit}";
        }

        if (SenderOf(site) is not { } sender)
        {
            return "No sender is set: the setting Mail__From names the address that emails come from.";
        }

        if ((await checks.MakeAsync(SetUpSteps.Mail, SetUpChecks.Day, actor, ct)).IsRefused(out var why, out var value))
        {
            return why.Message;
        }

        var transport = site is null ? installation : (await transports.OfAsync(site.Id, ct))[0];
        using var message = Write(sender, recipient, $"{gateway.Value.PublicBase}{Path}/{value}");
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        MailOutcome outcome;
        try
        {
            outcome = await transport.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            outcome = new MailOutcome.Later("It did not answer within 30 seconds.");
        }

        // What may have been taken may still arrive.
        if (outcome is MailOutcome.Sent or MailOutcome.Unknown)
        {
            return null;
        }

        await checks.ForgetAsync(value, ct);
        return outcome is MailOutcome.Held held ? held.Error.Reason : $"The email was not taken. The other side says: {outcome.Answer}";
    }

    /// <returns>In Development there need not be one.</returns>
    public string? SenderOf(Site? site) =>
        MailSenders.First(site?.FromEmail, mail.Value.From)
        ?? (mail.Value.Transport == MailOptions.MailboxTransport ? "gateway@demo.example" : null);

    private MimeMessage Write(string sender, EmailAddress recipient, string link)
    {
        const string words =
            "Your gateway can send emails. Open this link and press its button, so that the gateway knows that it arrived:";
        var message = new MimeMessage
        {
            Subject = "A test email of your gateway",
            Date = clock.GetUtcNow(),
            Body = new BodyBuilder
            {
                TextBody = $"{words}\n\n{link}\n",
                HtmlBody =
                    $"<!DOCTYPE html><html lang=\"en\"><body><p>{words}</p>"
                    + $"<p><a href=\"{WebUtility.HtmlEncode(link)}\">It arrived</a></p></body></html>",
            }.ToMessageBody(),
        };
        message.From.Add(new MailboxAddress("Gateway", sender));
        message.To.Add(new MailboxAddress("", recipient.OnTheWire));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.MessageId = $"{Guid.CreateVersion7(clock.GetUtcNow()):N}@{new Uri(gateway.Value.PublicBase).Host}";
        return message;
    }
}
