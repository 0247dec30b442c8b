using System.Text.RegularExpressions;
using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Mail;

/// <summary>A process sends what it has just written without looking for it, and holds on to nothing that it cannot send at once.</summary>
[Trait("Database", "both")]
public sealed partial class FreshMailsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(6);

    private readonly TestDatabase _database = new();
    private Replica _replica = null!;

    [Fact]
    public async Task A_mail_that_was_just_written_is_leased_from_the_beginning_and_leaves_once()
    {
        await SignUpAsync(_replica, "ann@example.org");
        var written = await MessageAsync(_replica);
        Assert.Equal((ProcessOf(_replica), 1), (written.LeasedBy, written.Attempts));
        Assert.Equal(written.DueAt, written.LeasedUntil);

        await _replica.WorkAsync<SendMessages>();

        var sent = await MessageAsync(_replica);
        Assert.Equal((MessageState.Sent, 1, null, null), (sent.State, sent.Attempts, sent.DueAt, sent.Secrets));
        Assert.Single(await _replica.MailsAsync());
    }

    [Fact]
    public async Task Nobody_else_sends_it_while_it_waits()
    {
        await using var other = await Replica.StartAsync(_database, _replica.Clock);
        await SignUpAsync(_replica, "ann@example.org");

        await other.WorkAsync<SendMessages>();
        Assert.Empty(await other.MailsAsync());

        await _replica.WorkAsync<SendMessages>();
        Assert.Single(await other.MailsAsync());
    }

    [Fact]
    public async Task What_waits_too_long_is_anybodys_and_leaves_once()
    {
        await using var other = await Replica.StartAsync(_database, _replica.Clock);
        await SignUpAsync(_replica, "ann@example.org");

        _replica.Clock.Advance(TooLong);
        Assert.Empty(FreshOf(_replica).Take(10));
        await FreshOf(_replica).ReturnLateAsync();
        await other.WorkAsync<SendMessages>();
        await _replica.WorkAsync<SendMessages>();

        Assert.Equal((MessageState.Sent, 2), (await MessageAsync(_replica) is var sent ? (sent.State, sent.Attempts) : default));
        Assert.Single(await _replica.MailsAsync());
    }

    [Fact]
    public async Task What_waits_when_the_program_ends_is_due_at_once()
    {
        await using var other = await Replica.StartAsync(_database, _replica.Clock);
        await SignUpAsync(_replica, "ann@example.org");

        await FreshOf(_replica).StopAsync(default);
        Assert.Equal(0, FreshOf(_replica).Free);
        await other.WorkAsync<SendMessages>();

        Assert.Single(await other.MailsAsync());
    }

    [Fact]
    public async Task Without_a_worker_in_this_process_a_mail_waits_in_the_table()
    {
        await using var api = await Replica.StartAsync(_database, _replica.Clock);
        await SignUpAsync(api, "ann@example.org");

        Assert.Null((await MessageAsync(api)).LeasedBy);
    }

    [Fact]
    public async Task More_than_there_is_room_for_wait_in_the_table_and_all_leave()
    {
        var all = Enumerable.Range(0, 220).Select(at => $"person{at}@example{at}.org").ToArray();

        await SignUpAsync(_replica, all);
        var leased = await _replica.InDatabaseAsync(db => db.Messages.CountAsync(row => row.LeasedBy != null));

        Assert.InRange(leased, 1, 200);

        // On a busy machine some wait too long in memory, and are due again a moment later.
        var mails = await Eventually.BecomesAsync(
            async () =>
            {
                await _replica.WorkAsync<SendMessages>();
                return await _replica.MailsAsync();
            },
            mails => mails.Count >= all.Length
        );
        Assert.Equal(all.Order(), mails.Select(mail => mail.To.Mailboxes.Single().Address).Order());
    }

    [Fact]
    public async Task Mails_that_are_alike_have_tokens_and_codes_of_their_own()
    {
        await SignUpAsync(_replica, "ann@example.org", "bob@example.org");
        await _replica.WorkAsync<SendMessages>();

        var mails = await _replica.MailsAsync();
        var words = mails.ConvertAll(mail => mail.TextBody + mail.HtmlBody);
        Assert.Equal(2, words.Select(text => Link().Match(text).Groups[1].Value).Where(token => token.Length > 0).Distinct().Count());
        Assert.Equal(2, words.Select(text => Code().Match(text).Groups[1].Value).Where(code => code.Length > 0).Distinct().Count());
        Assert.All(words, text => Assert.DoesNotContain(MailsAlike.Marks.Confirm!, text, StringComparison.Ordinal));
        Assert.All(words, text => Assert.DoesNotContain(MailsAlike.Marks.Code!, text, StringComparison.Ordinal));
    }

    public async Task InitializeAsync()
    {
        _replica = await Replica.StartAsync(_database);

        // Its worker works when the test says so, and counts as running meanwhile.
        _replica.Services.GetRequiredService<QueueWorkerSignals>().Of(typeof(SendMessages)).Entered();
    }

    async Task IAsyncLifetime.DisposeAsync() => await _replica.DisposeAsync();

    public void Dispose() => _database.Dispose();

    private static async Task SignUpAsync(Replica replica, params string[] addresses)
    {
        var site = await replica.AddSiteAsync();
        await site.SignUpAsync(addresses);
        await replica.WorkAsync<ProcessSubmissions>();
    }

    private static FreshMails FreshOf(Replica replica) => replica.Services.GetRequiredService<FreshMails>();

    private static Guid? ProcessOf(Replica replica) => replica.Services.GetRequiredService<ThisProcess>().Id;

    private static Task<Message> MessageAsync(Replica replica) => replica.InDatabaseAsync(db => db.Messages.AsNoTracking().SingleAsync());

    [GeneratedRegex("/c/([A-Za-z0-9_-]{32})")]
    private static partial Regex Link();

    [GeneratedRegex("Code: ([0-9]{8})")]
    private static partial Regex Code();
}
