using System.Text.Json;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Where many are asked and few confirm, somebody enters the addresses of others.</summary>
[Trait("Database", "both")]
public sealed class BreakerTests : IDisposable
{
    private static readonly (string, string)[] NoOtherLimit =
    [
        .. NoBudgets.Settings.Where(one => one.Key.Contains("Budget", StringComparison.Ordinal)).Select(one => (one.Key, one.Value)),
    ];

    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Where_nobody_confirms_it_is_told_first_and_then_mails_wait_until_it_is_calm()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        // By default 20 a day may be without an answer, and half of them in an hour.
        await site.SignUpAsync(People(0, 10));
        Assert.Equal(10, await gateway.CountMailsAsync());
        Assert.Empty(await EventsAsync(gateway));

        await site.SignUpAsync(People(10, 1));
        Assert.Equal(11, await gateway.CountMailsAsync());
        Assert.Equal(["began False"], await EventsAsync(gateway));

        await site.SignUpAsync(People(11, 60));
        Assert.Equal(20, await gateway.CountMailsAsync());
        Assert.Equal(["began False", "changed True"], await EventsAsync(gateway));
        var held = (await site.StatusAsync()).Json["heldBack"]!;
        Assert.Equal(("unconfirmed", 51), ((string?)held["waiting"]![0]!["reason"], (int)held["waiting"]![0]!["count"]!));
        Assert.Equal(("shop.example", true), ((string?)held["unanswered"]![0]!["domain"], (bool)held["unanswered"]![0]!["holding"]!));
        Assert.Contains(gateway.LogLines(), line => line.Contains("did not confirm", StringComparison.Ordinal));

        // Other domains and other sites go on.
        await site.SignUpAsync(People(0, 5).Select(email => email.Replace("shop", "other", StringComparison.Ordinal)));
        await (await gateway.AddSiteAsync()).SignUpAsync(People(0, 5));
        Assert.Equal(30, await gateway.CountMailsAsync());

