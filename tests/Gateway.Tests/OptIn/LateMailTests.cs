using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.OptIn;

/// <summary>A mail says how long its link is valid: that time begins when the mail leaves, however late that is.</summary>
[Trait("Database", "both")]
public sealed partial class LateMailTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_mail_that_waited_for_nine_days_leaves_and_its_link_works_for_seven_more()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();

        // The mail server is down: nothing leaves, while time passes for everything else.
        for (var day = 0; day < 9; day++)
        {
            gateway.Clock.Advance(TimeSpan.FromDays(1));
            await gateway.WorkAsync<ExpireRequests>();
            Assert.Equal(OptInState.Pending, Assert.Single(await site.RequestsAsync()).State);
        }

        Assert.Equal(1, await gateway.CountMailsAsync());
        await gateway.PassAsync(TimeSpan.FromDays(6.9));

        Assert.Contains("You can close this page now.", await ConfirmAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_left_late_expires_a_week_later_and_then_offers_a_new_mail()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();
        gateway.Clock.Advance(TimeSpan.FromDays(28));
        Assert.Equal(1, await gateway.CountMailsAsync());

        await gateway.PassAsync(TimeSpan.FromDays(7.1));

        Assert.Equal(OptInState.Expired, Assert.Single(await site.RequestsAsync()).State);
        Assert.Contains("This link has expired", await ConfirmAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_mail_that_is_replayed_after_its_time_asks_again_and_can_be_answered()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();
        var id = await FailAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromDays(8));
        Assert.Equal(OptInState.Expired, Assert.Single(await site.RequestsAsync()).State);

        var replayed = await RunAsync(gateway, "failed", "replay", id);

        Assert.Equal((0, "It will be tried again within a minute."), (replayed.Code, replayed.Output.Trim()));
        Assert.Equal(1, await gateway.CountMailsAsync());
        Assert.Contains("You can close this page now.", await ConfirmAsync(gateway), StringComparison.Ordinal);
        Assert.Equal(
            SubscriptionState.Confirmed,
            await gateway.InDatabaseAsync(db => db.Subscriptions.Select(row => row.State).SingleAsync())
        );
    }

    [Fact]
    public async Task A_failed_mail_to_somebody_who_had_left_before_is_replayed_like_any_other()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        await ConfirmAsync(gateway);
        await LeaveAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromDays(8));
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();
        var id = await FailAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromDays(8));
        var expired = await StateAsync(gateway);

        var replayed = await RunAsync(gateway, "failed", "replay", id);
        await gateway.WorkAsync();
        await ConfirmAsync(gateway);

        Assert.Equal((SubscriptionState.Unsubscribed, 0), (expired, replayed.Code));
        Assert.Equal(SubscriptionState.Confirmed, await StateAsync(gateway));
    }

    [Fact]
    public async Task A_mail_whose_question_was_answered_is_not_replayed_and_says_why()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();
        var id = await FailAsync(gateway);
        gateway.Clock.Advance(TimeSpan.FromMinutes(11));
        await site.SignUpAsync("ada@shop.example");
        Assert.Equal(1, await gateway.CountMailsAsync());
        await ConfirmAsync(gateway);

        var replayed = await RunAsync(gateway, "failed", "replay", id);

        Assert.Equal(1, replayed.Code);
        Assert.Contains("It is not needed any more", replayed.Error, StringComparison.Ordinal);
        Assert.Equal(1, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task A_mail_that_waits_while_another_one_is_confirmed_is_cancelled_and_no_failure()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<ProcessSubmissions>();
        await gateway.InDatabaseAsync(db =>
            db.Messages.ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, gateway.Clock.GetUtcNow().UtcDateTime.AddHours(1)))
        );
        gateway.Clock.Advance(TimeSpan.FromMinutes(11));
        await site.SignUpAsync("ada@shop.example");
        Assert.Equal(1, await gateway.CountMailsAsync());
        await ConfirmAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromHours(1));

        var rows = await gateway.InDatabaseAsync(db => db.Messages.OrderBy(row => row.Id).ToListAsync());
        Assert.Equal([MessageState.Cancelled, MessageState.Sent], rows.Select(row => row.State));
        Assert.Equal((null, null), (rows[0].Secrets, rows[0].DueAt));
        Assert.Equal("Nothing has failed.", (await RunAsync(gateway, "failed", "list")).Output.Trim());
        Assert.Equal("Nothing was dismissed.", (await RunAsync(gateway, "failed", "list", "--dismissed")).Output.Trim());
        Assert.Equal("Nothing was dismissed.", (await RunAsync(gateway, "failed", "list", "--by-cause", "--dismissed")).Output.Trim());
    }

    private static Task<SubscriptionState> StateAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db => db.Subscriptions.Select(row => row.State).SingleAsync());

    private static async Task LeaveAsync(Replica gateway)
    {
        var row = await gateway.InDatabaseAsync(db => db.Subscriptions.AsNoTracking().SingleAsync());
        await gateway.InScopeAsync<IServiceProvider, bool>(async scope =>
        {
            var end = scope.GetRequiredService<EndSubscription>();
            await scope
                .GetRequiredService<GatewayDb>()
                .WriteAsync(
                    () => end.UnsubscribeAsync(row.ContactId, [row.ListId], "page", CancellationToken.None),
                    CancellationToken.None
                );
            return true;
        });
        Assert.Equal(SubscriptionState.Unsubscribed, await StateAsync(gateway));
    }

    /// <summary>The server refuses the one mail that waits.</summary>
    private static async Task<string> FailAsync(Replica gateway)
    {
        var id = await gateway.InDatabaseAsync(db => db.Messages.Where(row => row.DueAt != null).Select(row => row.Id).SingleAsync());
        await gateway.InDatabaseAsync(db =>
            db.Messages.Where(row => row.Id == id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(row => row.State, MessageState.Failed)
                        .SetProperty(row => row.Answer, "550 5.2.2 Mailbox full")
                        .SetProperty(row => row.DueAt, (DateTime?)null)
                )
        );
        return PublicId.Format(PublicId.Message, id);
    }

    /// <summary>Presses the button of the last mail that left.</summary>
    private static async Task<string> ConfirmAsync(Replica gateway)
    {
        var path = Link().Match((await gateway.MailsAsync())[^1].TextBody ?? "").Value;
        using var answer = await gateway.Browser.PostAsync(path, new FormUrlEncodedContent([new("do", "confirm")]));
        return await answer.Content.ReadAsStringAsync();
    }

    private static Task<CommandResult> RunAsync(Replica gateway, params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);

    [GeneratedRegex(@"/c/[\w-]{20,}")]
    private static partial Regex Link();
}
