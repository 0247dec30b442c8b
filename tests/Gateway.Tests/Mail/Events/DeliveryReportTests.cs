using System.Text;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail.Events;

/// <summary>What mails say of ours that came back, as servers of many kinds write it.</summary>
public sealed class DeliveryReportTests
{
    private const string Id = "0199a0b1c2d37e8f9012345678abcdef";
    private const string Message = "msg_" + Id;
    private const string Original = "Message-ID: <" + Id + "@shop.example>\nSubject: Your order\nTo: ada@example.org\n\n";

    public static TheoryData<string, string, string, string?> Reports =>
        new()
        {
            {
                "Postfix",
                Dsn("failed", "5.1.1", "smtp; 550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown"),
                nameof(MailEventType.HardBounced),
                "5.1.1"
            },
            {
                "Postfix: no such domain",
                Dsn("failed", "5.4.4", "X-Postfix; Host or domain name not found"),
                nameof(MailEventType.HardBounced),
                "5.4.4"
            },
            {
                "Exchange",
                Dsn("failed", "5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
                nameof(MailEventType.HardBounced),
                "5.1.10"
            },
            { "a code in the words alone", Dsn("failed", "5.0.0", "smtp; 550 5.1.1 nobody"), nameof(MailEventType.HardBounced), "5.1.1" },
            {
                "spam under the wrong code",
                Dsn("failed", "5.1.1", "smtp; 550 5.1.1 Looks like spam"),
                nameof(MailEventType.Blocked),
                "5.1.1"
            },
            { "words alone", Dsn("failed", "5.0.0", "smtp; 550 Unknown user"), nameof(MailEventType.HardBounced), "5.0.0" },
            { "full", Dsn("failed", "5.2.2", "smtp; 552 5.2.2 Mailbox full"), nameof(MailEventType.SoftBounced), "5.2.2" },
            {
                "given up",
                Dsn("failed", "4.4.1", "smtp; connect to mx.example[192.0.2.1]:25: Connection timed out"),
                nameof(MailEventType.SoftBounced),
                "4.4.1"
            },
            {
                "Gmail on policy",
                Dsn("failed", "5.7.26", "smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated."),
                nameof(MailEventType.Blocked),
                "5.7.26"
            },
            {
                "a code that the server's words deny",
                Dsn("failed", "5.1.1", "smtp; 550 5.7.1 Blocked by policy"),
                nameof(MailEventType.Blocked),
                "5.1.1"
            },
            { "late", Dsn("delayed", "4.4.2", "smtp; 421 4.4.2 Connection lost"), nameof(MailEventType.Deferred), "4.4.2" },
            { "arrived", Dsn("relayed", "2.0.0", "smtp; 250 2.0.0 Ok"), nameof(MailEventType.Delivered), "2.0.0" },
            { "all of it", Dsn("failed", "5.1.1", "smtp; 550 5.1.1 x", "message/rfc822"), nameof(MailEventType.HardBounced), "5.1.1" },
            { "headers", Dsn("failed", "5.1.1", "smtp; 550 5.1.1 x", "text/rfc822-headers"), nameof(MailEventType.HardBounced), "5.1.1" },
            {
                "charset nonsense",
                Dsn("failed", "5.1.1", "smtp; 550 5.1.1 \u00ff\ufffd x").Replace("us-ascii", "x-no-such", StringComparison.Ordinal),
                nameof(MailEventType.HardBounced),
                "5.1.1"
            },
            { "ARF", Arf("abuse"), nameof(MailEventType.Complained), null },
            { "ARF opt-out", Arf("opt-out"), nameof(MailEventType.Unsubscribed), null },
        };

    [Theory]
    [MemberData(nameof(Reports))]
    public void It_is_about_our_mail_and_says_what_became_of_it(string what, string mail, string type, string? code)
    {
        var told = Assert.Single(DeliveryReports.Read(Parsed(mail), returned: null));
        var row = told.ToRow(new() { Provider = "x", TokenHash = [] }, TimeProvider.System.GetUtcNow());

        Assert.Equal((what, type, code), (what, $"{row.Type}", row.Code));
        Assert.Equal(Guid.Parse(Id), row.MessageId);
        Assert.DoesNotContain("ada@example.org", row.Detail ?? "", StringComparison.Ordinal);
        Assert.Null(row.Address);
    }

    [Theory]
    [InlineData(
        "MAILER-DAEMON@mx.example",
        "<ada@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)",
        nameof(MailEventType.HardBounced)
    )]
    [InlineData(
        "postmaster@mx.example",
        "Your message did not reach some or all of the intended recipients.\n\n550 5.2.2 quota",
        nameof(MailEventType.SoftBounced)
    )]
    [InlineData("MAILER-DAEMON@mx.example", "<ada@example.org>: 554 5.7.1 refused as spam", nameof(MailEventType.Blocked))]
    [InlineData("MAILER-DAEMON@mx.example", "It did not work.", nameof(MailEventType.SoftBounced))]
    public void A_server_that_writes_no_report_is_understood_by_the_return_path(string from, string text, string type)
    {
        var mail = $"From: {from}\nTo: bounces@shop.example\nSubject: failure notice\nMessage-ID: <1@mx.example>\n\nHi. {text}\n";
        Assert.Equal(type, $"{Assert.Single(DeliveryReports.Read(Parsed(mail), Message)).Type}");
        Assert.Empty(DeliveryReports.Read(Parsed(mail), returned: null));
    }

    public static TheoryData<string> NoReports =>
        [
            "From: ada@example.org\nAuto-Submitted: auto-replied\nSubject: Out of office\nReturn-Path: <>\n\n550 5.1.1 user unknown",
            "From: ada@example.org\nSubject: Re: Your order\n\nThank you! 550 5.1.1 user unknown",
            Arf("not-spam"),
            Arf("abuse").Replace(Original, "Subject: something else\n\n", StringComparison.Ordinal),
            Dsn("failed", "5.1.1", "smtp; 550 5.1.1 x").Replace(Original, "", StringComparison.Ordinal),
            Dsn("failed", "5.1.1", "smtp; 550 5.1.1 x").Replace("message/delivery-status", "text/plain", StringComparison.Ordinal),
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b",
            "Content-Type: multipart/report; boundary=b\n\n--b\n\n--b--",
        ];

    [Theory]
    [MemberData(nameof(NoReports))]
    public void An_answer_of_a_person_and_a_report_about_nothing_of_ours_say_nothing(string mail) =>
        Assert.Empty(DeliveryReports.Read(Parsed(mail), returned: null));

    [Fact]
    public void An_out_of_office_answer_at_the_return_path_says_nothing() =>
        Assert.Empty(
            DeliveryReports.Read(
                Parsed("From: ada@example.org\nAuto-Submitted: auto-replied\nReturn-Path: <>\n\n550 5.1.1 unknown"),
                Message
            )
        );

    [Fact]
    public void The_same_report_again_is_the_same_event_and_another_one_is_not()
    {
        var one = DeliveryReports.Read(Parsed(Dsn("failed", "5.1.1", "x; 550 5.1.1")), null)[0];
        Assert.Equal(one.Key, DeliveryReports.Read(Parsed(Dsn("failed", "5.1.1", "x; 550 5.1.1")), null)[0].Key);
        Assert.NotEqual(one.Key, DeliveryReports.Read(Parsed(Dsn("delayed", "4.1.1", "x; 450 4.1.1")), null)[0].Key);
    }

    [Fact]
    public void A_return_path_names_its_message_and_nobody_can_make_one_up()
    {
        var key = MasterKey.Open(SharedMasterKey.WriteTo(Directory.CreateTempSubdirectory("gateway-return-").FullName));
        var path = new ReturnPath(Options.Create(new MailOptions { ReturnPath = "bounces@shop.example" }), key);
        using var mail = new MimeMessage { MessageId = $"{Id}@shop.example" };
        var address = path.Of(mail)!.Address;

        Assert.Matches($"^bounces\\+{Id}[0-9a-f]{{12}}@shop\\.example$", address);
        Assert.Equal(Message, path.MessageIn([$"<{address.ToUpperInvariant()}>"]));
        Assert.Equal(Message, path.MessageIn(["someone@else.example", $"rfc822;{address}"]));
        Assert.Null(path.MessageIn([address.Replace("+0199", "+0198", StringComparison.Ordinal), "bounces@shop.example"]));
        using var foreign = new MimeMessage { MessageId = "x@shop.example" };
        Assert.Null(path.Of(foreign));
        Assert.Null(new ReturnPath(Options.Create(new MailOptions()), key).Of(mail));
    }

    private static MimeMessage Parsed(string mail) =>
        MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\r\n"))));

    private static string Dsn(string action, string status, string diagnostic, string original = "message/rfc822") =>
        $"""
            Return-Path: <>
            From: MAILER-DAEMON@mx.example (Mail Delivery System)
            To: news@shop.example
            Subject: Undelivered Mail Returned to Sender
            Message-ID: <{action}@mx.example>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b/mx"

            --b/mx
            Content-Type: text/plain; charset=us-ascii

            This is the mail system at host mx.example.

            --b/mx
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example
            Arrival-Date: Sun, 29 Nov 2026 09:00:00 +0000

            Final-Recipient: rfc822; ada@example.org
            Original-Recipient: rfc822;ada@example.org
            Action: {action}
            Status: {status}
            Remote-MTA: dns; mx.example.org
            Diagnostic-Code: {diagnostic}

            --b/mx
            Content-Type: {original}

            {Original}
            --b/mx--
            """;

    private static string Arf(string type) =>
        $"""
            From: feedback@provider.example
            To: abuse@shop.example
            Subject: FW: Your order
            Message-ID: <arf@provider.example>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="b"

            --b
            Content-Type: text/plain

            This is an email abuse report.

            --b
            Content-Type: message/feedback-report

            Feedback-Type: {type}
            User-Agent: SomeGenerator/1.0
            Version: 1
            Source-IP: 192.0.2.1

            --b
            Content-Type: message/rfc822

            {Original}
            --b--
            """;
}