        // A day later nobody is waited for any more.
        await gateway.PassAsync(TimeSpan.FromHours(25));
        Assert.InRange(await gateway.CountMailsAsync(), 31, 50);
    }

    [Fact]
    public async Task Mails_that_were_undone_and_made_again_count_once()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();
        gateway.UndoEachOnce();

        await site.SignUpAsync(People(0, 10));
        Assert.Equal(10, await gateway.CountMailsAsync());
        Assert.Empty(await EventsAsync(gateway));

        await site.SignUpAsync(People(10, 20));
        Assert.Equal(20, await gateway.CountMailsAsync());
        Assert.Equal(["began True"], await EventsAsync(gateway));
    }

    [Fact]
    public async Task What_stands_below_a_domain_counts_as_that_domain()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(Enumerable.Range(0, 40).Select(number => $"joe@s{number}.shop.example"));

        Assert.Equal(20, await gateway.CountMailsAsync());
        Assert.Equal("shop.example", (string?)(await site.StatusAsync()).Json["heldBack"]!["unanswered"]![0]!["domain"]);
    }

    [Fact]
    public async Task Where_people_confirm_many_may_be_asked()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        for (var turn = 0; turn < 10; turn++)
        {
            await site.SignUpAsync(People(turn * 20, 20));
            await gateway.WorkAsync();
            await ConfirmAsync(gateway, site, 12);
            gateway.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(200, await gateway.CountMailsAsync());
        Assert.DoesNotContain(await site.RequestsAsync(), request => request.State == OptInState.Held);
    }

    [Fact]
    public async Task It_ends_when_people_confirm_and_that_is_told_too()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(People(0, 25));
        Assert.Equal(20, await gateway.CountMailsAsync());

        await ConfirmAsync(gateway, site, 15);
        await gateway.PassAsync(TimeSpan.FromMinutes(26));

        Assert.Equal(25, await gateway.CountMailsAsync());
        await gateway.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("ended False", (await EventsAsync(gateway))[^1]);
        Assert.Empty((await site.StatusAsync()).Json["heldBack"]!["unanswered"]!.AsArray());
    }

    [Fact]
    public async Task It_only_tells_where_the_operator_wants_no_more()
    {
        await using var gateway = await StartAsync(("Confirmations__Breaker__Mode", "observe"));
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(People(0, 50));

        Assert.Equal(50, await gateway.CountMailsAsync());
        Assert.Equal(["began False"], await EventsAsync(gateway));
    }

    [Fact]
    public async Task Large_providers_need_more_before_it_is_told()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(People(0, 150).Select(email => email.Replace("shop.example", "gmail.com", StringComparison.Ordinal)));

        Assert.Equal(150, await gateway.CountMailsAsync());
        Assert.Equal(["began False"], await EventsAsync(gateway));
    }

    [Theory]
    [InlineData(nameof(IpStorage.None), "198.51.100.{0}", "203.0.{0}.9")]
    [InlineData(nameof(IpStorage.Full), "198.51.100.{0}", "203.0.{0}.9")]
    [InlineData(nameof(IpStorage.Truncated), "2001:db8:1:2{0:00}::1", "2001:db8:{0}::1")]
    public async Task One_network_keeps_nobody_else_waiting(string keep, string stranger, string honest)
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync(change: row => row.IpStorage = Enum.Parse<IpStorage>(keep));

        // What one network brings is told, and its own further mails wait.
        await site.SignUpAsync(People(0, 40), number => From(stranger, number));
        Assert.Equal(20, await gateway.CountMailsAsync());
        Assert.EndsWith("True", (await EventsAsync(gateway))[^1]);

        // Those who come from elsewhere are asked, also by another process that has only the rows, and later.
        await site.SignUpAsync(People(40, 4), number => From(honest, number + 100));
        Assert.Equal(24, await gateway.CountMailsAsync());
        await using var other = await Replica.StartAsync(database, gateway.Clock, NoOtherLimit);
        await (site with { Replica = other }).SignUpAsync(People(44, 6), number => From(honest, number + 110));
        Assert.Equal(30, await other.CountMailsAsync());
        gateway.Clock.Advance(TimeSpan.FromSeconds(10));
        await site.SignUpAsync(People(50, 4), number => From(honest, number + 120));
        Assert.Equal(34, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task What_nobody_knows_the_visitor_of_counts_as_one_network()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(People(0, 40));
        Assert.Equal(20, await gateway.CountMailsAsync());
        await site.SignUpAsync(People(40, 5), number => From("203.0.{0}.9", number));

        Assert.Equal(25, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task Several_networks_together_make_all_mails_wait()
    {
        await using var gateway = await StartAsync();
        var site = await gateway.AddSiteAsync();

        // Ten of each of two networks are 20 unanswered; each counts up to 5, so two more networks may bring 5 each.
        await site.SignUpAsync(People(0, 80), number => From("198.51.{0}.7", number / 10));
        var asked = await gateway.CountMailsAsync();
        Assert.InRange(asked, 20, 30);
        await site.SignUpAsync(People(80, 5), number => From("203.0.{0}.9", number));

        Assert.Equal(asked, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task What_is_held_leaves_by_turns_of_networks()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            [.. NoOtherLimit, ("Confirmations__Breaker__Mode", "off"), ("Confirmations__Budget__DomainPerHour", "4")]
        );
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(People(0, 250), number => From("198.51.100.{0}", number % 200));
        await gateway.WorkAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.SignUpAsync(People(250, 3), number => From("203.0.{0}.9", number));
        Assert.Equal(4, await gateway.CountMailsAsync());

        await gateway.PassAsync(TimeSpan.FromMinutes(71));

        var to = (await gateway.MailsAsync()).Skip(4).Select(mail => mail.To.Mailboxes.Single().Address).ToList();
        Assert.Equal(4, to.Count);
        Assert.All(People(250, 3), late => Assert.Contains(late, to));
    }

    private static string From(string network, int number) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, network, number);

    private Task<Replica> StartAsync(params (string, string)[] settings) =>
        Replica.StartAsync(database, clock: null, [.. NoOtherLimit, .. settings]);

    private static IEnumerable<string> People(int from, int count) =>
        Enumerable.Range(from, count).Select(number => $"person{number}@shop.example");

    /// <summary>So many of those who wait press the button.</summary>
    private static async Task ConfirmAsync(Replica gateway, ReplicaSite site, int count)
    {
        var pending = (await site.RequestsAsync()).FindAll(request => request.State == OptInState.Pending);
        foreach (var request in pending.Take(count))
        {
            await gateway.InScopeAsync<IServiceProvider, bool>(scope =>
            {
                var confirm = scope.GetRequiredService<ConfirmSubscription>();
                return scope
                    .GetRequiredService<GatewayDb>()
                    .WriteAsync(
                        async () => await confirm.ConfirmAsync(request.Id, "button", new(null, null), CancellationToken.None) is not null,
                        CancellationToken.None
                    );
            });
        }
    }

    private static async Task<List<string>> EventsAsync(Replica gateway) =>
        (
            await gateway.InDatabaseAsync(db =>
                db.Events.AsNoTracking().Where(row => row.Type == EventTypes.SiteProblem).OrderBy(row => row.Id).ToListAsync()
            )
        ).ConvertAll(row =>
        {
            var data = JsonSerializer.Deserialize<JsonElement>(row.Data);
            return $"{data.GetProperty("state")} {data.GetProperty("holding")}";
        });
}
