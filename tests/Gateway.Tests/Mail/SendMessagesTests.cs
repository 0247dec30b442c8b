using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using Gateway.Tests.Submissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Mail;

/// <summary>From the form to a mail server that behaves as each test says.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed partial class SendMessagesTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Later = "450 4.2.0 Greylisted";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly ScriptedSmtp server = new();
    private readonly SmtpConnections connections;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    public SendMessagesTests()
    {
        var options = new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } };
        connections = new(
            Options.Create(options),
            gateway.Services.GetRequiredService<IOptions<GatewayOptions>>(),
            gateway.Clock,
            NullLogger<SmtpConnections>.Instance
        );
        gateway.Mail.Route(domain, new SmtpTransport(connections));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        gateway.Mail.Close(domain);
        connections.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_refused_mail_stands_as_failed_with_the_servers_words_and_no_address()
    {
        AnswerAt("RCPT", $"550 5.1.1 <ada@{domain}>: no such user");
        var site = await SubmitAsync();

        var row = await site.MessageAsync(message => message.State == MessageState.Failed);

        Assert.Equal("550 5.1.1 <…>: no such user", row.Answer);
        Assert.Null(row.DueAt);
        Assert.NotNull(row.Secrets);
        Assert.DoesNotContain(gateway.LogLines(), line => line.Contains(domain, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_that_must_wait_is_sent_later_as_the_same_mail()
    {
        AnswerAt(".", Later);
        var site = await SubmitAsync();
        var waiting = await site.MessageAsync(message => message.Failures == 1);
        var latest = gateway.Clock.GetUtcNow().UtcDateTime.AddSeconds(36);

        AnswerAt(".", null);
        gateway.Advance(TimeSpan.FromMinutes(1));
        var sent = await site.MessageAsync(message => message.State == MessageState.Sent);

        Assert.Equal((MessageState.Queued, Later), (waiting.State, waiting.Answer));
        Assert.InRange(waiting.DueAt!.Value, waiting.CreatedAt, latest);
        Assert.Equal(2, server.Mails.Count);
        Assert.Equal($"{sent.MessageId}@shop.example", Assert.Single(server.Mails.Select(MessageIdOf).Distinct()));
    }

    [Fact]
    public async Task Pauses_grow_to_an_hour()
    {
        AnswerAt("RCPT", Later);
        var site = await SubmitAsync();
        await site.MessageAsync(message => message.Failures == 1);
        await ChangeAsync(site, set => set.SetProperty(message => message.Failures, 20));

        gateway.Advance(TimeSpan.FromMinutes(1));
        var since = gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1);
        var waiting = await site.MessageAsync(message => message.Failures == 21);

        Assert.InRange(waiting.DueAt!.Value, since.AddMinutes(46), gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(73));
    }

    [Fact]
    public async Task After_three_days_it_is_given_up_and_can_be_replayed()
    {
        AnswerAt("RCPT", Later);
        var site = await SubmitAsync();
        await site.MessageAsync(message => message.Failures == 1);
        await ChangeAsync(site, set => set.SetProperty(message => message.Failures, 77));

        gateway.Advance(TimeSpan.FromMinutes(1));
        var failed = await site.MessageAsync(message => message.State == MessageState.Failed);
        AnswerAt("RCPT", null);
        await ChangeAsync(
            site,
            set =>
                set.SetProperty(message => message.State, MessageState.Queued)
                    .SetProperty(message => message.Failures, 0)
                    .SetProperty(message => message.DueAt, gateway.Clock.GetUtcNow().UtcDateTime)
        );
        gateway.Signal();

        Assert.Equal("Given up after three days: " + Later, failed.Answer);
        await site.MessageAsync(message => message.State == MessageState.Sent);
    }

    [Fact]
    public async Task A_mail_lost_after_it_was_handed_over_is_repeated_once_and_then_stands_as_unknown()
    {
        AnswerAt(".", ScriptedSmtp.Drop);
        var site = await SubmitAsync();

        var unknown = await site.MessageAsync(message => message.State == MessageState.Unknown);
        gateway.Advance(TimeSpan.FromMinutes(2));
        var twice = await site.MessageAsync(message =>
        {
            gateway.Signal();
            return message.DueAt is null;
        });

        Assert.NotNull(unknown.DueAt);
        Assert.Equal(MessageState.Unknown, twice.State);
        Assert.StartsWith("It was handed over twice without an answer", twice.Answer);
        Assert.Equal(2, server.Mails.Count);
        Assert.Single(server.Mails.Select(MessageIdOf).Distinct());
        Assert.Equal("mail_unknown", (string?)(await site.StatusAsync()).Json["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task A_request_that_was_answered_meanwhile_needs_no_mail()
    {
        AnswerAt("RCPT", Later);
        var site = await SubmitAsync();
        await site.MessageAsync(message => message.Failures == 1);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .OptInRequests.Where(request => request.SiteId == site.Id)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(request => request.State, OptInState.Cancelled),
                            CancellationToken.None
                        ),
                CancellationToken.None
            )
        );

        AnswerAt("RCPT", null);
        gateway.Advance(TimeSpan.FromMinutes(1));
        var cancelled = await site.MessageAsync(message => message.State == MessageState.Cancelled);

        Assert.StartsWith("It is not needed any more", cancelled.Answer);
        Assert.Null(cancelled.Secrets);
        Assert.Empty(server.Mails);
        Assert.Empty((await site.StatusAsync()).Json["errors"]!.AsArray());
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced, MessageState.Failed)]
    [InlineData(SuppressionReason.Complained, MessageState.Failed)]
    [InlineData(SuppressionReason.Unsubscribed, MessageState.Sent)]
    public async Task A_suppressed_address_gets_nothing_but_who_left_may_confirm_afresh(object reason, object expected)
    {
        AnswerAt("RCPT", Later);
        var site = await SubmitAsync();
        await site.MessageAsync(message => message.Failures == 1);
        await using var scope = gateway.Services.CreateAsyncScope();
        var suppressions = scope.ServiceProvider.GetRequiredService<Suppressions>();
        await scope
            .ServiceProvider.GetRequiredService<Infrastructure.Data.GatewayDb>()
            .WriteAsync(
                () =>
                    suppressions.AddAsync(
                        site.Id,
                        SuppressionChannel.Email,
                        $"ada@{domain}",
                        (SuppressionReason)reason,
                        "test",
                        CancellationToken.None
                    ),
                CancellationToken.None
            );

        AnswerAt("RCPT", null);
        gateway.Advance(TimeSpan.FromMinutes(1));
        var row = await site.MessageAsync(message => message.DueAt is null);

        Assert.Equal((MessageState)expected, row.State);
        Assert.Equal(row.State == MessageState.Sent ? 1 : 0, server.Mails.Count);
    }

    [Fact]
    public async Task Without_any_sender_mails_wait_and_the_problem_says_which_setting_to_make()
    {
        var site = await SubmitAsync(await gateway.NewSiteAsync(one => one.FromEmail = null));

        var row = await site.MessageAsync(message => message.HeldBy is not null);
        var problem = (await site.StatusAsync()).Json["problems"]![0]!;

        Assert.Equal((MessageState.Queued, 0), (row.State, row.Failures));
        Assert.Equal("no_sender", (string?)problem["code"]);
        Assert.Equal("No sender is configured. Give the list or the site a From address, or set Mail__From.", (string?)problem["reason"]);
        Assert.Empty(server.Commands);

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Sites.Where(one => one.Id == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.FromEmail, "news@shop.example"), CancellationToken.None),
                CancellationToken.None
            )
        );
        gateway.Advance(TimeSpan.FromMinutes(3));
        await site.MessageAsync(message =>
        {
            gateway.Signal();
            return message.State == MessageState.Sent;
        });
    }

    [Fact]
    public async Task What_a_dead_worker_left_comes_due_again_and_what_it_still_says_is_not_heard()
    {
        AnswerAt("RCPT", Later);
        var site = await SubmitAsync();
        var waiting = await site.MessageAsync(message => message.Failures == 1);
        await using var scope = gateway.Services.CreateAsyncScope();
        var settle = scope.ServiceProvider.GetRequiredService<RecordMessageOutcomes>();

        // The worker that had it wakes up when another has tried it since.
        gateway.Advance(TimeSpan.FromMinutes(1));
        var taken = await site.MessageAsync(message => message.Attempts > waiting.Attempts && message.Failures == 2);
        settle.Note(waiting, new MailOutcome.Sent("250 2.0.0 late"));
        await settle.StoreAsync([waiting], new Dictionary<Guid, Gateway.Features.Mail.Rates.MailRate>());

        Assert.Equal(MessageState.Queued, (await site.MessageAsync(message => message.Id == taken.Id)).State);
    }

    [Fact]
    public async Task Many_mails_go_over_few_connections_and_each_once()
    {
        const int Mails = 150;
        var site = await gateway.NewSiteAsync();

        await Task.WhenAll(Enumerable.Range(0, Mails).Select(one => site.SubmitAsync(email: $"{one}@{domain}")));
        await Eventually.BecomesAsync(
            () =>
                gateway.InDatabaseAsync(db =>
                    db.Messages.CountAsync(message => message.SiteId == site.Id && message.State == MessageState.Sent)
                ),
            sent => sent == Mails
        );

        Assert.Equal(Mails, server.Mails.Count);
        Assert.Equal(Mails, server.Mails.Select(MessageIdOf).Distinct().Count());
        Assert.InRange(server.Connections, 1, SendMessages.AtOnce);
    }

    private void AnswerAt(string step, string? answer) => server.Script = command => command.Split(' ')[0] == step ? answer : null;

    private async Task<SiteUnderTest> SubmitAsync(SiteUnderTest? site = null)
    {
        site ??= await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"ada@{domain}");
        return site;
    }

    private Task<int> ChangeAsync(SiteUnderTest site, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Message>> change) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () => db.Messages.Where(message => message.SiteId == site.Id).ExecuteUpdateAsync(change, CancellationToken.None),
                CancellationToken.None
            )
        );

    private static string MessageIdOf(string mail) => MessageId().Match(mail).Groups[1].Value;

    [GeneratedRegex("^Message-Id: <(.+)>\r$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();
}
