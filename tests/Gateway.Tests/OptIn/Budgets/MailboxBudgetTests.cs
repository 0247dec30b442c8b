using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Nobody's mailbox is filled, whatever writing of its address, list, site or visitor a stranger uses.</summary>
[Trait("Database", "both")]
public sealed class MailboxBudgetTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Two_hundred_plus_addresses_of_one_mailbox_get_a_handful_of_mails_in_a_week()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(Enumerable.Range(0, 200).Select(number => $"ada+{number}@shop.example"), FromAnywhere);

        Assert.Equal(3, await gateway.CountMailsAsync());
        var held = (await site.RequestsAsync()).FindAll(request => request.State == OptInState.Held);
        Assert.Equal(197, held.Count);
        Assert.All(held, request => Assert.Equal(HoldReason.Mailbox, request.HeldFor));
        Assert.Contains(gateway.LogLines(), line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("held back"));
        Assert.DoesNotContain(gateway.LogLines(), line => line.Contains("shop.example", StringComparison.Ordinal));

        for (var hours = 0; hours < 8 * 24; hours += 6)
        {
            await gateway.PassAsync(TimeSpan.FromHours(6));
        }

        // After a week the last of them are given up, visibly.
        Assert.InRange(await gateway.CountMailsAsync(), 10, 20);
        Assert.DoesNotContain(await site.RequestsAsync(), request => request.State == OptInState.Held);
        Assert.InRange((await site.RequestsAsync()).Count(request => request.State == OptInState.Refused), 180, 190);
    }

    [Fact]
    public async Task Dots_and_the_other_domain_of_a_provider_that_ignores_them_make_no_other_mailbox()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        const string name = "victimname";
        var variants = Enumerable
            .Range(0, 25)
            .Select(bits => string.Concat(name.Select((letter, at) => (bits >> at) % 2 == 1 ? $".{letter}" : $"{letter}")).TrimStart('.'))
            .SelectMany(local => new[] { $"{local}@gmail.com", $"{local.ToUpperInvariant()}+x@googlemail.com" });

        await site.SignUpAsync(variants, FromAnywhere);

        Assert.Equal(3, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task Where_dots_count_two_writings_are_two_mailboxes()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["ada.b@shop.example", "adab@shop.example", "a.dab@shop.example", "ad.ab@shop.example"], FromAnywhere);

        Assert.Equal(4, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task Every_writing_of_a_mailbox_spends_its_budget()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerHour", "1"));
        string[] writings =
        [
            "\"victim\"@shop0.example",
            "\"vic\\tim\"@shop1.example",
            "VICTIM@SHOP2.example",
            "victim+news@shop3.example",
            "\"victim+a b\"@shop4.example",
        ];
        foreach (var (number, other) in writings.Index())
        {
            var site = await gateway.AddSiteAsync(lists: 2);
            await site.SignUpAsync($"victim@shop{number}.example");
            await gateway.WorkAsync();

            await (site with { Lists = [site.Lists[1]] }).SignUpAsync(other);

            Assert.Equal((other, number + 1), (other, await gateway.CountMailsAsync()));
            Assert.Equal((other, OptInState.Held), (other, (await site.RequestsAsync())[^1].State));
        }
    }

    [Fact]
    public async Task Lists_and_sites_share_the_mailbox_and_no_site_learns_of_the_other()
    {
        await using var gateway = await Replica.StartAsync(database);
        var first = await gateway.AddSiteAsync(lists: 5);
        var second = await gateway.AddSiteAsync();

        foreach (var list in first.Lists)
        {
            await (first with { Lists = [list] }).SignUpAsync("ada@shop.example");
            await gateway.WorkAsync();
        }

        var answer = await second.SignUpAsync("ada@shop.example");
        var other = await second.SignUpAsync("eve@shop.example");

        Assert.Equal(4, await gateway.CountMailsAsync());
        Assert.Equal(answer.Text.Length, other.Text.Length);
        var waiting = (await second.StatusAsync()).Json["heldBack"]!["waiting"]!.AsArray();
        Assert.Equal(("installation", 1), ((string?)Assert.Single(waiting)!["reason"], (int)waiting[0]!["count"]!));
        Assert.Equal(2, (int)(await first.StatusAsync()).Json["confirmations"]!["held"]!);

        await gateway.PassAsync(TimeSpan.FromMinutes(75));

        Assert.Equal(7, await gateway.CountMailsAsync());
        Assert.Empty((await second.StatusAsync()).Json["heldBack"]!["waiting"]!.AsArray());
    }

    [Fact]
    public async Task Whoever_asks_again_while_their_mail_waits_gets_one_mail()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerHour", "1"));
        var site = await gateway.AddSiteAsync(lists: 2);
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        var other = site with { Lists = [site.Lists[1]] };
        await other.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        await gateway.PassAsync(TimeSpan.FromMinutes(12));

        await other.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();

        var requests = await site.RequestsAsync();
        Assert.Equal([OptInState.Pending, OptInState.Voided, OptInState.Held], requests.Select(request => request.State));
        await gateway.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task A_mail_that_waited_has_a_link_that_lives_as_long_as_any_other()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerDay", "1"));
        var site = await gateway.AddSiteAsync(lists: 2);
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        await (site with { Lists = [site.Lists[1]] }).SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();

        await gateway.PassAsync(TimeSpan.FromHours(25));
        await gateway.PassAsync(TimeSpan.FromDays(6.5));

        var waited = (await site.RequestsAsync()).Single(request => request.State == OptInState.Pending);
        Assert.True(waited.ExpiresAt > gateway.Clock.GetUtcNow().UtcDateTime);
        Assert.Null(waited.Visitor);
        var link = System
            .Text.RegularExpressions.Regex.Match((await gateway.MailsAsync())[^1].TextBody!, @"/c/([\w-]{32})")
            .Groups[1]
            .Value;
        using var answer = await gateway.Browser.PostAsync($"/c/{link}", new FormUrlEncodedContent([new("do", "confirm")]));
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_counted_names_nobody_and_goes_when_it_is_over()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example", "198.51.100.7");
        await gateway.WorkAsync();

        var rows = await gateway.InDatabaseAsync(db => db.MailSpending.AsNoTracking().ToListAsync());
        Assert.Equal(["domain", "mailbox", "network", "site", "visitor"], rows.Select(row => row.Key.Split(' ')[0]).Order());
        Assert.All(rows, row => Assert.Matches("^[a-z]+ [0-9a-f]{32}$", row.Key));

        await gateway.PassAsync(TimeSpan.FromDays(7.1));

        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.MailSpending.CountAsync()));
    }

    [Fact]
    public async Task The_site_is_told_of_a_sign_up_whether_its_mail_waits_or_not()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__MailboxPerDay", "1"));
        var site = await gateway.AddSiteAsync(lists: 2);

        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        await (site with { Lists = [site.Lists[1]] }).SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();

        var events = await gateway.InDatabaseAsync(db => db.Events.CountAsync(row => row.Type == EventTypes.SubscriptionPending));
        Assert.Equal(2, events);
        var waiting = await gateway.InDatabaseAsync(db => db.Subscriptions.CountAsync(row => row.IsHeldBack));
        Assert.Equal(1, waiting);
    }

    private static string FromAnywhere(int number) => $"198.{18 + (number / 250)}.{number % 250}.7";
}
