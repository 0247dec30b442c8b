using System.Text;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail.Dkim;

/// <summary>A signature is over the bytes that the server gets, also where these are not those of most mails.</summary>
public sealed class SignedOverSmtpTests
{
    [Theory]
    [InlineData("ada@example.org", "Hello")]
    [InlineData("ada@example.org", "Größe – 山田")]
    [InlineData("jürgen@bücher.example", "Hello")]
    [InlineData("jürgen@bücher.example", "Größe – 山田")]
    public async Task What_the_server_gets_verifies(string to, string subject)
    {
        await using var server = new ScriptedSmtp { Offers = ["8BITMIME", "SMTPUTF8"] };
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var published = new PublishedKeys();
        published.Records["one._domainkey.shop.example"] =
            $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        var signer = MailSigner.OfRsa(new("shop.example", "one", "rsa", Convert.ToBase64String(rsa.ExportPkcs8PrivateKey())));
        using var mail = new MimeMessage
        {
            From = { new MailboxAddress("Café", "news@shop.example") },
            To = { new MailboxAddress("", to) },
            Subject = subject,
            Body = WrittenParts.Of(
                new TextPart("plain") { Text = "Grüße\n.\n \n", ContentTransferEncoding = ContentEncoding.QuotedPrintable },
                new TextPart("html") { Text = "<p>Grüße</p>", ContentTransferEncoding = ContentEncoding.QuotedPrintable }
            ),
        };
        MailSigner.Sign(mail, [signer], SmtpUtf8.FormatOf(mail));

        using var connections = new SmtpConnections(
            Options.Create(new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } }),
            Options.Create(new GatewayOptions { PublicUrl = "http://localhost" }),
            new TestClock(),
            NullLogger<SmtpConnections>.Instance
        );
        Assert.IsType<MailOutcome.Sent>(await new SmtpTransport(connections).SendAsync(mail, CancellationToken.None));

        using var arrived = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(server.Mails))));
        Assert.Equal([true], await published.VerifyAsync(arrived));
    }
}
