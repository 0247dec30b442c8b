using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Submissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Mail;

/// <summary>What concerns everybody is one problem: mails wait for it untried, it is seen everywhere, and then all of them leave.</summary>
[Collection(MovesTheClock.Name)]
public sealed class HeldMailTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Limit = "550 5.4.5 daily limit exceeded";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";
    private readonly List<SmtpConnections> opened = [];
    private ScriptedSmtp server = new() { Offers = ["AUTH PLAIN LOGIN"] };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        gateway.Mail.Close(domain);
        opened.ForEach(one => one.Dispose());
        await server.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    [Trait("Database", "both")]
    public async Task Eight_mails_refused_because_of_a_daily_limit_all_leave_when_it_is_lifted_and_none_failed()
    {
        Serve();
        server.Script = At("MAIL", Limit);
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 8; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        var waiting = await MessagesAsync(site, rows => rows.Count == 8 && rows.All(row => row.HeldBy is not null));
        Assert.All(waiting, row => Assert.Equal((MessageState.Queued, 0), (row.State, row.Failures)));
        Assert.InRange(server.Commands.Count(command => command.StartsWith("MAIL", StringComparison.Ordinal)), 1, SendMessages.AtOnce);
        await ProblemAsync(site, "sending_limit", 8);

        // An hour in which it is asked now and then, by one mail at a time, and nobody is lost.
        for (var minute = 0; minute < 60; minute += 20)
        {
            gateway.Advance(TimeSpan.FromMinutes(20));
            await MessagesAsync(site, rows => rows.All(row => row.State == MessageState.Queued && row.HeldBy is not null));
        }

        server.Script = _ => null;
        await LetThroughAsync(site, 8);
        Assert.Equal(8, server.Mails.Count);
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        Assert.Empty((await site.StatusAsync()).Json["errors"]!.AsArray());
    }

    [Fact]
    public async Task A_wrong_password_shows_on_the_pages_in_readiness_and_as_one_event_and_again_when_it_is_right()
    {
        Serve(smtp => (smtp.Security, smtp.User, smtp.Password) = ("none", "ann", "wrong"));
        server.Script = At("AUTH", "535 5.7.8 Username and Password not accepted");
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"ada@{domain}");
        await site.SubmitAsync(email: $"eve@{domain}");

        await MessagesAsync(site, rows => rows.Count == 2 && rows.All(row => row.HeldBy is not null));
        await ProblemAsync(site, "sign_in_refused", 2);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Olga", site);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}");
        var banner = Assert.Single(page.Document.QuerySelectorAll("main .to-do li"), one => one.TextContent.Contains("2 mails wait"));
        Assert.Contains("refuses the user or password", banner.TextContent, StringComparison.Ordinal);
        using var client = gateway.CreateClient();
        var ready = await Eventually.BecomesAsync(
            async () => await client.GetStringAsync("/health/ready"),
            seen => seen.Contains("\"code\":\"sign_in_refused\"", StringComparison.Ordinal)
        );
        Assert.Contains("\"status\":\"ready\"", ready, StringComparison.Ordinal);
        Assert.Contains("\"connections\":\"degraded\"", ready, StringComparison.Ordinal);
        Assert.DoesNotContain(domain, ready, StringComparison.Ordinal);
        var begun = Assert.Single(await ProblemEventsAsync(site, 1));
        Assert.Contains("\"state\":\"began\"", begun, StringComparison.Ordinal);
        Assert.DoesNotContain("@", begun, StringComparison.Ordinal);

        server.Script = _ => null;
        await LetThroughAsync(site, 2);
        var events = await ProblemEventsAsync(site, 2);
        Assert.Equal(2, events.Count);
        Assert.Contains("\"state\":\"ended\"", events[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_that_stays_is_reminded_of_once_a_day()
    {
        Serve();
        server.Script = At("MAIL", Limit);
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"ada@{domain}");
        await ProblemEventsAsync(site, 1);

        for (var hour = 0; hour < 25; hour += 5)
        {
            gateway.Advance(TimeSpan.FromHours(5));
        }

        var events = await ProblemEventsAsync(site, 2);
        Assert.Contains("\"state\":\"continues\"", events[1], StringComparison.Ordinal);
        Assert.Equal(2, events.Count);
        server.Script = _ => null;
    }

    [Fact]
    public async Task A_sender_that_is_refused_holds_up_nobody_elses_mail()
    {
        Serve();
        server.Script = command =>
            command.StartsWith("MAIL FROM:<old@", StringComparison.OrdinalIgnoreCase)
                ? "553 5.7.1 <old@shop.example>: Sender address rejected: not owned by user"
                : null;
        var refused = await gateway.NewSiteAsync(site => site.FromEmail = "old@shop.example");
        var fine = await gateway.NewSiteAsync();
        await refused.SubmitAsync(email: $"ada@{domain}");
        await MessagesAsync(refused, rows => rows is [{ HeldBy: not null }]);

        await fine.SubmitAsync(email: $"eve@{domain}");

        await MessagesAsync(fine, rows => rows is [{ State: MessageState.Sent }]);
        Assert.Empty((await fine.StatusAsync()).Json["problems"]!.AsArray());
        await ProblemAsync(refused, "sender_refused", 1);
        var listed = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", "problems", "list");
        Assert.Matches("(?m)^mail +1 of Ann's Shop waits since", listed.Output);
        server.Script = _ => null;
        await LetThroughAsync(refused, 1);
    }

    [Theory]
    [InlineData("554 5.7.1 Relay access denied", MessageState.Failed)]
    [InlineData("550 5.7.1 Your account has been suspended", MessageState.Failed)]
    [InlineData("421 4.4.2 Bad luck", MessageState.Queued)]
    [InlineData("452 4.3.1 Insufficient system storage", MessageState.Queued)]
    internal async Task What_the_server_says_at_one_recipient_alone_holds_up_nobody(string answer, MessageState end)
    {
        Serve();
        server.Script = command => command.StartsWith($"RCPT TO:<odd@{domain}", StringComparison.OrdinalIgnoreCase) ? answer : null;
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"odd@{domain}");
        await MessagesAsync(site, rows => rows is [{ Failures: 1 }]);

        for (var tries = 2; tries <= 4; tries++)
        {
            var others = tries - 1;
            await site.SubmitAsync(email: $"p{tries}@{domain}");
            await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Sent) == others);
            gateway.Advance(TimeSpan.FromMinutes(10));
            await MessagesAsync(site, rows => rows.Exists(row => row.Failures >= tries || row.State == MessageState.Failed));
        }

        var odd = Assert.Single(await MessagesAsync(site, _ => true), row => row.State != MessageState.Sent);
        Assert.Equal((end, null), (odd.State, odd.HeldBy));
        Assert.EndsWith(answer, odd.Answer, StringComparison.Ordinal);
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        Assert.Empty(await site.EventsAsync("site.problem"));
    }

    [Fact]
    public async Task Words_that_a_stranger_may_have_written_lead_nobody_anywhere()
    {
        Serve();
        server.Script = At("MAIL", "550 5.7.1 Your account has been suspended, call +1 555 010 0199 or see https://evil.example/fix now");
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"ada@{domain}");

        await ProblemAsync(site, "account_blocked", 1);
        var reason = (string)(await site.StatusAsync()).Json["problems"]![0]!["reason"]!;
        Assert.StartsWith("The mail server blocks this account or this machine", reason, StringComparison.Ordinal);
        Assert.EndsWith("call <number> or see <link> now", reason, StringComparison.Ordinal);
        server.Script = _ => null;
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task What_the_server_refuses_whomever_it_is_for_fails_a_few_and_then_waits_as_one_problem()
    {
        Serve();
        server.Script = At(".", "554 5.7.1 Message rejected: content looks like spam");
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 4; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == 4);
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        for (var person = 4; person < 12; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(site, rows => rows.Count == 12 && rows.Count(row => row.HeldBy is not null) == 8);
        await ProblemAsync(site, "content_refused", 8);

        server.Script = _ => null;
        await LetThroughAsync(site, 8);
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
    }

    [Fact]
    public async Task Who_is_refused_at_any_domain_before_the_mail_was_read_waits_as_one_problem()
    {
        Serve();
        server.Script = command =>
            command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? "550 Votre quota d'envoi journalier est atteint" : null;
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 4; person++)
        {
            await site.SubmitAsync(email: $"ada@d{person}.{domain}");
        }

        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == 4);
        for (var person = 4; person < 12; person++)
        {
            await site.SubmitAsync(email: $"ada@d{person}.{domain}");
        }

        await MessagesAsync(site, rows => rows.Count == 12 && rows.Count(row => row.HeldBy is not null) == 8);
        await ProblemAsync(site, "recipients_refused", 8);
        server.Script = _ => null;
        await LetThroughAsync(site, 8);
    }

    [Fact]
    public async Task A_domain_that_refuses_whoever_is_there_holds_up_nobody()
    {
        Serve();
        server.Script = command =>
            command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? "550 5.7.0 Local Policy Violation" : null;
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 8; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == 8);
        Assert.Empty(await site.EventsAsync("site.problem"));
    }

    [Fact]
    public async Task A_refusal_after_which_others_pass_is_about_the_mail_that_met_it()
    {
        Serve();
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 8; person++)
        {
            server.Script = At(".", "554 5.7.1 Message rejected: content looks like spam");
            await site.SubmitAsync(email: $"odd{person}@{domain}");
            await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == person + 1);
            server.Script = _ => null;
            await site.SubmitAsync(email: $"fine{person}@{domain}");
            await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Sent) == person + 1);
        }

        Assert.Empty(await site.EventsAsync("site.problem"));
    }

    [Fact]
    public async Task A_server_that_drops_the_line_after_every_mail_gets_few_of_them_and_nobody_fails()
    {
        Serve();
        server.Script = At(".", ScriptedSmtp.Drop);
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 12; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(
            site,
            rows => rows.Count == 12 && rows.All(row => row.HeldBy is not null || row.State == MessageState.Unknown)
        );
        Assert.InRange(server.Mails.Count, 2, SendMessages.AtOnce + 2);

        server.Script = _ => null;
        var rows = await LetThroughAsync(site, 12);
        Assert.All(rows, row => Assert.Equal(MessageState.Sent, row.State));
        Assert.InRange(server.Mails.Count, 12, 12 + SendMessages.AtOnce + 2);
    }

    private void Serve(Action<SmtpOptions>? change = null)
    {
        var options = new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } };
        change?.Invoke(options.Smtp);
        var connections = new SmtpConnections(
            Options.Create(options),
            gateway.Services.GetRequiredService<IOptions<GatewayOptions>>(),
            gateway.Clock,
            NullLogger<SmtpConnections>.Instance
        );
        opened.Add(connections);
        gateway.Mail.Route(domain, new SmtpTransport(connections));
    }

    /// <summary>An operator has fixed it and tries it now.</summary>
    private async Task<List<Message>> LetThroughAsync(SiteUnderTest site, int count)
    {
        gateway.Advance(TimeSpan.FromMinutes(2));
        await site.ProbeAsync();
        return await MessagesAsync(
            site,
            rows =>
            {
                gateway.Signal();
                return rows.Count(row => row.State == MessageState.Sent) == count;
            }
        );
    }

    private static async Task ProblemAsync(SiteUnderTest site, string code, int waiting)
    {
        var status = await Eventually.BecomesAsync(
            () => site.StatusAsync(),
            seen => seen.Json["problems"]!.AsArray() is [{ } one] && (int)one["waiting"]! == waiting
        );
        var problem = status.Json["problems"]![0]!;
        Assert.Equal(("mail", code), ((string?)problem["connection"], (string?)problem["code"]));
        Assert.NotEqual("", (string?)problem["reason"]);
    }

    private static Task<List<string>> ProblemEventsAsync(SiteUnderTest site, int atLeast) =>
        Eventually.BecomesAsync(() => site.EventsAsync("site.problem"), events => events.Count >= atLeast);

    private static Task<List<Message>> MessagesAsync(SiteUnderTest site, Func<List<Message>, bool> enough) =>
        Eventually.BecomesAsync(
            () =>
                site.Gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
                ),
            enough
        );

    private static Func<string, string?> At(string step, string answer) =>
        command => command.Split(' ')[0].Equals(step, StringComparison.OrdinalIgnoreCase) ? answer : null;
}
