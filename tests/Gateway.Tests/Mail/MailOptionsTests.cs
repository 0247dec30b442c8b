using Gateway.Features.Mail;
using Gateway.Features.Mail.Mailbox;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Mail;

public sealed class MailOptionsTests
{
    private static readonly (string, string)[] Complete = [("Mail:From", "news@shop.example"), ("Mail:Smtp:Host", "smtp.shop.example")];

    [Fact]
    public void Development_needs_no_setting_and_uses_the_mailbox()
    {
        using var services = Build("Development");

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType<MailboxTransport>(services.GetRequiredService<IMailTransport>());
    }

    [Fact]
    public void Production_needs_a_server_and_a_sender_and_then_uses_SMTP()
    {
        using var services = Build("Production", [.. Complete, ("Gateway:PublicUrl", "https://gateway.example")]);

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.IsType<SmtpTransport>(services.GetRequiredService<IMailTransport>());
        Assert.Equal(["Mail__From must be the address", "Mail__Smtp__Host must be the name"], Errors("Production").Select(Start));
    }

    [Theory]
    [InlineData(
        "Mail:Transport",
        "mailbox",
        "Mail__Transport is mailbox, which sends nothing and exists only in Development. Set it to smtp."
    )]
    [InlineData(
        "Mail:Transport",
        "pigeon",
        "Mail__Transport must be one of smtp, mailjet, brevo, postmark, resend, ses, or mailbox in Development; it is \"pigeon\"."
    )]
    [InlineData(
        "Mail:Transport",
        "postmark",
        "Mail__Postmark__ServerToken is needed: the token on the page \"API Tokens\" of a server at Postmark, not that of the account."
    )]
    [InlineData(
        "Mail:Postmark:BaseUrl",
        "/email",
        "Mail__Postmark__BaseUrl must be an absolute address such as https://api.example.org."
    )]
    [InlineData("Mail:Resend:TimeLimit", "00:05:00", "Mail__Resend__TimeLimit must be between 00:00:01 and 00:01:00.")]
    [InlineData("Mail:Ses:Security", "loud", "Mail__Ses__Security must be auto, none, starttls or tls.")]
    [InlineData(
        "Mail:From",
        "Shop <news@shop.example>",
        "Mail__From must be one address without a name, such as news@example.org; the name beside it is the site's."
    )]
    [InlineData(
        "Mail:Smtp:Host",
        "not a host",
        "Mail__Smtp__Host must be the name of the server that takes your mails, such as smtp.example.org."
    )]
    [InlineData(
        "Mail:ReturnPath",
        "bounces",
        "Mail__ReturnPath must be one address with a short part before the @, such as bounces@example.org: mails that come back go to "
            + "bounces+…@example.org."
    )]
    [InlineData(
        "Mail:BounceMailbox:Host",
        "imap.example.org",
        "Mail__BounceMailbox__User and Mail__BounceMailbox__Password must be set: nobody reads a mailbox without."
    )]
    [InlineData(
        "Mail:BounceListener:Port",
        "2525",
        "Mail__ReturnPath must be set with Mail__BounceListener__Port: only mails to that address are taken."
    )]
    [InlineData("Mail:Smtp:Port", "70000", "Mail__Smtp__Port must be a port number; 587 is the usual choice.")]
    [InlineData("Mail:Smtp:Security", "ssl", "Mail__Smtp__Security must be auto, none, starttls or tls.")]
    [InlineData("Mail:Smtp:TimeoutSeconds", "301", "Mail__Smtp__TimeoutSeconds must be from 1 to 300.")]
    [InlineData("Mail:Smtp:AnswerSeconds", "0", "Mail__Smtp__AnswerSeconds must be from 1 to 1800; 600 is what servers may count on.")]
    [InlineData("Mail:Smtp:Connections", "9", "Mail__Smtp__Connections must be from 1 to 4.")]
    [InlineData(
        "Mail:Smtp:CaFile",
        "/nowhere/ca.pem",
        "Mail__Smtp__CaFile names /nowhere/ca.pem, which cannot be read as certificates in PEM form."
    )]
    [InlineData("Mail:Smtp:User", "ada", "Mail__Smtp__User and Mail__Smtp__Password belong together: set both, or neither.")]
    [InlineData(
        "Mail:Smtp:Fingerprint",
        "abc",
        "Mail__Smtp__Fingerprint must be the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without colons."
    )]
    [InlineData(
        "Mail:Smtp:OAuth:ClientId",
        "client",
        "Mail__Smtp__OAuth__TokenUrl is missing: it is the address that gives out tokens, such as https://oauth2.googleapis.com/token."
    )]
    public void Each_fault_is_one_sentence(string setting, string value, string sentence)
    {
        Assert.Equal([sentence], Errors("Production", [.. Complete, (setting, value)]));
    }

