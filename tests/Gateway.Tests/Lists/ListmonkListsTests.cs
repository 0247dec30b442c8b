using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Lists.Listmonk;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Lists;

public sealed class ListmonkAdapterTests : ListAdapterContract
{
    private protected override Task<IListAccount> NewAccountAsync() =>
        Task.FromResult<IListAccount>(new ListmonkAccount(new(Gateway.Network, isOlder: false)));
}

public sealed class OlderListmonkAdapterTests : ListAdapterContract
{
    private protected override Task<IListAccount> NewAccountAsync() =>
        Task.FromResult<IListAccount>(new ListmonkAccount(new(Gateway.Network, isOlder: true)));
}

/// <summary>What is listmonk's alone; the rest is in <see cref="ListmonkAdapterTests"/>.</summary>
public sealed class ListmonkListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Who_is_on_other_lists_there_stays_on_them_and_keeps_what_is_known_of_them()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: false);
        listmonk.Add("o'hara@example.org", "enabled", (listmonk.OtherList, "unsubscribed"));
        var site = await ConnectedAsync(listmonk);

        var ada = await site.SubscribeAsync(
            "o'hara@example.org",
            change: (contact, _) => (contact.Name, contact.Properties) = ("Ada O'Hara", """{"city":"Turin"}""")
        );
        await site.ToldAsync(ada);
        await site.UnsubscribeAsync(ada);
        await site.SyncedAsync(ada, row => row.Synced == DesiredState.Unsubscribed);

        var known = listmonk.Subscribers["o'hara@example.org"];
        Assert.Equal(("Ada O'Hara", "Turin"), ((string?)known["name"], (string?)known["attribs"]!["city"]));
        Assert.Equal("4711", (string?)known["attribs"]!["crm"]);
        Assert.Equal("unsubscribed", listmonk.StatusOf("o'hara@example.org", listmonk.List));
        Assert.Equal("unsubscribed", listmonk.StatusOf("o'hara@example.org", listmonk.OtherList));
    }

    [Fact]
    public async Task A_fresh_confirmation_takes_off_the_blocklist_and_onto_this_list_alone()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: false);
        listmonk.Add("ada@example.org", "blocklisted", (listmonk.List, "unsubscribed"), (listmonk.OtherList, "unsubscribed"));
        var site = await ConnectedAsync(listmonk);

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org"));

        Assert.Equal("enabled", (string?)listmonk.Subscribers["ada@example.org"]["status"]);
        Assert.Equal("confirmed", listmonk.StatusOf("ada@example.org", listmonk.List));
        Assert.Equal("unsubscribed", listmonk.StatusOf("ada@example.org", listmonk.OtherList));
    }

    [Fact]
    public async Task An_older_server_that_would_confirm_other_lists_leaves_who_is_on_the_blocklist()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: true) { OverwritesUnsubscribed = true };
        listmonk.Add("ada@example.org", "blocklisted", (listmonk.List, "unsubscribed"), (listmonk.OtherList, "unsubscribed"));
        var site = await ConnectedAsync(listmonk);

        var failed = await site.FailedAsync(await site.SubscribeAsync("ada@example.org"));

        Assert.Contains("on the blocklist", failed.Failure, StringComparison.Ordinal);
        Assert.Equal("blocklisted", (string?)listmonk.Subscribers["ada@example.org"]["status"]);
        Assert.Equal("unsubscribed", listmonk.StatusOf("ada@example.org", listmonk.OtherList));
    }

    [Theory]
    [InlineData("unconfirmed", false)]
    [InlineData("unsubscribed", true)]
    public async Task An_older_server_leaves_other_lists_of_somebody_as_they_are(string status, bool overwrites)
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: true) { OverwritesUnsubscribed = overwrites };
        listmonk.Add("ada@example.org", "enabled", (listmonk.OtherList, status));
        var site = await ConnectedAsync(listmonk);

        var sync = await site.ToldAsync(await site.SubscribeAsync("ada@example.org", change: (contact, _) => contact.Name = "Ada"));

        Assert.Equal("confirmed", listmonk.StatusOf("ada@example.org", listmonk.List));
        Assert.Equal(status, listmonk.StatusOf("ada@example.org", listmonk.OtherList));
        Assert.Contains("changes of name and properties", sync.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_server_takes_the_name_of_who_is_on_this_list_alone()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: true) { OverwritesUnsubscribed = true };
        listmonk.Add("ada@example.org", "enabled", (listmonk.List, "confirmed"));
        var site = await ConnectedAsync(listmonk);

        var sync = await site.ToldAsync(await site.SubscribeAsync("ada@example.org", change: (contact, _) => contact.Name = "Ada"));

        var known = listmonk.Subscribers["ada@example.org"];
        Assert.Equal(("Ada", "4711"), ((string?)known["name"], (string?)known["attribs"]!["crm"]));
        Assert.Null(sync.Remark);
    }

    [Fact]
    public async Task A_list_that_the_user_may_not_see_is_held_by_itself()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: false);
        listmonk.Before = request => Forbids(request, "GET", $"/api/lists/{listmonk.List}");
        var site = await ConnectedAsync(listmonk);

        var held = await site.SyncedAsync(await site.SubscribeAsync("ada@example.org"), row => row.HeldBy is not null);

        var why = await gateway.InDatabaseAsync(db =>
            db.Outages.Where(outage => outage.Connection == held.HeldBy).Select(outage => outage.Reason).SingleAsync()
        );
        Assert.Contains("nothing with this list", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_may_not_be_changed_there_holds_up_nobody_else(bool isOlder)
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder);
        listmonk.Add("ada@example.org", "enabled", (listmonk.OtherList, "confirmed"));
        listmonk.Before = request =>
            Forbids(request, "PUT", "/api/subscribers/lists") ?? Forbids(request, "POST", "/api/subscribers/subscription");
        var site = await ConnectedAsync(listmonk);

        var failed = await site.FailedAsync(await site.SubscribeAsync("ada@example.org"));
        await site.ToldAsync(await site.SubscribeAsync("bob@example.org"));

        Assert.Contains("lists:manage_all", failed.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_there_with_a_domain_in_letters_is_found()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: true);
        listmonk.Add("ada@b\u00fccher.example", "enabled", (listmonk.List, "confirmed"));
        var site = await ConnectedAsync(listmonk);

        var ada = await site.SubscribeAsync("ada@xn--bcher-kva.example");
        await site.ToldAsync(ada);
        await site.UnsubscribeAsync(ada);
        await site.SyncedAsync(ada, row => row.Synced == DesiredState.Unsubscribed);

        Assert.Equal("unsubscribed", listmonk.StatusOf("ada@b\u00fccher.example", listmonk.List));
        Assert.Single(listmonk.Subscribers);
    }

    [Fact]
    public async Task A_list_that_is_not_there_holds_its_people_and_says_so()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: false);
        var site = await ConnectedAsync(listmonk, listmonk.OtherList);

        var held = await site.SyncedAsync(await site.SubscribeAsync("ada@example.org"), row => row.HeldBy is not null);

        var why = await gateway.InDatabaseAsync(db =>
            db.Outages.Where(outage => outage.Connection == held.HeldBy).Select(outage => outage.Reason).SingleAsync()
        );
        Assert.Contains("does not know this list", why, StringComparison.Ordinal);
        Assert.Empty(listmonk.Subscribers);
    }

    [Fact]
    public async Task Who_unsubscribed_there_leaves_here()
    {
        var listmonk = new FakeListmonk(gateway.Network, isOlder: false);
        var site = await ConnectedAsync(listmonk);
        foreach (var row in await site.SubscribeAsync(["ada@example.org", "bob@example.org", "eve@example.org"]))
        {
            await site.ToldAsync(row);
        }

        listmonk.Subscribers["ada@example.org"]["subscriptions"]![$"{listmonk.List}"] = "unsubscribed";

        await using var scope = gateway.Services.CreateAsyncScope();
        var list = await gateway.InDatabaseAsync(db => db.Lists.SingleAsync(one => one.SiteId == site.Id));
        var provider = await scope.ServiceProvider.GetRequiredService<ListProviders>().OpenAsync(list, CancellationToken.None);
        Assert.False(provider.IsRefused(out _, out var opened));
        var reading = await ((IListReader)opened!).ReadAsync(list, CancellationToken.None);

        Assert.Equal(["ada@example.org"], reading.People!.Where(one => one.Value.IsOff).Select(one => one.Key));
        Assert.Equal(3, reading.People!.Count);
    }

    [Theory]
    [InlineData("https://192.168.0.7")]
    [InlineData("https://listmonk.localdomain")]
    [InlineData("http://listmonk.example.org")]
    [InlineData("https://user:password@listmonk.example.org")]
    public void A_server_that_may_not_be_called_is_refused(string url) =>
        Assert.NotNull(ListmonkSetup.AddressError(new() { Url = url }, new() { AllowPrivateTargets = false }));

    [Fact]
    public async Task A_name_that_leads_into_the_gateways_own_network_is_not_called()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<INameResolver>(new FakeNames()).AddSingleton<GuardedConnections>();
        services.Configure<HooksOptions>(hooks => hooks.AllowPrivateTargets = false);
        services.AddListmonkLists();
        await using var provider = services.BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(ListmonkSetup.HttpName);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            http.PostAsync("https://127.0.0.1:1/api/lists", content: null)
        );

        Assert.IsType<ForbiddenTargetException>(refused.InnerException);
    }

    private static HttpResponseMessage? Forbids(HttpRequestMessage request, string method, string path) =>
        request.Method.Method == method && request.RequestUri!.AbsolutePath.EndsWith(path, StringComparison.Ordinal)
            ? FakeList.Json(HttpStatusCode.Forbidden, """{"message":"Permission denied"}""")
            : null;

    private async Task<SiteUnderTest> ConnectedAsync(FakeListmonk listmonk, int? list = null)
    {
        var site = await gateway.NewSiteAsync();
        var connection = await site.ConnectedAsync("listmonk", listmonk.SettingsWith().ToJsonString());
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.Provider, "listmonk")
                                .SetProperty(row => row.ProviderListId, $"{list ?? listmonk.List}")
                                .SetProperty(row => row.ConnectionId, PublicId.Parse(PublicId.Connection, connection))
                        ),
                CancellationToken.None
            )
        );
        return site;
    }
}

internal sealed class ListmonkAccount(FakeListmonk listmonk) : IListAccount
{
    public string Provider => "listmonk";

    public JsonObject Settings => listmonk.SettingsWith();

    public JsonObject WrongSettings => listmonk.SettingsWith("wrong-W8rL0pXq2sT4");

    public string ListId => $"{listmonk.List}";

    public bool IsSubscribed(string email) =>
        listmonk.StatusOf(email, listmonk.List) == "confirmed" && (string?)listmonk.Subscribers[email]["status"] == "enabled";

    public int TimesTaken(string email) => listmonk.Taken.GetValueOrDefault(email);

    public string? PropertyOf(string email, string name) => (string?)listmonk.Subscribers[email]["attribs"]![name];

    public void LeavesThere(string email) => listmonk.Subscribers[email]["subscriptions"]![ListId] = "unsubscribed";

    public void AnswerWith(HttpResponseMessage? answer) => listmonk.Before = answer is null ? _ => null : _ => Copies.Of(answer);
}
