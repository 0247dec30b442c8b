using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Rates;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.OptIn.Hygiene;

/// <summary>
/// Who is asked whether they stay has 30 days from when the mail left, however late that is; whom no mail reached was not asked.
/// </summary>
public sealed partial class LateQuestionTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_mail_that_the_brake_held_for_a_month_leaves_and_its_time_begins_then()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync(change: row => row.Brake = true);
        await AddAsync(site, "ada");
        await AskAsync(site);
        await BrakeAsync(site);
        await gateway.PassAsync(TimeSpan.FromDays(31));

        Assert.Equal((0, 1, 0), await ListAsync(site));
        Assert.Equal(0, await RemoveAsync(site));
        Assert.Empty(await gateway.MailsAsync());

        await RunAsync(gateway, "rates", "release", site.Keys.Site);
        await gateway.PassAsync(TimeSpan.FromDays(1));
        var leftOn = gateway.Clock.GetUtcNow();
        var link = await LinkAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromDays(29));
        Assert.Equal((0, 1, 0), await ListAsync(site));
        Assert.Contains("Yes, I stay", await gateway.Browser.GetStringAsync(link), StringComparison.Ordinal);

        await gateway.PassAsync(TimeSpan.FromDays(1));
        Assert.Equal((0, 0, 1), await ListAsync(site));
        Assert.Contains("This link has expired", await StayAsync(gateway, link), StringComparison.Ordinal);
        Assert.Equal(1, await RemoveAsync(site));
        Assert.Equal([SubscriptionState.Removed], await StatesAsync(gateway));
        var entry = await gateway.InDatabaseAsync(db => db.Consents.AsNoTracking().SingleAsync(row => row.Kind == ConsentKind.Removed));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Asked on {leftOn:yyyy-MM-dd} "),
            Encoding.UTF8.GetString(entry.Entry),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_was_never_reached_is_not_taken_off_and_can_answer_once_the_mail_is_tried_again()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await AddAsync(site, "ada");
        await AskAsync(site);
        var message = await RefusedAsync(gateway);
        await gateway.PassAsync(TimeSpan.FromDays(60));

        Assert.Equal((0, 1, 0), await ListAsync(site));
        Assert.Equal(0, await RemoveAsync(site));

        Assert.Equal(0, (await RunAsync(gateway, "failed", "replay", message)).Code);
        await gateway.WorkAsync();
        Assert.Contains("Thank you, you stay!", await StayAsync(gateway, await LinkAsync(gateway)), StringComparison.Ordinal);
        await gateway.PassAsync(TimeSpan.FromDays(31));
        Assert.Equal((0, 0, 0), await ListAsync(site));
    }

    [Fact]
    public async Task Who_stays_after_the_mail_was_forgotten_is_not_taken_off_and_who_does_not_is()
    {
        (string, string)[] settings = [("Hygiene__AnswerDays", "60"), ("Retention__Days", "30")];
        await using var gateway = await Replica.StartAsync(database, clock: null, settings);
        var site = await gateway.AddSiteAsync();
        await AddAsync(site, "ada");
        await AskAsync(site);
        await gateway.WorkAsync();
        var link = await LinkAsync(gateway);
        await AddAsync(site, "bob");
        await AskAsync(site);
        await gateway.WorkAsync();
        await gateway.PassAsync(TimeSpan.FromDays(59));
        await ForgetAsync(gateway);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Messages.CountAsync()));

        Assert.Contains("Thank you, you stay!", await StayAsync(gateway, link), StringComparison.Ordinal);
        await gateway.PassAsync(TimeSpan.FromDays(2));
        Assert.Equal((0, 0, 1), await ListAsync(site));
    }

    [Fact]
    public async Task No_more_are_asked_in_an_hour_than_is_set()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Hygiene__MailsPerHour", "2"));
        var site = await gateway.AddSiteAsync();
        await AddAsync(site, "ada", "bob", "cleo");

        var before = gateway.Clock.GetUtcNow().UtcDateTime;
        await AskAsync(site);
        var first = await RoundAsync(gateway);
        Assert.Equal(2, first.Done);
        Assert.InRange(first.DueAt!.Value, before.AddHours(1), gateway.Clock.GetUtcNow().UtcDateTime.AddHours(1));
        gateway.Clock.Advance(TimeSpan.FromMinutes(59));
        await gateway.WorkAsync<WorkRounds>();
        Assert.Equal(2, (await RoundAsync(gateway)).Done);

        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        await gateway.WorkAsync<WorkRounds>();
        var last = await RoundAsync(gateway);
        Assert.Equal((3, true), (last.Done, last.EndedAt is not null));
    }

    [Fact]
    public async Task A_decision_that_cannot_be_carried_out_holds_up_no_other_and_stands_as_failed_in_the_end()
    {
        await using var gateway = await Replica.StartAsync(database);
        var (broken, fine) = (await gateway.AddSiteAsync(), await gateway.AddSiteAsync());
        foreach (var site in new[] { broken, fine })
        {
            await AddAsync(site, "ada");
            await AskAsync(site);
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await gateway.WorkAsync();
        gateway.Clock.Advance(TimeSpan.FromDays(31));
        await PropertiesAsync(broken, "no JSON");
        Assert.Equal(1, await DecideToRemoveAsync(broken));
        Assert.Equal(1, await DecideToRemoveAsync(fine));

        await gateway.WorkAsync<WorkRounds>();
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Removed], await StatesAsync(gateway));
        Assert.Equal("Nothing has failed.", (await RunAsync(gateway, "failed", "list")).Output.Trim());

        for (var hour = 0; hour < 5; hour++)
        {
            gateway.Clock.Advance(TimeSpan.FromHours(1));
            await gateway.WorkAsync<WorkRounds>();
        }

        var failed = await RunAsync(gateway, "failed", "list");
        Assert.Contains("It could not be carried out", failed.Output, StringComparison.Ordinal);
        var round = await gateway.InDatabaseAsync(db => db.HygieneRounds.AsNoTracking().SingleAsync(row => row.Failure != null));
        Assert.Equal((broken.Row.Id, null, 0), (round.SiteId, round.DueAt, round.Done));

        await PropertiesAsync(broken, "{}");
        Assert.Equal(0, (await RunAsync(gateway, "failed", "replay", PublicId.Format(PublicId.HygieneRound, round.Id))).Code);
        await gateway.WorkAsync<WorkRounds>();
        Assert.Equal([SubscriptionState.Removed, SubscriptionState.Removed], await StatesAsync(gateway));
    }

    [Fact]
    public async Task Nothing_is_left_of_somebody_who_was_taken_off_and_did_not_come_back()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await AddAsync(site, "ada");
        await AskAsync(site);
        await gateway.PassAsync(TimeSpan.FromDays(1));
        await gateway.PassAsync(TimeSpan.FromDays(31));
        Assert.Equal(1, await RemoveAsync(site));

        await site.SignUpAsync(Address(site, "ada"));
        await gateway.WorkAsync();
        await gateway.PassAsync(TimeSpan.FromDays(8));
        await gateway.PassAsync(TimeSpan.FromDays(31));

        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync()));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Repermissions.CountAsync()));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.LinkTokens.CountAsync()));
    }

    [Fact]
    public async Task Links_that_work_no_longer_are_forgotten()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("bob@shop.example");
        await gateway.WorkAsync();
        await AddAsync(site, "ada");
        await AskAsync(site);

        gateway.Clock.Advance(TimeSpan.FromDays(399));
        await ForgetAsync(gateway);
        Assert.Equal(3, await gateway.InDatabaseAsync(db => db.LinkTokens.CountAsync()));

        gateway.Clock.Advance(TimeSpan.FromDays(2));
        await ForgetAsync(gateway);
        Assert.Equal(
            [LinkPurpose.Confirm],
            await gateway.InDatabaseAsync(db => db.LinkTokens.Select(token => token.Purpose).ToListAsync())
        );
    }

    private static string Address(ReplicaSite site, string name) => $"{name}@{site.Row.Id:N}.example";

    /// <summary>Puts people on the site's list who have been silent for seven months.</summary>
    private static Task AddAsync(ReplicaSite site, params string[] names)
    {
        var now = site.Replica.Clock.GetUtcNow().UtcDateTime;
        return site.Replica.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    var list = await db.Lists.Where(row => row.SiteId == site.Row.Id).Select(row => row.Id).SingleAsync();
                    foreach (var address in names.Select(name => Address(site, name)))
                    {
                        var contact = new Contact
                        {
                            Id = Guid.CreateVersion7(),
                            SiteId = site.Row.Id,
                            Address = address,
                            AddressKey = address,
                            CreatedAt = now,
                        };
                        var subscription = Subscription.New(site.Row.Id, contact.Id, list, site.Replica.Clock.GetUtcNow());
                        (subscription.State, subscription.ConfirmedAt) = (SubscriptionState.Confirmed, now.AddMonths(-7));
                        subscription.LastSignOn = DateOnly.FromDateTime(now).AddMonths(-7);
                        db.AddRange(contact, subscription);
                    }

                    return await db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
    }

    private static async Task AskAsync(ReplicaSite site)
    {
        Assert.Equal(0, (await RunAsync(site.Replica, "hygiene", "ask", "--list", site.Lists[0])).Code);
        await site.Replica.WorkAsync<WorkRounds>();
    }

    private static async Task<int> DecideToRemoveAsync(ReplicaSite site) =>
        (await RunAsync(site.Replica, "hygiene", "remove", "--list", site.Lists[0], "--unanswered", "--json"))
            .Json.GetProperty("people")
            .GetInt32();

    private static async Task<int> RemoveAsync(ReplicaSite site)
    {
        var people = await DecideToRemoveAsync(site);
        await site.Replica.WorkAsync<WorkRounds>();
        return people;
    }

    /// <summary>So many complained that the site's bulk mail stops.</summary>
    private static Task BrakeAsync(ReplicaSite site) =>
        site.Replica.InScopeAsync<IServiceProvider, bool>(async scope =>
        {
            var now = site.Replica.Clock.GetUtcNow().UtcDateTime;
            var sum = new MailRate
            {
                SiteId = site.Row.Id,
                Day = DateOnly.FromDateTime(now),
                Sender = "shop.example",
                Provider = "gmail.com",
                Sent = 1000,
                Complained = 50,
            };
            var db = scope.GetRequiredService<GatewayDb>();
            var rates = scope.GetRequiredService<MailRateStore>();
            await db.WriteAsync(() => rates.AddAsync([sum], CancellationToken.None), CancellationToken.None);
            await scope.GetRequiredService<WatchRates>().LookAsync(now, CancellationToken.None);
            return true;
        });

    /// <summary>The server refuses the one mail that waits.</summary>
    private static async Task<string> RefusedAsync(Replica gateway)
    {
        var message = await gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().SingleAsync(row => row.DueAt != null));
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.Id == message.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.State, MessageState.Failed)
                                .SetProperty(row => row.Answer, "550 5.7.1 Refused")
                                .SetProperty(row => row.DueAt, (DateTime?)null)
                        ),
                CancellationToken.None
            )
        );
        return PublicId.Format(PublicId.Message, message.Id);
    }

    /// <summary>Deletes what is settled and old, all of it.</summary>
    private static async Task ForgetAsync(Replica gateway)
    {
        var pass = gateway.Services.GetRequiredService<SettledPass>();
        pass.Begin(gateway.Clock.GetUtcNow().UtcDateTime);
        while (pass.NextAt - gateway.Clock.GetUtcNow().UtcDateTime < TimeSpan.FromHours(1))
        {
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            await gateway.InScopeAsync<DeleteSettled, int>(worker => worker.RunBatchAsync(CancellationToken.None));
        }
    }

    private static Task PropertiesAsync(ReplicaSite site, string json) =>
        site.Replica.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Contacts.Where(row => row.SiteId == site.Row.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Properties, json)),
                CancellationToken.None
            )
        );

    /// <summary>As the report counts them.</summary>
    private static async Task<(int ToAsk, int Waiting, int Unanswered)> ListAsync(ReplicaSite site)
    {
        var report = (await RunAsync(site.Replica, "hygiene", "report", "--list", site.Lists[0], "--json")).Json;
        var list = report[0].GetProperty("hygiene").GetProperty("lists")[0];
        return (list.GetProperty("toAsk").GetInt32(), list.GetProperty("waiting").GetInt32(), list.GetProperty("unanswered").GetInt32());
    }

    private static Task<HygieneRound> RoundAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db => db.HygieneRounds.AsNoTracking().SingleAsync());

    /// <summary>In the order in which they were put on their lists.</summary>
    private static Task<List<SubscriptionState>> StatesAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db => db.Subscriptions.OrderBy(row => row.Id).Select(row => row.State).ToListAsync());

    /// <returns>The path of the link to stay in the last mail that left.</returns>
    private static async Task<string> LinkAsync(Replica gateway) =>
        StayLink().Match((await gateway.MailsAsync())[^1].TextBody ?? "").Value;

    /// <summary>Presses the button.</summary>
    private static async Task<string> StayAsync(Replica gateway, string link)
    {
        using var answer = await gateway.Browser.PostAsync(link, new FormUrlEncodedContent([new("do", "stay")]));
        return await answer.Content.ReadAsStringAsync();
    }

    private static Task<CommandResult> RunAsync(Replica gateway, params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", arguments);

    [GeneratedRegex(@"/stay/[\w-]{32}")]
    private static partial Regex StayLink();
}
