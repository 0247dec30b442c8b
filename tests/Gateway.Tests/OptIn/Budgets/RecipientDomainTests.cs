using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Domains with nobody behind them: throw-away addresses, and those that take no mail.</summary>
public sealed class RecipientDomainTests : IDisposable
{
    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Domains_of_throw_away_addresses_count_as_one_domain()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Budget__DomainPerHour", "3"));
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["a@mailinator.com", "b@sharklasers.com", "c@yopmail.com", "d@x.mailinator.com", "e@guerrillamail.com"]);

        Assert.Equal(3, await gateway.CountMailsAsync());
        Assert.All(await site.RequestsAsync(), request => Assert.Equal("disposable", request.Domain));
    }

    [Fact]
    public async Task They_are_refused_where_the_operator_wants_that_and_it_shows()
    {
        await using var gateway = await Replica.StartAsync(database, clock: null, ("Confirmations__Domains__Disposable", "refuse"));
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["a@mailinator.com", "ada@shop.example"]);

        Assert.Equal(1, await gateway.CountMailsAsync());
        var refused = (await site.RequestsAsync()).Single(request => request.State == OptInState.Refused);
        Assert.Equal(HoldReason.Disposable, refused.HeldFor);
        Assert.Equal(1, (int)(await site.StatusAsync()).Json["confirmations"]!["refused"]!);
    }

    [Fact]
    public async Task The_operators_own_file_takes_the_place_of_the_list()
    {
        var file = Path.Combine(database.Folder, "domains.txt");
        await File.WriteAllTextAsync(file, "# ours\nTrash.example\n");
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Domains__Disposable", "refuse"),
            ("Confirmations__Domains__DisposableFile", file)
        );
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["a@trash.example", "b@mailinator.com"]);

        Assert.Equal(1, await gateway.CountMailsAsync());
    }

    [Theory]
    [InlineData("record", 1)]
    [InlineData("refuse", 0)]
    [InlineData("allow", 2)]
    public async Task A_domain_that_takes_no_mail_is_counted_or_refused(string action, int mails)
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Domains__NoMail", action),
            ("Confirmations__Budget__DomainPerHour", "1")
        );
        gateway.Servers.Answer("nomail.example", false);
        gateway.Servers.Answer("nothing.example", false);
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["ada@nomail.example", "ada@nothing.example"]);

        Assert.Equal(mails, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task Name_servers_that_say_nothing_hold_nobody_up()
    {
        await using var gateway = await Replica.StartAsync(
            database,
            clock: null,
            ("Confirmations__Domains__NoMail", "refuse"),
            ("Confirmations__Domains__TimeLimit", "00:00:00.05")
        );
        gateway.Servers.SaysNothing("slow.example");
        gateway.Servers.Answer("unsure.example", null);
        var site = await gateway.AddSiteAsync();

        await site.SignUpAsync(["ada@slow.example", "ada@unsure.example"]);

        Assert.Equal(2, await gateway.CountMailsAsync());
    }

    [Fact]
    public async Task An_answer_is_remembered_and_nobody_is_asked_where_that_is_switched_off()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("ada@shop.example");
        await gateway.WorkAsync();
        await site.SignUpAsync("eve@shop.example");
        await gateway.WorkAsync();
        Assert.Equal(1, gateway.Servers.Asked);

        using var other = new TestDatabase();
        await using var silent = await Replica.StartAsync(other, clock: null, ("Confirmations__Domains__AskDns", "false"));
        await (await silent.AddSiteAsync()).SignUpAsync("ada@shop.example");
        Assert.Equal(1, await silent.CountMailsAsync());
        Assert.Equal(0, silent.Servers.Asked);
    }
}
