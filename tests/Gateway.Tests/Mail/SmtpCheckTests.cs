using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail;

/// <summary><c>smtp check</c>: what is wrong with a server is told as what it is, and what works as the settings to write.</summary>
public sealed class SmtpCheckTests : IDisposable
{
    private const string Local = "127.0.0.1";
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-smtp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mail.other.test", -1, 1, true, "is for mail.other.test, not for 127.0.0.1. Set Mail__Smtp__Host")]
    [InlineData(Local, -20, -10, true, "expired on")]
    [InlineData(Local, 10, 20, true, "is not valid before")]
    [InlineData(Local, -1, 1, false, "which this machine does not trust")]
    public async Task A_certificate_that_will_not_do_is_told_with_its_remedy(string name, int from, int until, bool known, string told)
    {
        using var authority = MadeCertificate.Authority();
        using var certificate = MadeCertificate.Server(name, authority, (from, until));
        var probe = new SmtpProbe(Local) { CaFile = known ? Pem(authority) : null };
        foreach (var fromStart in new[] { true, false })
        {
            await using var server = new ScriptedSmtp
            {
                Offers = ["STARTTLS"],
                Certificate = certificate,
                TlsFromStart = fromStart,
            };

            var report = await SmtpCheck.TryAsync(probe, server.Port, fromStart, CancellationToken.None);

            Assert.True(report.Reachable);
            Assert.Contains(told, report.Error, StringComparison.Ordinal);
            Assert.Equal(report.Error, report.Certificate!.Error);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pinned_certificate_is_trusted_whatever_it_says_and_no_other_is(bool withColons)
    {
        using var certificate = MadeCertificate.Server("other.test", null, (-20, -10));
        await using var server = new ScriptedSmtp { Offers = ["STARTTLS"], Certificate = certificate };
        var digits = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var pin = withColons ? string.Join(':', digits.Chunk(2).Select(pair => new string(pair))) : digits.ToLowerInvariant();

        var right = await SmtpCheck.TryAsync(new(Local) { Fingerprint = pin }, server.Port, tls: false, CancellationToken.None);
        var wrong = await SmtpCheck.TryAsync(new(Local) { Fingerprint = new('a', 64) }, server.Port, tls: false, CancellationToken.None);

        Assert.True(right is { Error: null, IsSecure: true });
        Assert.Equal(digits.ToLowerInvariant(), right.Certificate!.Fingerprint);
        Assert.Contains("another than the one that Mail__Smtp__Fingerprint names", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true, null)]
    [InlineData("535 5.7.8 no such user", false, "refuses the user or password. It said: 535 5.7.8 no such user")]
    [InlineData(
        "550 5.7.30 Basic authentication is not supported for Client Submission.",
        false,
        "takes no passwords: sign in by OAuth (Mail__Smtp__OAuth__TokenUrl"
    )]
    [InlineData("454 4.7.0 try later", false, "refuses the user or password. It said: 454")]
    public async Task A_sign_in_is_tried(string? answer, bool signedIn, string? error)
    {
        await using var server = new ScriptedSmtp { Offers = ["AUTH PLAIN"], Script = At("AUTH", answer) };

        var report = await SmtpCheck.TryAsync(
            new(Local) { User = "ada", Secret = "secret" },
            server.Port,
            tls: false,
            CancellationToken.None
        );

        Assert.Equal(signedIn, report.SignedIn);
        Assert.Equal(error is null, report.Error is null);
        Assert.Contains(error ?? "", report.Error ?? "", StringComparison.Ordinal);
        Assert.Contains(
            server.Commands,
            command => command == "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes("\0ada\0secret"))
        );
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_goes_by_XOAUTH2_and_to_nobody_who_does_not_offer_it()
    {
        await using var takes = new ScriptedSmtp { Offers = ["AUTH PLAIN XOAUTH2"] };
        await using var takesNone = new ScriptedSmtp { Offers = ["AUTH PLAIN"] };
        var probe = new SmtpProbe(Local)
        {
            User = "ada@shop.example",
            Secret = "token",
            IsToken = true,
        };

        var signedIn = await SmtpCheck.TryAsync(probe, takes.Port, tls: false, CancellationToken.None);
        var refused = await SmtpCheck.TryAsync(probe, takesNone.Port, tls: false, CancellationToken.None);

        Assert.True(signedIn is { SignedIn: true, Error: null });
        var said = takes.Commands.Single(command => command.StartsWith("AUTH", StringComparison.Ordinal)).Split(' ');
        Assert.Equal(
            "user=ada@shop.example\u0001auth=Bearer token\u0001\u0001",
            Encoding.UTF8.GetString(Convert.FromBase64String(said[2]))
        );
        Assert.Contains("takes no tokens", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(takesNone.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sign_in_that_ends_where_encryption_begins_is_told_as_unusable()
    {
        using var certificate = MadeCertificate.Server(Local, null);
        var encrypted = false;
        await using var server = new ScriptedSmtp { Offers = ["STARTTLS", "AUTH PLAIN LOGIN"], Certificate = certificate };
        server.Script = command =>
        {
            encrypted |= command == "STARTTLS";
            return encrypted && command.StartsWith("EHLO", StringComparison.Ordinal) ? "250 test.example" : null;
        };
        var pin = certificate.GetCertHashString(HashAlgorithmName.SHA256);

        var report = await SmtpCheck.TryAsync(new(Local) { Fingerprint = pin }, server.Port, tls: false, CancellationToken.None);

        Assert.Contains("before the line is encrypted, but not afterwards", report.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCPT", "450 4.7.1 Greylisted, please try again in 300 seconds", null, "greylisting")]
    [InlineData("RCPT", "451 4.7.1 <ada@example.org>: Greylisting in action", null, "greylisting")]
    [InlineData("RCPT", "250 2.1.5 Ok", null, "would take this mail")]
    [InlineData("RCPT", "550 5.1.1 <ada@example.org>: no such user", "would not take this mail. It said: 550 5.1.1", null)]
    [InlineData("RCPT", "554 5.7.1 Relay access denied", "does not pass on mail", null)]
    [InlineData("MAIL", "553 5.1.8 sender not allowed", "does not take mail from this sender", null)]
    public async Task Whether_mail_would_be_taken_is_asked_without_sending_one(string step, string answer, string? error, string? note)
    {
        await using var server = new ScriptedSmtp { Script = At(step, answer) };

        var report = await SmtpCheck.TryAsync(
            new(Local) { From = EmailAddress.Parse("news@shop.example"), To = EmailAddress.Parse("ada@example.org") },
            server.Port,
            tls: false,
            CancellationToken.None
        );

        Assert.Contains(error ?? "", report.Error ?? "", StringComparison.Ordinal);
        Assert.Equal(error is null, report.Error is null);
        Assert.Contains(note ?? "", report.Note ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("DATA", server.Commands);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_that_puts_off_strangers_at_the_door_is_told_as_that()
    {
        await using var server = new ScriptedSmtp { Script = At("", "451 4.7.1 Greylisting in action, please come back later") };

        var report = await SmtpCheck.TryAsync(new(Local), server.Port, tls: false, CancellationToken.None);

        Assert.True(report.Reachable);
        Assert.Contains("(greylisting), which is no fault", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_ends_with_the_settings_to_write_and_reads_the_password_from_what_is_typed()
    {
        await using var server = new ScriptedSmtp { Offers = ["AUTH PLAIN"] };
        string[] arguments = ["smtp", "check", Local, "--port", $"{server.Port}", "--user", "ada"];

        var told = await RunAsync("secret\n", arguments);
        var json = await RunAsync("secret\n", [.. arguments, "--json"]);
        var untyped = await RunAsync("", arguments);

        Assert.Equal(0, told.Code);
        Assert.EndsWith(
            $"\nWrite Mail__Smtp__Host=127.0.0.1, Mail__Smtp__Port={server.Port}, Mail__Smtp__Security=none, "
                + "Mail__Smtp__User=ada, with the "
                + "password in Mail__Smtp__Password.",
            told.Output.TrimEnd(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("secret", told.Output + json.Output, StringComparison.Ordinal);
        Assert.Equal("none", json.Json.GetProperty("settings").GetProperty("Mail__Smtp__Security").GetString());
        Assert.Contains("GATEWAY_SMTP_SECRET", untyped.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port is a port number", "--port", "0")]
    [InlineData("--fingerprint is the SHA-256 fingerprint", "--fingerprint", "abc")]
    [InlineData("--from and --to", "--from", "news@shop.example")]
    [InlineData("--from and --to", "--to", "ada@example.org\r\nDATA", "--from", "news@shop.example")]
    [InlineData("--oauth needs --user", "--oauth")]
    public async Task What_makes_no_sense_is_told_in_a_sentence(string sentence, params string[] arguments)
    {
        var told = await RunAsync("", ["smtp", "check", Local, .. arguments]);

        Assert.Equal(1, told.Code);
        Assert.Contains(sentence, told.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(string input, string[] arguments) =>
        CommandResult.OfAsync(() => throw new InvalidOperationException("It needs no services."), input, arguments);

    private static Func<string, string?> At(string step, string? answer) =>
        command => command.Split(' ')[0].Equals(step, StringComparison.OrdinalIgnoreCase) ? answer : null;

    private string Pem(X509Certificate2 certificate)
    {
        var file = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
