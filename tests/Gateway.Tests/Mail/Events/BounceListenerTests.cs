using System.Net.Sockets;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Scaling;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Tests.Mail.Events;

/// <summary>The port at which mail servers hand over what came back.</summary>
public sealed class BounceListenerTests : IAsyncLifetime, IDisposable
{
    private const string Base = "bounces@returns.example";
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly int _port = PostgresServer.FreePort();
    private readonly SmtpClient _server = new();
    private ReturnPath _returnPath = null!;
    private ListenForBounces _listener = null!;

    public Task InitializeAsync() => ListenAsync(gateway.Services.GetRequiredService<MailEventInbox>());

    Task IAsyncLifetime.DisposeAsync() => _listener.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task A_report_is_taken_once_what_it_says_is_stored_and_again_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var id = (await site.MailAsync(address)).Id;
        await site.BecomesAsync(id, "sent");

        Assert.StartsWith("2.0.0", await HandOverAsync(Report(address), ReturnPathOf(id)), StringComparison.Ordinal);
        Assert.StartsWith("2.0.0", await HandOverAsync(Report(address), ReturnPathOf(id)), StringComparison.Ordinal);

        await site.BecomesAsync(id, "bounced");
        Assert.Equal("suppressed", (await site.MailAsync(address)).Code);
        Assert.Single(await site.EventsAsync("contact.bounced"));
    }

    [Fact]
    public async Task What_comes_back_in_words_alone_is_understood_also_without_a_sender()
    {
        var site = await gateway.NewSiteAsync();
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var id = (await site.MailAsync(address)).Id;
        await site.BecomesAsync(id, "sent");
        using var report = new MimeMessage { Body = new TextPart { Text = $"550 5.1.1 <{address}> user unknown" } };
        report.From.Add(MailboxAddress.Parse("robot@mx.example"));
        report.Headers.Add("Return-Path", "<>");

        Assert.StartsWith("2.0.0", await HandOverAsync(report, ReturnPathOf(id)), StringComparison.Ordinal);

        await site.BecomesAsync(id, "bounced");
    }

    [Fact]
    public async Task Only_our_return_paths_are_taken()
    {
        var path = ReturnPathOf($"msg_{Guid.CreateVersion7():N}");
        Assert.StartsWith("2.0.0", await HandOverAsync(Report("ada@example.org"), Base.ToUpperInvariant()), StringComparison.Ordinal);
        foreach (
            var other in (string[])
                [
                    "ada@example.org",
                    "ada@returns.example",
                    path.Replace("returns.example", "example.org", StringComparison.Ordinal),
                    path.Replace("@", "0@", StringComparison.Ordinal),
                    $"bounces+{Guid.CreateVersion7():N}000000000000@returns.example",
                ]
        )
        {
            var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandOverAsync(Report("ada@example.org"), other));
            Assert.Equal((other, 550), (other, (int)refused.StatusCode));
        }
    }

    [Fact]
    public async Task A_mail_that_says_nothing_of_ours_is_taken_and_forgotten()
    {
        using var answer = new MimeMessage
        {
            Subject = "Out of office",
            Body = new TextPart { Text = "550 5.1.1 I am away" },
        };
        answer.From.Add(MailboxAddress.Parse("ada@example.org"));
        answer.Headers.Add("Auto-Submitted", "auto-replied");
        var id = $"msg_{Guid.CreateVersion7():N}";

        Assert.StartsWith("2.0.0", await HandOverAsync(answer, ReturnPathOf(id)), StringComparison.Ordinal);

        var message = Guid.ParseExact(id[4..], "N");
        Assert.Equal(0, await gateway.InDatabaseAsync(db => Task.FromResult(db.MailEvents.Count(row => row.MessageId == message))));
    }

    [Fact]
    public async Task A_mail_that_is_too_long_is_refused()
    {
        using var mail = Report("ada@example.org");
        ((Multipart)mail.Body!).Add(new TextPart { Text = string.Concat(Enumerable.Repeat("It came back.\n", 400_000)) });

        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandOverAsync(mail, Base));

        Assert.Equal(SmtpStatusCode.ExceededStorageAllocation, refused.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_to_come_again()
    {
        await _listener.StopAsync(CancellationToken.None);
        await using var broken = new MailEventInbox(
            new NoDatabase(),
            gateway.Services.GetRequiredService<Signal<ApplyMailEvents>>(),
            gateway.Services.GetRequiredService<MailMetrics>()
        );
        await ListenAsync(broken);

        var path = ReturnPathOf($"msg_{Guid.CreateVersion7():N}");
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => HandOverAsync(Report("ada@example.org"), path));

        Assert.Equal(SmtpStatusCode.ErrorInProcessing, refused.StatusCode);
    }

    [Fact]
    public async Task Whoever_comes_when_all_lines_are_taken_waits_for_one()
    {
        List<SmtpClient> all = [.. Enumerable.Range(0, 20).Select(_ => new SmtpClient())];
        using var late = new SmtpClient();
        try
        {
            foreach (var one in all)
            {
                await ConnectAsync(one);
            }

            var connecting = ConnectAsync(late);
            Assert.False(connecting.IsCompleted);

            await all[0].DisconnectAsync(quit: true);
            await connecting;
            Assert.True(late.IsConnected);
        }
        finally
        {
            all.ForEach(one => one.Dispose());
        }
    }

    private async Task ListenAsync(MailEventInbox inbox)
    {
        var options = Options.Create(
            new MailOptions
            {
                ReturnPath = Base,
                BounceListener = new() { Port = _port },
            }
        );
        _returnPath = new(options, gateway.Services.GetRequiredService<MasterKey>());
        var reports = ActivatorUtilities.CreateInstance<TakeInReports>(gateway.Services, _returnPath, inbox);
        _listener = ActivatorUtilities.CreateInstance<ListenForBounces>(
            gateway.Services,
            options,
            Options.Create(new GatewayOptions { PublicUrl = "https://gateway.example" }),
            ActivatorUtilities.CreateInstance<SmtpIntake>(gateway.Services, _returnPath, reports)
        );
        await _listener.StartAsync(CancellationToken.None);
    }

    private string ReturnPathOf(string id)
    {
        using var mail = new MimeMessage { MessageId = $"{id[4..]}@shop.example" };
        return _returnPath.Of(mail)!.Address;
    }

    private async Task<string> HandOverAsync(MimeMessage mail, string to)
    {
        if (!_server.IsConnected)
        {
            await ConnectAsync(_server);
        }

        return await _server.SendAsync(mail, new MailboxAddress("", ""), [MailboxAddress.Parse(to)]);
    }

    private Task ConnectAsync(SmtpClient server) =>
        Eventually.BecomesTrueAsync(async () =>
        {
            try
            {
                await server.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.None);
                return true;
            }
            catch (SocketException)
            {
                return false; // The listener begins beside the test.
            }
        });

    private static MimeMessage Report(string address)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add([new Header("Reporting-MTA", "dns; mx.example")]);
        status.StatusGroups.Add([
            new Header("Final-Recipient", $"rfc822; {address}"),
            new Header("Action", "failed"),
            new Header("Status", "5.1.1"),
            new Header("Diagnostic-Code", "smtp; 550 5.1.1 User unknown"),
        ]);
        var mail = new MimeMessage
        {
            MessageId = "report@mx.example",
            Body = new MultipartReport("delivery-status")
            {
                new TextPart { Text = "It came back." },
                status,
            },
        };
        mail.From.Add(MailboxAddress.Parse("MAILER-DAEMON@mx.example"));
        return mail;
    }

    private sealed class NoDatabase : IServiceScopeFactory
    {
        public IServiceScope CreateScope() => throw new IOException("The disk is full.");
    }
}