    [Theory]
    [InlineData("BounceMailbox:Protocol", "pop", "Mail__BounceMailbox__Protocol must be imap or pop3.")]
    [InlineData("BounceMailbox:PollSeconds", "0", "Mail__BounceMailbox__PollSeconds must be from 1 to 3600.")]
    [InlineData("BounceMailbox:Security", "ssl", "Mail__BounceMailbox__Security must be auto, none, starttls or tls.")]
    [InlineData(
        "BounceMailbox:Port",
        "70000",
        "Mail__BounceMailbox__Host and __Port must be the name and the port of an IMAP or POP3 server, such as imap.example.org and 993."
    )]
    [InlineData(
        "BounceMailbox:Folder",
        "Bounces",
        "Mail__BounceMailbox__Folder is for IMAP alone: POP3 knows no folders. Take the setting away, or read by IMAP."
    )]
    [InlineData("BounceListener:Port", "70000", "Mail__BounceListener__Port must be a port number, such as 2525.")]
    [InlineData(
        "BounceListener:Address",
        "localhost",
        "Mail__BounceListener__Address must be an IP address of this machine, such as 127.0.0.1."
    )]
    public void Each_fault_of_what_mails_come_back_to_is_one_sentence(string setting, string value, string sentence)
    {
        (string, string)[] good =
        [
            .. Complete,
            ("Mail:ReturnPath", "bounces@shop.example"),
            ("Mail:BounceMailbox:Host", "pop3.shop.example"),
            ("Mail:BounceMailbox:Protocol", "pop3"),
            ("Mail:BounceMailbox:User", "bounces"),
            ("Mail:BounceMailbox:Password", "secret"),
            ("Mail:BounceListener:Port", "2525"),
        ];
        Assert.Equal([sentence], Errors("Production", [.. good, ($"Mail:{setting}", value)]));
    }

    [Theory]
    [InlineData("imap", null, 993)]
    [InlineData("POP3", null, 995)]
    [InlineData("pop3", 110, 110)]
    public void A_mailbox_has_the_usual_port_of_its_protocol(string protocol, int? port, int expected) =>
        Assert.Equal(expected, new BounceMailboxOptions { Protocol = protocol, Port = port }.PortOrUsual);

    [Fact]
    public void Port_465_has_no_STARTTLS() =>
        Assert.Equal(
            ["Mail__Smtp__Security is starttls, but port 465 speaks TLS from the start. Set it to auto or tls, or the port to 587."],
            Errors("Production", [.. Complete, ("Mail:Smtp:Port", "465"), ("Mail:Smtp:Security", "starttls")])
        );

    [Fact]
    public void Options_never_show_user_or_password()
    {
        var options = new MailOptions
        {
            Transport = "smtp",
            Smtp =
            {
                Host = "smtp.shop.example",
                User = "ada",
                Password = "secret",
            },
        };

        Assert.Equal("smtp from nobody, smtp.shop.example:587 (auto, signs in)", options.ToString());
    }

    private static string Start(string sentence) => string.Join(' ', sentence.Split(' ').Take(5));

    private static IEnumerable<string> Errors(string environment, params (string Key, string Value)[] settings)
    {
        using var services = Build(environment, settings);
        var validator = services.GetRequiredService<IStartupValidator>();
        return StartupErrors.Sentences(Assert.ThrowsAny<Exception>(validator.Validate))!;
    }

    private static ServiceProvider Build(string environment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.GroupBy(setting => setting.Key).ToDictionary(one => one.Key, one => (string?)one.Last().Value)
            )
            .Build();
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<IHostEnvironment>(new Environment(environment))
            .AddSingleton(_ => MasterKey.Open(SharedMasterKey.WriteTo(Directory.CreateTempSubdirectory("gateway-mail-").FullName)));
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section);
        return services.AddMail().BuildServiceProvider();
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "Gateway";
        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
