using System.Security.Cryptography.X509Certificates;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>What the standards of mail ask of who sends it: SMTPUTF8, patience, certificates, and few connections.</summary>
public sealed class SmtpStandardsTests : IDisposable
{
    private const string Local = "127.0.0.1";

    private readonly TestClock clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-smtp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("jürgen@example.org", "ada@example.org", "news@shop.example")]
    [InlineData("ada@example.org", "jürgen@example.org", "news@shop.example")]
    [InlineData("ada@example.org", "ada@example.org", "größe@shop.example")]
    public async Task An_address_that_needs_SMTPUTF8_is_not_sent_to_a_server_without_it(string to, string replyTo, string from)
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);

        var outcome = await SendAsync(connections, to, replyTo, from);

        Assert.Contains("SMTPUTF8", Assert.IsType<MailOutcome.Refused>(outcome).Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Commands, command => command.Any(letter => letter > 127));
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_with_SMTPUTF8_gets_the_address_as_it_is_and_every_other_a_domain_in_ASCII()
    {
        await using var able = new ScriptedSmtp { Offers = ["8BITMIME", "SMTPUTF8"] };
        await using var plain = new ScriptedSmtp();
        using var toAble = ConnectionsTo(able);
        using var toPlain = ConnectionsTo(plain);

        Assert.IsType<MailOutcome.Sent>(await SendAsync(toAble, "jürgen@shop.example"));
        Assert.IsType<MailOutcome.Sent>(await SendAsync(toPlain, "ada@bücher.example"));

        Assert.Contains(
            able.Commands,
            command => command.StartsWith("MAIL", StringComparison.Ordinal) && command.EndsWith("SMTPUTF8", StringComparison.Ordinal)
        );
        Assert.Contains("RCPT TO:<jürgen@shop.example>", able.Commands);
        Assert.Contains("RCPT TO:<ada@xn--bcher-kva.example>", plain.Commands);
        Assert.DoesNotContain(Assert.Single(plain.Mails), letter => letter > 127);
    }

    [Fact]
    public async Task The_answer_to_a_mail_may_take_longer_than_every_other_answer()
    {
        await using var server = new ScriptedSmtp
        {
            Before = command => command == "." ? Task.Delay(TimeSpan.FromSeconds(2)) : Task.CompletedTask,
        };
        using var connections = ConnectionsTo(server, smtp => smtp.TimeoutSeconds = 1);

        Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData(30, 12)]
    [InlineData(120, 18)]
    public void A_batch_is_leased_for_longer_than_all_limits_together(int seconds, int minutes)
    {
        var smtp = new SmtpOptions { Host = "smtp.shop.example", TimeoutSeconds = seconds };

        Assert.Empty(smtp.Errors());
        Assert.Equal(TimeSpan.FromMinutes(minutes), smtp.TimeLimit);
    }

    [Fact]
    public async Task Mails_wait_for_the_line_in_use_where_a_server_takes_no_further_one()
    {
        await using var server = new ScriptedSmtp();
        server.Script = command => command.Length == 0 && server.Open >= 1 ? "421 4.7.0 Too many connections from you" : null;
        using var connections = ConnectionsTo(server);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(connections)));

        Assert.All(outcomes, outcome => Assert.IsType<MailOutcome.Sent>(outcome));
        Assert.Equal(8, server.Mails.Count);
    }

    [Fact]
    public async Task No_more_connections_are_opened_than_the_setting_says()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server, smtp => smtp.Connections = 1);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(connections)));

        Assert.Equal((1, 8), (server.Connections, server.Mails.Count));
    }

    [Fact]
    public async Task A_mail_that_waited_in_vain_for_a_line_was_not_tried()
    {
        await using var server = new ScriptedSmtp { Script = command => command == "." ? ScriptedSmtp.Hang : null };
        using var connections = ConnectionsTo(server, smtp => (smtp.Connections, smtp.TimeoutSeconds, smtp.AnswerSeconds) = (1, 1, 8));

        var outcomes = await Task.WhenAll(SendAsync(connections), SendAsync(connections));

        Assert.Single(outcomes.OfType<MailOutcome.NotTried>());
        Assert.Single(outcomes.OfType<MailOutcome.Unknown>());
    }

    [Fact]
    public async Task A_server_with_a_private_authority_is_trusted_by_the_file_of_that_authority()
    {
        using var authority = MadeCertificate.Authority();
        using var certificate = MadeCertificate.Server(Local, authority);
        await using var server = new ScriptedSmtp { Offers = ["STARTTLS"], Certificate = certificate };
        using var connections = ConnectionsTo(server, smtp => smtp.CaFile = FileOf(authority));
        using var without = ConnectionsTo(server);

        var refused = await SendAsync(without);

        Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
        Assert.Contains("Mail__Smtp__CaFile", refused.Answer, StringComparison.Ordinal);
        Assert.Contains("signed by CN=An authority of one's own", refused.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_in_the_file_is_trusted_whatever_its_name_and_no_other_is()
    {
        using var certificate = MadeCertificate.Server("mail.internal", authority: null);
        using var other = MadeCertificate.Server("mail.internal", authority: null);
        await using var server = new ScriptedSmtp { Offers = ["STARTTLS"], Certificate = certificate };
        using var connections = ConnectionsTo(server, smtp => smtp.CaFile = FileOf(certificate));
        using var wrong = ConnectionsTo(server, smtp => smtp.CaFile = FileOf(other));

        Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
        Assert.IsNotType<MailOutcome.Sent>(await SendAsync(wrong));
    }

    [Theory]
    [InlineData("mail.shop.example", -1, 1, "Its certificate is for mail.shop.example, not for 127.0.0.1.")]
    [InlineData(Local, -9, -2, "Its certificate expired on ")]
    [InlineData(Local, 2, 9, "is not valid before ")]
    public async Task Each_fault_of_a_certificate_has_a_sentence_of_its_own(string host, int from, int until, string sentence)
    {
        using var authority = MadeCertificate.Authority();
        using var certificate = MadeCertificate.Server(host, authority, (from, until));
        await using var server = new ScriptedSmtp { Offers = ["STARTTLS"], Certificate = certificate };
        using var connections = ConnectionsTo(server, smtp => smtp.CaFile = FileOf(authority));

        var outcome = await SendAsync(connections);

        Assert.Contains(sentence, outcome.Answer, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_port_that_speaks_TLS_from_the_start_is_recognised_by_its_silence_and_the_setting_is_named()
    {
        using var certificate = MadeCertificate.Server(Local, authority: null);
        await using var server = new ScriptedSmtp { TlsFromStart = true, Certificate = certificate };
        using var connections = ConnectionsTo(server, smtp => smtp.TimeoutSeconds = 1);

        var outcome = await SendAsync(connections);

        Assert.EndsWith("set Mail__Smtp__Security to tls.", outcome.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_begins_in_clear_is_named_to_who_insists_on_TLS()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server, smtp => smtp.Security = "tls");

        var outcome = await SendAsync(connections);

        Assert.Contains("Set Mail__Smtp__Security to starttls or auto", outcome.Answer, StringComparison.Ordinal);
    }

    private string FileOf(X509Certificate2 certificate)
    {
        var path = Path.Combine(_folder, certificate.Thumbprint + ".pem");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }

    private SmtpConnections ConnectionsTo(ScriptedSmtp server, Action<SmtpOptions>? change = null)
    {
        var options = new MailOptions { Smtp = { Host = Local, Port = server.Port } };
        change?.Invoke(options.Smtp);
        return new(
            Options.Create(options),
            Options.Create(new GatewayOptions { PublicUrl = "http://localhost" }),
            clock,
            NullLogger<SmtpConnections>.Instance
        );
    }

    private static async Task<MailOutcome> SendAsync(
        SmtpConnections connections,
        string to = "ada@example.org",
        string replyTo = "ada@example.org",
        string from = "news@shop.example"
    )
    {
        using var mail = new MimeMessage
        {
            From = { new MailboxAddress("Shop", from) },
            To = { new MailboxAddress("", to) },
            ReplyTo = { new MailboxAddress("", replyTo) },
            Subject = "Hello",
            Body = new TextPart { Text = "Hello" },
        };
        return await new SmtpTransport(connections).SendAsync(mail, CancellationToken.None);
    }
}
