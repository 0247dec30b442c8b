using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail;

public sealed class SmtpTransportTests
{
    private readonly TestClock clock = new();

    [Fact]
    public async Task An_accepted_mail_is_sent_with_the_servers_words()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);

        var outcome = await SendAsync(connections);

        Assert.Equal(new MailOutcome.Sent("250 2.0.0 Ok: queued as 1"), outcome);
        Assert.Contains("Subject: Hello", Assert.Single(server.Mails), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_4xx_answer_is_tried_later_and_a_5xx_answer_is_final(string step)
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);

        server.Script = At(step, "450 4.2.0 Greylisted");
        var later = await SendAsync(connections);
        server.Script = At(step, "550 5.1.1 <ada@example.org>: no such user");
        var refused = await SendAsync(connections);
        server.Script = _ => null;
        var sent = await SendAsync(connections);

        Assert.Equal(new MailOutcome.Later("450 4.2.0 Greylisted"), later);
        Assert.Equal(new MailOutcome.Refused("550 5.1.1 <…>: no such user", IsHardBounce: step == "RCPT"), refused);
        Assert.IsType<MailOutcome.Sent>(sent);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    public async Task A_line_lost_before_the_mail_was_handed_over_means_later(string step)
    {
        await using var server = new ScriptedSmtp { Script = At(step, ScriptedSmtp.Drop) };
        using var connections = ConnectionsTo(server);

        var outcome = await SendAsync(connections);

        Assert.Equal(
            $"The server at 127.0.0.1:{server.Port} hung up before the mail was handed over.",
            Assert.IsType<MailOutcome.Held>(outcome).Answer
        );
    }

    [Theory]
    [InlineData("MAIL", "550 5.4.5 daily limit exceeded", "sending_limit", false)]
    [InlineData("MAIL", "550 5.1.1 unknown", "sender_refused", true)]
    [InlineData("MAIL", "452 4.3.1 Insufficient system storage", "server_busy", false)]
    [InlineData("RCPT", "554 5.7.1 Relay access denied", "relay_refused", false)]
    [InlineData(".", "550 5.7.26 unauthenticated", "sender_refused", true)]
    public async Task What_concerns_more_than_this_mail_holds_up_the_others(string step, string answer, string code, bool isSender)
    {
        await using var server = new ScriptedSmtp { Script = At(step, answer) };
        using var connections = ConnectionsTo(server);

        var held = Assert.IsType<MailOutcome.Held>(await SendAsync(connections));

        Assert.Equal((code, isSender, step != "MAIL"), (held.Error.Code, held.IsSender, held.Error.MayBePerson || step == "."));
    }

    [Fact]
    public async Task A_line_lost_after_the_mail_was_handed_over_means_unknown()
    {
        await using var server = new ScriptedSmtp { Script = At(".", ScriptedSmtp.Drop) };
        using var connections = ConnectionsTo(server);

        Assert.IsType<MailOutcome.Unknown>(await SendAsync(connections));
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData("", typeof(MailOutcome.Held))]
    [InlineData("MAIL", typeof(MailOutcome.Held))]
    [InlineData(".", typeof(MailOutcome.Unknown))]
    public async Task A_server_that_falls_silent_is_not_waited_for_long(string step, Type expected)
    {
        await using var server = new ScriptedSmtp { Script = At(step, ScriptedSmtp.Hang) };
        using var connections = ConnectionsTo(server, smtp => (smtp.TimeoutSeconds, smtp.AnswerSeconds) = (4, 4));

        var outcome = await SendAsync(connections);

        Assert.IsType(expected, outcome);
        Assert.Contains("did not answer in time", outcome.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_one_after_the_other_share_a_connection()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);

        for (var mail = 0; mail < 10; mail++)
        {
            Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
        }

        Assert.Equal(1, server.Connections);
        Assert.Equal(10, server.Mails.Count);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_politely()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);
        await SendAsync(connections);

        clock.Advance(TimeSpan.FromSeconds(31));
        connections.CloseIdle();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(server.Open == 0));
        Assert.Contains("QUIT", server.Commands);
        Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(ScriptedSmtp.Drop)]
    [InlineData("421 4.4.2 idle for too long")]
    public async Task A_kept_connection_that_the_server_gave_up_costs_the_mail_nothing(string end)
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);
        await SendAsync(connections);

        server.Script = command => command.StartsWith("MAIL", StringComparison.Ordinal) && server.Connections == 1 ? end : null;
        var outcome = await SendAsync(connections);

        Assert.IsType<MailOutcome.Sent>(outcome);
        Assert.Equal(2, server.Connections);
        Assert.Equal(2, server.Mails.Count);
    }

    [Fact]
    public async Task A_refused_password_waits_for_the_operator_and_is_not_tried_again_at_once()
    {
        await using var server = new ScriptedSmtp
        {
            Offers = ["AUTH PLAIN LOGIN"],
            Script = At("AUTH", "535 5.7.8 ada@example.org unknown"),
        };
        using var connections = ConnectionsTo(
            server,
            smtp => (smtp.Security, smtp.User, smtp.Password) = ("none", "ada@example.org", "secret")
        );

        var first = await SendAsync(connections);
        var tries = Tries(server);
        var second = await SendAsync(connections);
        clock.Advance(TimeSpan.FromSeconds(16));
        server.Script = _ => null;
        var third = await SendAsync(connections);

        var sentence =
            $"The server at 127.0.0.1:{server.Port} refuses the user or password: check Mail__Smtp__User and Mail__Smtp__Password.";
        Assert.Equal(new MailOutcome.Held(new(Concern.Account, "sign_in_refused", sentence)), first);
        Assert.Equal(first, second);
        Assert.Equal(tries + 1, Tries(server));
        Assert.IsType<MailOutcome.Sent>(third);

        static int Tries(ScriptedSmtp server) => server.Commands.Count(command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_never_goes_over_a_line_in_clear_unless_told_so()
    {
        await using var server = new ScriptedSmtp { Offers = ["AUTH PLAIN LOGIN"] };
        using var connections = ConnectionsTo(server, smtp => (smtp.User, smtp.Password) = ("ada", "secret"));

        var outcome = await SendAsync(connections);

        Assert.Contains("offers no encryption", Assert.IsType<MailOutcome.Held>(outcome).Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_password_a_relay_without_encryption_will_do()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server);

        Assert.IsType<MailOutcome.Sent>(await SendAsync(connections));
    }

    [Fact]
    public async Task Who_insists_on_STARTTLS_sends_nothing_without_it()
    {
        await using var server = new ScriptedSmtp();
        using var connections = ConnectionsTo(server, smtp => smtp.Security = "starttls");

        var outcome = await SendAsync(connections);

        Assert.Contains("offers no STARTTLS", Assert.IsType<MailOutcome.Held>(outcome).Answer, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("auto", false)]
    [InlineData("starttls", false)]
    [InlineData("tls", true)]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted(string security, bool fromStart)
    {
        using var certificate = SelfSigned();
        await using var server = new ScriptedSmtp
        {
            Offers = ["STARTTLS"],
            Certificate = certificate,
            TlsFromStart = fromStart,
        };
        using var connections = ConnectionsTo(server, smtp => smtp.Security = security);

        var outcome = await SendAsync(connections);

        Assert.Contains("certificate", Assert.IsType<MailOutcome.Held>(outcome).Answer, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_or_turns_us_away_means_later()
    {
        await using var server = new ScriptedSmtp { Script = At("", "554 5.7.1 we know your kind") };
        using var turnedAway = ConnectionsTo(server);
        var outcome = await SendAsync(turnedAway);

        await server.DisposeAsync();
        using var closed = ConnectionsTo(server);
        var unreached = await SendAsync(closed);

        Assert.Contains("554 5.7.1 we know your kind", Assert.IsType<MailOutcome.Held>(outcome).Answer, StringComparison.Ordinal);
        Assert.Equal(
            $"The server at 127.0.0.1:{server.Port} cannot be reached: ConnectionRefused.",
            Assert.IsType<MailOutcome.Held>(unreached).Answer
        );
    }

    [Fact]
    public async Task A_check_reports_what_each_port_offers()
    {
        using var certificate = SelfSigned();
        await using var plain = new ScriptedSmtp { Offers = ["AUTH PLAIN LOGIN"] };
        await using var secure = new ScriptedSmtp { Offers = ["STARTTLS"], Certificate = certificate };

        var open = await SmtpCheck.TryAsync(new("127.0.0.1"), plain.Port, tls: false, CancellationToken.None);
        var untrusted = await SmtpCheck.TryAsync(new("127.0.0.1"), secure.Port, tls: false, CancellationToken.None);

        // Taken, so that no other test gets the port, but nobody listens.
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var closed = await SmtpCheck.TryAsync(
            new("127.0.0.1"),
            ((IPEndPoint)taken.LocalEndPoint!).Port,
            tls: false,
            CancellationToken.None
        );

        Assert.True(
            open
                is
            {
                Reachable: true,
                Error: null,
                Greeting: "220 test.example ESMTP",
                OffersStartTls: false,
                IsSecure: false,
                Certificate: null
            }
        );
        Assert.Equal(["LOGIN", "PLAIN"], open.SignIn);
        Assert.True(untrusted is { Reachable: true, OffersStartTls: true, IsSecure: false, Certificate.Subject: "CN=mail.example" });
        Assert.Equal(untrusted.Certificate!.Error, untrusted.Error);
        Assert.True(closed is { Reachable: false, Greeting: null });
        Assert.Contains("ConnectionRefused", closed.Error, StringComparison.Ordinal);
    }

    private static Func<string, string?> At(string step, string answer) =>
        command => command.Split(' ')[0].Equals(step, StringComparison.OrdinalIgnoreCase) ? answer : null;

    private SmtpConnections ConnectionsTo(ScriptedSmtp server, Action<SmtpOptions>? change = null)
    {
        var options = new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } };
        change?.Invoke(options.Smtp);
        return new(
            Options.Create(options),
            Options.Create(new GatewayOptions { PublicUrl = "http://localhost" }),
            clock,
            NullLogger<SmtpConnections>.Instance
        );
    }

    private static async Task<MailOutcome> SendAsync(SmtpConnections connections)
    {
        using var mail = new MimeMessage
        {
            From = { new MailboxAddress("Shop", "news@shop.example") },
            To = { new MailboxAddress("", "ada@example.org") },
            Subject = "Hello",
            Body = new TextPart { Text = "Hello" },
        };
        return await new SmtpTransport(connections).SendAsync(mail, CancellationToken.None);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
