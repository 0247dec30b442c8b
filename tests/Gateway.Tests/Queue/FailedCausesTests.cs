using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.Sms;
using Gateway.Infrastructure;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.Sms;
using Gateway.Tests.Submissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Queue;

/// <summary>What failed alike is one cause, and one decision is about all of it.</summary>
[Trait("Database", "both")]
public sealed class FailedCausesTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";

    /// <summary>Letters alone, so that no other test's failures have the same cause.</summary>
    private readonly string word = string.Concat(
        Guid.CreateVersion7().ToString("N").Select(digit => (char)('a' + Convert.ToInt32($"{digit}", 16)))
    );

    private readonly ScriptedSmtp server = new();
    private SmtpConnections connections = null!;

    public Task InitializeAsync()
    {
        server.Script = Refuse;
        connections = new(
            Options.Create(new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } }),
            gateway.Services.GetRequiredService<IOptions<GatewayOptions>>(),
            gateway.Clock,
            NullLogger<SmtpConnections>.Instance
        );
        gateway.Mail.Route(domain, new SmtpTransport(connections));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        gateway.Mail.Close(domain);
        connections.Dispose();
        await server.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    public async Task By_the_API_a_cause_is_dismissed_restored_and_replayed_for_the_site_that_asks_alone()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await FailAsync(site, 3);
        await FailAsync(other, 1);

        var cause = Assert.Single((await CausesAsync(site)).AsArray())!;
        Assert.Equal(("mail", "mail_failed", 3), ((string?)cause["queue"], (string?)cause["code"], (int)cause["count"]!));
        Assert.Contains(word, (string?)cause["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain(domain, cause.ToJsonString(), StringComparison.Ordinal);
        var name = (string)cause["cause"]!;

        Assert.Equal(3, await DecideAsync(site, "dismiss", name));
        Assert.Empty((await CausesAsync(site)).AsArray());
        Assert.Empty((await site.StatusAsync()).Json["errors"]!.AsArray());
        Assert.Equal(3, (int)Assert.Single((await CausesAsync(site, "?dismissed=true")).AsArray())!["count"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(site, "dismiss", new() { ["cause"] = name })).Status);

        Assert.Equal(3, await DecideAsync(site, "restore", name));
        server.Script = _ => null;
        Assert.Equal(3, await DecideAsync(site, "replay", name));
        await MessagesAsync(site, rows => rows.TrueForAll(row => row.State == MessageState.Sent));
        Assert.Equal(3, server.Mails.Count);
        Assert.Empty((await CausesAsync(site)).AsArray());
        Assert.Equal(1, (int)Assert.Single((await CausesAsync(other)).AsArray())!["count"]!);
    }

    [Fact]
    public async Task What_failed_again_after_it_was_dismissed_and_replayed_waits_for_a_decision_again()
    {
        var site = await gateway.NewSiteAsync();
        await FailAsync(site, 1);
        var name = (string)Assert.Single((await CausesAsync(site)).AsArray())!["cause"]!;
        await DecideAsync(site, "dismiss", name);
        await DecideAsync(site, "restore", name);
        var before = (await MessagesAsync(site, _ => true))[0].Attempts;

        await DecideAsync(site, "replay", name);

        await MessagesAsync(site, rows => rows.TrueForAll(row => row.State == MessageState.Failed && row.Attempts > before));
        Assert.Equal(name, (string?)Assert.Single((await CausesAsync(site)).AsArray())!["cause"]);
    }

    [Fact]
    public async Task What_may_have_been_sent_is_sent_again_only_by_who_accepts_that()
    {
        var site = await gateway.NewSiteAsync();
        gateway.Sms.For(site).Send = _ => Task.FromResult<SmsOutcome>(new SmsOutcome.Unknown("<html>"));
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        var cause = Assert.Single((await CausesAsync(site)).AsArray())!;
        Assert.True((bool)cause["mayArriveTwice"]!);
        JsonObject body = new() { ["cause"] = (string)cause["cause"]! };

        var refused = await PostAsync(site, "replay", body);
        Assert.Equal((HttpStatusCode.Conflict, "may_arrive_twice"), (refused.Status, refused.Code));

        gateway.Sms.For(site).Send = null;
        body["acceptTwice"] = true;
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(site, "replay", body)).Status);
        await site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"cause":""}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"cause":"nothing-00000000"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"cause":["a"]}""", HttpStatusCode.BadRequest)]
    public async Task A_cause_that_is_none_changes_nothing_and_says_so(string body, HttpStatusCode status)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await PostAsync(site, "dismiss", JsonNode.Parse(body)!.AsObject());

        Assert.Equal(status, answer.Status);
        Assert.NotEqual("", answer.Code);
    }

    [Fact]
    public async Task Deciding_needs_a_scope_of_its_own()
    {
        var site = await gateway.NewSiteAsync();

        JsonObject body = new() { ["cause"] = "mail_failed-00000000" };
        var answer = await site.AuthorizedAsync(HttpMethod.Post, "/v1/failed/replay", body, scope: "read contacts sms mail hooks");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task By_commands_a_cause_is_dismissed_restored_and_replayed_for_all_sites()
    {
        var sites = new[] { await gateway.NewSiteAsync(), await gateway.NewSiteAsync() };
        await FailAsync(sites[0], 2);
        await FailAsync(sites[1], 1);
        var cause = Assert.Single(
            await ListedAsync(),
            one => one.GetProperty("reason").GetString()!.Contains(word, StringComparison.Ordinal)
        );
        var name = cause.GetProperty("cause").GetString()!;
        Assert.Equal(3, cause.GetProperty("count").GetInt32());

        Assert.Equal(3, (await RunAsync("failed", "dismiss", "--cause", name)).GetProperty("dismissed").GetInt32());
        Assert.DoesNotContain(await ListedAsync(), one => one.GetProperty("cause").GetString() == name);
        Assert.Contains(await ListedAsync("--dismissed"), one => one.GetProperty("cause").GetString() == name);
        Assert.Equal(3, (await RunAsync("failed", "restore", "--cause", name)).GetProperty("restored").GetInt32());
        Assert.Equal(1, (await TypeAsync("failed", "replay", "--cause", name, "--email", "mail")).Code);
        Assert.Equal(1, (await TypeAsync("failed", "replay")).Code);

        server.Script = _ => null;
        Assert.Equal(3, (await RunAsync("failed", "replay", "--cause", name)).GetProperty("replayed").GetInt32());
        foreach (var site in sites)
        {
            await MessagesAsync(site, rows => rows.TrueForAll(row => row.State == MessageState.Sent));
        }
    }

    [Fact]
    public async Task One_that_failed_says_whom_and_what_it_is_about_and_what_the_answer_means_and_lists_do_not()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Name = "Letters");
        await FailAsync(site, 1);
        var id = Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Message, (await MessagesAsync(site, _ => true))[0].Id);

        var shown = (await RunAsync("failed", "show", id)).GetProperty("details");
        var text = (await TypeAsync("failed", "show", id)).Output;
        var browser = await AdminBrowser.SignedInAsync(gateway, "Looker", site);
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed/{id}");
        var list = await TypeAsync("failed", "list", "--limit", "100000", "--json");

        const string meaning = "This mailbox is full.";
        Assert.Equal(
            ($"p0@{domain}", "Letters", "confirmation", meaning),
            (
                shown.GetProperty("recipient").GetString(),
                shown.GetProperty("list").GetString(),
                shown.GetProperty("template").GetString(),
                shown.GetProperty("meaning").GetString()
            )
        );
        Assert.Contains($"Recipient: p0@{domain}", text, StringComparison.Ordinal);
        Assert.All(
            [$"p0@{domain}", "Letters", "confirmation", meaning],
            part => Assert.Contains(part, page.Text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(domain, list.Output, StringComparison.Ordinal);
    }

    /// <summary>The server answers with the id of its queue in it, as servers do; that makes no other cause.</summary>
    private string? Refuse(string command) =>
        command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? $"552 5.2.2 {Guid.CreateVersion7():N} {word}" : null;

    private async Task FailAsync(SiteUnderTest site, int people)
    {
        for (var person = 0; person < people; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(site, rows => rows.Count == people && rows.TrueForAll(row => row.State == MessageState.Failed));
    }

    private static async Task<JsonNode> CausesAsync(SiteUnderTest site, string query = "")
    {
        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/failed" + query, scope: "operate");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json["items"]!;
    }

    private static async Task<int> DecideAsync(SiteUnderTest site, string what, string cause)
    {
        var answer = await PostAsync(site, what, new() { ["cause"] = cause });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return (int)answer.Json["count"]!;
    }

    private static Task<Answer> PostAsync(SiteUnderTest site, string what, JsonObject body) =>
        site.AuthorizedAsync(HttpMethod.Post, $"/v1/failed/{what}", body, scope: "operate");

    private async Task<JsonElement[]> ListedAsync(params string[] more) =>
        [.. (await RunAsync(["failed", "list", "--by-cause", .. more])).EnumerateArray()];

    private async Task<JsonElement> RunAsync(params string[] arguments) => (await TypeAsync([.. arguments, "--json"])).Json;

    private Task<CommandResult> TypeAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);

    private static Task<List<Message>> MessagesAsync(SiteUnderTest site, Func<List<Message>, bool> enough) =>
        Eventually.BecomesAsync(
            () =>
                site.Gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
                ),
            enough
        );
}
