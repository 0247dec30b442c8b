using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>
/// Mails that are sent once more take from the same budgets as sign-ups: nobody is bombed by them, and no site gets more.
/// </summary>
[Trait("Database", "both")]
public sealed class ResendBudgetTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Where_the_mailbox_had_its_mails_it_says_when_the_next_one_is_possible()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerHour", "1"));
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(30));

        var full = Assert.IsType<Resent.NoRoom>(await ResendAsync(gateway, site));
        Assert.False(full.IsOfSite);
        Assert.InRange(full.At, Now(gateway), Now(gateway).AddHours(1));
        Assert.Equal(1, await gateway.CountMailsAsync());

        gateway.Clock.Advance(full.At - Now(gateway) + TimeSpan.FromMinutes(1));
        Assert.IsType<Resent.Now>(await ResendAsync(gateway, site));
        Assert.Equal(2, await gateway.CountMailsAsync());
        Assert.Single(await site.RequestsAsync());
    }

    [Fact]
    public async Task What_is_held_back_says_so_and_nothing_more_is_written()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__DomainPerHour", "1"));
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(["eve@shop.example", "ada@shop.example"]);
        await gateway.WorkAsync();
        var held = (await site.RequestsAsync()).Find(request => request.State == OptInState.Held)!;

        Assert.IsType<Resent.HeldBack>(await ResendAsync(gateway, site, held.ContactId));
        Assert.Equal(1, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task While_the_mail_before_has_not_left_there_is_no_second_one()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync<Gateway.Features.Submissions.ProcessSubmissions>();
        gateway.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.IsType<Resent.Waiting>(await ResendAsync(gateway, site));
    }

    [Fact]
    public async Task Many_are_asked_again_as_the_site_has_room_and_each_once()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__SitePerHour", "30"),
            ("Confirmations__Breaker__Mode", "off")
        );
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(Enumerable.Range(0, 45).Select(number => $"ada@shop{number}.example"));
        await gateway.WorkAsync();
        await gateway.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal(45, await gateway.CountMailsAsync());
        await gateway.PassAsync(TimeSpan.FromDays(3));

        var list = await gateway.InDatabaseAsync(db => db.Lists.SingleAsync(row => row.SiteId == site.Row.Id));
        var people = await gateway.InScopeAsync<HygieneRounds, int>(rounds =>
            rounds.ResendAsync(list, 2, "tests", CancellationToken.None)
        );
        await gateway.WorkAsync<WorkRounds>();

        Assert.Equal(45, people);
        Assert.Equal(45 + 30, await gateway.CountMailsAsync());
        Assert.Equal(30, (await RoundAsync(gateway)).Done);
        await gateway.PassAsync(TimeSpan.FromHours(1.5));
        await gateway.WorkAsync<WorkRounds>();
        Assert.Equal(45 + 45, await gateway.CountMailsAsync());
        var round = await RoundAsync(gateway);
        Assert.Equal((45, true), (round.Done, round.EndedAt is not null));
        Assert.Equal(45, (await site.RequestsAsync()).Count);
        Assert.Equal(
            0,
            await gateway.InScopeAsync<HygieneRounds, int>(rounds => rounds.ResendAsync(list, 2, "tests", CancellationToken.None))
        );
    }

    private static DateTime Now(Replica gateway) => gateway.Clock.GetUtcNow().UtcDateTime;

    private static Task<HygieneRound> RoundAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db => db.HygieneRounds.AsNoTracking().SingleAsync());

    private static async Task<Resent> ResendAsync(Replica gateway, ReplicaSite site, Guid? contact = null)
    {
        var person = await gateway.InDatabaseAsync(db =>
            db.Contacts.AsNoTracking().SingleAsync(row => row.SiteId == site.Row.Id && (contact == null || row.Id == contact))
        );
        var list = await gateway.InDatabaseAsync(db => db.Lists.AsNoTracking().SingleAsync(row => row.SiteId == site.Row.Id));
        return await gateway.InScopeAsync<ResendConfirmation, Resent>(resend =>
            resend.ResendAsync(person, list, seen: null, "tests", CancellationToken.None)
        );
    }
}
