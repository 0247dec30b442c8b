using System.Text;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;

namespace Gateway.Features.Mail;

/// <summary>Writes a mail as it goes over the wire: headers, text and HTML.</summary>
internal sealed class WriteMail(TemplateRenderer renderer, IOptions<GatewayOptions> gateway, SigningKeys signing, TimeProvider clock)
{
    /// <param name="relay">Who gets it as it is written (<see cref="IMailTransport.Relay"/>).</param>
    /// <exception cref="RenderLimitException">With these values the template does more than it may.</exception>
    public async ValueTask<MimeMessage> WriteAsync(OutgoingMail outgoing, string? relay)
    {
        var (message, list, site) = (outgoing.Message, outgoing.List, outgoing.Site);
        var links = outgoing.Secrets.Links(gateway.Value.PublicBase);
        var (words, parts) = await (outgoing.Alike is null ? WriteAsync() : outgoing.Alike.WithAsync(outgoing.Secrets, WriteAsync));
        var from = EmailAddress.Parse(outgoing.From)!;
        var domain = from.Key.Split('@')[^1];

        var mime = new MimeMessage
        {
            MessageId = $"{message.MessageId}@{domain}",
            Date = clock.GetUtcNow(),
            Body = parts,
        };
        var subject = message.TestOf is null ? words : $"[Test] {words}";
        if (EncodedWords.Needs(subject))
        {
            mime.Headers.Replace(Verbatim("Subject", EncodedWords.Of("Subject", subject)));
        }
        else
        {
            mime.Subject = subject;
        }

        AddSender(mime, new(OneLine.Of(site.Name), from.OnTheWire));
        mime.To.Add(Mailbox(outgoing.To));
        if (message.ReplyTo is { } replyTo)
        {
            mime.ReplyTo.Add(Mailbox(replyTo));
        }

        mime.Body.Headers.Add(HeaderId.ContentLanguage, outgoing.Model.Language);

        // RFC 3834: no out-of-office answer, please.
        mime.Headers.Add(Verbatim("Auto-Submitted", "auto-generated"));

        // Lets mailbox providers count complaints by list, by site and by kind of mail.
        mime.Headers.Add(Verbatim("Feedback-ID", $"{list?.Id.ToString("N") ?? "transactional"}:{site.Id:N}:{message.Template}:gateway"));

        if (outgoing.Secrets.Confirm is not null)
        {
            // draft-levine-mailbomb-header: provoked by a web form, so that a flood of such mails can be recognised. The visitor's IP
            // address stays here.
            mime.Headers.Add(Verbatim("Form-Sub", "v=1"));
        }

        if (links.TryGetValue("unsubscribe", out var unsubscribe))
        {
            // RFC 8058: the mail program unsubscribes by one POST, without a page.
            mime.Headers.Add(Verbatim("List-Unsubscribe", $"<{unsubscribe}>"));
            mime.Headers.Add(Verbatim("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
            if (list is not null)
            {
                // RFC 2919: stays the same when the list gets another name or sender, so that rules of mail programs keep working.
                mime.Headers.Add(Verbatim("List-Id", $"<{list.Id:N}.{new Uri(gateway.Value.PublicBase).IdnHost}>"));
            }
        }

        foreach (var (name, value) in CorrelationHeaders.Of(relay, message.Id))
        {
            mime.Headers.Add(Verbatim(name, value));
        }

        if (await signing.OfAsync(domain) is { Count: > 0 } signers)
        {
            MailSigner.Sign(mime, signers, SmtpUtf8.FormatOf(mime));
        }

        return mime;

        async ValueTask<(string Subject, WrittenParts Parts)> WriteAsync()
        {
            var mail = await renderer.RenderAsync(outgoing.Template, outgoing.Model, TemplateThreads.Sending, site.Id);
            return (mail.Subject, WrittenParts.Of(Part(TextFormat.Plain, mail.Text), Part(TextFormat.Html, mail.Html)));
        }
    }

    private static void AddSender(MimeMessage mime, MailboxAddress sender)
    {
        var address = sender.GetAddress(idnEncode: true);
        if (sender.Name is { } name && EncodedWords.Needs(name) && !EncodedWords.Needs(address))
        {
            mime.Headers.Replace(Verbatim("From", EncodedWords.Mailbox("From", name, address)));
        }
        else
        {
            mime.From.Add(sender);
        }
    }

    private static MailboxAddress Mailbox(string address) => new("", EmailAddress.Parse(address)?.OnTheWire ?? address);

    /// <summary>For programs: MimeKit would encode a long value that has no space to fold at, and they would not find it.</summary>
    private static Header Verbatim(string name, string value)
    {
        var header = new Header(name, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        return header;
    }

    /// <summary>Quoted-printable passes every server, and saves MimeKit from reading the text to choose.</summary>
    private static TextPart Part(TextFormat format, string text) =>
        new(format) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };
}
