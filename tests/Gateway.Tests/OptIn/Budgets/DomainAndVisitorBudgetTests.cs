using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>A flood is held back by whom it hits and by where it comes from, and leaves little by little.</summary>
public sealed class DomainAndVisitorBudgetTests : IDisposable
{
    private static readonly int Flood = FullRun.IsAsked ? 1500 : 150;

    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_flood_of_addresses_at_one_domain_leaves_little_by_little()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__DomainPerHour", "20"),
            ("Confirmations__Budget__DomainPerDay", "50"),
            ("Confirmations__Breaker__Mode", "off")
        );
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(People(Flood, "small.example"), FromAnywhere);

        Assert.Equal(20, await gateway.CountMailsAsync());

        // The other domain is not held up by it.
        await site.SignUpAsync(People(5, "other.example"), FromAnywhere);
        Assert.Equal(25, await gateway.CountMailsAsync());

        await gateway.PassAsync(TimeSpan.FromMinutes(75));
        Assert.Equal(45, await gateway.CountMailsAsync());
        await gateway.PassAsync(TimeSpan.FromMinutes(75));
        Assert.Equal(55, await gateway.CountMailsAsync());
        var status = await site.StatusAsync();
        Assert.Equal(Flood - 50, (int)status.Json["confirmations"]!["held"]!);
        await gateway.PassAsync(TimeSpan.FromHours(24));
        Assert.Equal(75, await gateway.CountMailsAsync());

        // Those who came first are asked first.
        var flood = (await site.RequestsAsync()).FindAll(request => request.Domain == "small.example");
        var held = flood.FindAll(request => request.State == OptInState.Held);
        Assert.Equal(Flood - 70, held.Count);
        Assert.True(flood.Except(held).Max(request => request.CreatedAt) <= held.Min(request => request.CreatedAt));
    }

    [Fact]
    public async Task Large_providers_have_wide_budgets_and_an_operator_may_name_more_of_them()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__DomainPerHour", "3"),
            ("Confirmations__Budget__LargeDomains", "Town.example, village.example"),
            ("Confirmations__Breaker__Mode", "off")
        );
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync([.. People(9, "gmail.com"), .. People(9, "town.example"), .. People(9, "hamlet.example")], FromAnywhere);

        Assert.Equal(9 + 9 + 3, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task What_stands_below_a_registered_domain_counts_as_that_domain()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__DomainPerHour", "3"),
            ("Confirmations__Breaker__Mode", "off")
        );
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(Enumerable.Range(0, 30).Select(number => $"joe@s{number}.victim.example"), FromAnywhere);
        await site.SignUpAsync(["joe@mail.one.co.uk", "joe@mail.two.co.uk", "joe@three.co.uk", "joe@four.co.uk"], FromAnywhere);

        Assert.Equal(3 + 4, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task Visitors_and_their_networks_have_budgets()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__VisitorPerHour", "4"),
            ("Confirmations__Budget__NetworkPerHour", "8")
        );

        // No two share a network.
        (string From, int People, int Mails)[] all =
        [
            ("198.51.100.{0}", 1, 1), // one address
            ("203.0.113.{0}", 30, 8), // a /24
            ("198.18.{0}.1", 30, 30),
            ("2001:db8:1:2::{0}", 30, 4), // a /64
            ("2001:db8:2:2{0:00}::1", 30, 8), // a /56
            ("2001:db8:1{0:00}::1", 30, 30),
            ("::ffff:192.0.2.{0}", 30, 8),
            ("10.0.0.1", 30, 30), // a proxy's, and so everybody's
            ("192.0.3.{0}:1000", 30, 8), // as headers have them
            ("192.0.4.7, 10.0.0.{0}", 30, 4),
            ("for=192.0.5.7", 30, 4),
            ("\"[2001:db8:3:2::{0}]:443\"", 30, 4),
            ("fe80::1%eth{0}", 30, 4),
            ("not an address but {0}", 30, 8), // all such of a site
            ("", 30, 30),
        ];
        foreach (var (row, (from, people, mails)) in all.Index())
        {
            var before = await gateway.CountMailsAsync();
            await (await gateway.AddSiteAsync()).SignUpAsync(
                Enumerable.Range(0, people).Select(number => $"ada@shop{row}-{number}.example"),
                number => string.Format(System.Globalization.CultureInfo.InvariantCulture, from, number + 1)
            );

            Assert.Equal((from, mails), (from, await gateway.CountMailsAsync() - before));
        }
    }

    [Fact]
    public async Task A_visitor_is_counted_also_where_the_site_keeps_no_addresses()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__VisitorPerHour", "2"));
        foreach (var (number, keep) in Enum.GetValues<IpStorage>().Index())
        {
            var (site, network) = (await gateway.AddSiteAsync(change: row => row.IpStorage = keep), $"198.51.{number}");

            await site.SignUpAsync(People(6, $"shop{number}.example"), _ => $"{network}.7");
            await site.SignUpAsync(People(2, $"other{number}.example"), visitor => $"{network}.{visitor + 8}");

            await gateway.WorkAsync();
            Assert.Equal((keep, 2 + 2), (keep, await SentAsync()));
            await gateway.PassAsync(TimeSpan.FromMinutes(75));
            Assert.Equal((keep, 4 + 2), (keep, await SentAsync()));

            async Task<int> SentAsync() =>
                (await gateway.MailsAsync()).Count(mail => mail.To.ToString().EndsWith($"{number}.example", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_flood_from_one_visitor_does_not_use_up_the_domain_of_others()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Budget__DomainPerHour", "10"),
            ("Confirmations__Budget__VisitorPerHour", "4")
        );
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync(People(50, "shop.example"), _ => "198.51.100.7");
        await gateway.WorkAsync();

        await site.SignUpAsync("late@shop.example", "203.0.113.9");

        Assert.Equal(5, await gateway.CountMailsAsync());
        Assert.Equal(OptInState.Pending, (await site.RequestsAsync())[^1].State);
    }

    [Fact]
    public async Task A_site_has_a_budget_of_its_own_and_is_told_so()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__SitePerHour", "5"));
        var (busy, quiet) = (await gateway.AddSiteAsync(), await gateway.AddSiteAsync());

        await busy.SignUpAsync(Enumerable.Range(0, 12).Select(number => $"ada@shop{number}.example"));
        await quiet.SignUpAsync("eve@shop.example");

        Assert.Equal(6, await gateway.CountMailsAsync());
        var waiting = Assert.Single((await busy.StatusAsync()).Json["heldBack"]!["waiting"]!.AsArray())!;
        Assert.Equal(("site", 7), ((string?)waiting["reason"], (int)waiting["count"]!));
        var next = DateTime.Parse((string)waiting["nextAt"]!, null, System.Globalization.DateTimeStyles.RoundtripKind);
        Assert.InRange(next - gateway.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(71));
    }

    [Fact]
    public async Task Two_gateways_on_one_database_never_spend_the_last_of_anything_twice()
    {
        var clock = new TestClock();
        (string, string)[] settings = [("Confirmations__Budget__DomainPerHour", "30"), ("Confirmations__Breaker__Mode", "off")];
        await using var first = await Replica.StartAsync(database, clock, settings);
        await using var second = await Replica.StartAsync(database, clock, settings);
        var site = await first.AddSiteAsync();
        var sameSite = site with { Replica = second };

        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(turn =>
                    Task.Run(async () =>
                    {
                        var (gateway, mine) = turn % 2 == 0 ? (first, site) : (second, sameSite);
                        await mine.SignUpAsync(Enumerable.Range(0, 20).Select(number => $"p{turn}-{number}@shop.example"));
                        await gateway.WorkAsync<Features.Submissions.ProcessSubmissions>();
                    })
                )
        );

        await first.WorkAsync();
        var requests = await site.RequestsAsync();
        Assert.Equal(200, requests.Count);
        Assert.Equal(30, requests.Count(request => request.State == OptInState.Pending));
        Assert.Equal(30, await first.CountMailsAsync());
    }

    private static IEnumerable<string> People(int count, string domain) =>
        Enumerable.Range(0, count).Select(number => $"person{number}@{domain}");

    private static string FromAnywhere(int number) => $"198.{18 + (number / 250)}.{number % 250}.7";
}
