using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Lists;

/// <summary>An account at a list provider, and who is on its list.</summary>
internal interface IListMembers
{
    /// <summary>The adapter's key: <c>mailchimp</c>.</summary>
    string Provider { get; }

    /// <summary>The settings of a connection to the account.</summary>
    JsonObject Settings { get; }

    /// <summary>The list that the account has.</summary>
    string ListId { get; }

    /// <returns>Whether the person gets what is sent to the list.</returns>
    bool IsSubscribed(string email);

    /// <returns>The value of a property as the provider has it; null when it has none.</returns>
    string? PropertyOf(string email, string name);
}

/// <summary>An account as the contract of list adapters needs it.</summary>
internal interface IListAccount : IListMembers
{
    /// <summary>The settings with a credential that the provider does not know.</summary>
    JsonObject WrongSettings { get; }

    /// <summary>Whether the provider keeps that somebody left, so that only a fresh confirmation may take it back.</summary>
    bool RemembersLeavers => true;

    /// <summary>Whether it tells which lists it has.</summary>
    bool HasCatalog => true;

    /// <returns>How often the provider took the person as a subscriber.</returns>
    int TimesTaken(string email);

    /// <summary>The person leaves at the provider.</summary>
    void LeavesThere(string email);

    /// <summary>How every call is answered from now on; null as the provider does.</summary>
    void AnswerWith(HttpResponseMessage? answer);
}

/// <summary>
/// What every adapter for lists has to do. A new one passes it by a class that derives from this one and an <see cref="IListAccount"/>; it
/// goes through the gateway's own doors, over a connection.
/// </summary>
public abstract class ListAdapterContract
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    private protected GatewayUnderTest Gateway => gateway;

    private protected abstract Task<IListAccount> NewAccountAsync();

    [Fact]
    public async Task Who_confirmed_is_subscribed_with_name_and_properties_and_who_leaves_is_not()
    {
        var (site, account) = await ConnectAsync();

        var ada = await site.SubscribeAsync(
            "ada@example.org",
            change: (contact, _) => (contact.Name, contact.Properties) = ("Ada Lovelace", """{"favourite city":"Turin"}""")
        );
        await site.ToldAsync(ada);
        Assert.True(account.IsSubscribed("ada@example.org"));
        Assert.Equal("Turin", account.PropertyOf("ada@example.org", "favourite city"));

        await site.UnsubscribeAsync(ada);
        await site.SyncedAsync(ada, row => row.Synced == DesiredState.Unsubscribed);
        Assert.False(account.IsSubscribed("ada@example.org"));
    }

    [Fact]
    public async Task Many_at_once_arrive_once_each_and_one_who_is_refused_holds_up_nobody()
    {
        var (site, account) = await ConnectAsync();
        string[] good = ["a@example.org", "b@example.org", "c@example.org"];

        var rows = await site.SubscribeAsync([good[0], "refused@example.org", .. good[1..]]);
        foreach (var row in rows.Where((_, at) => at != 1))
        {
            await site.ToldAsync(row);
        }

        var refused = await site.SyncedAsync(rows[1], row => row.Failure is not null);
        Assert.DoesNotContain("refused@", refused.Failure, StringComparison.Ordinal);
        Assert.All(good, email => Assert.True(account.IsSubscribed(email)));
        Assert.All(good, email => Assert.Equal(1, account.TimesTaken(email)));
    }

    [Fact]
    public async Task Who_left_there_comes_back_by_a_fresh_confirmation_alone()
    {
        var (site, account) = await ConnectAsync();
        if (!account.RemembersLeavers)
        {
            return;
        }

        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);
        account.LeavesThere("ada@example.org");

        await site.EnqueueAsync(ada, DesiredState.Subscribed, fresh: false);
        await site.SyncedAsync(ada, row => row.DueAt is null && row.DesiredVersion > 1);
        Assert.False(account.IsSubscribed("ada@example.org"));

        await site.EnqueueAsync(ada, DesiredState.Subscribed, fresh: true);
        await site.SyncedAsync(ada, row => row.DueAt is null && row.DesiredVersion > 2);
        Assert.True(account.IsSubscribed("ada@example.org"));
    }

    [Fact]
    public async Task Who_is_not_there_can_leave()
    {
        var (site, account) = await ConnectAsync();
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);
        var eve = await site.SubscribeAsync("eve@example.org", change: (_, row) => row.State = SubscriptionState.Unsubscribed);

        var left = await site.SyncedAsync(eve, row => row.DueAt is null);

        Assert.Null(left.Failure);
        Assert.False(account.IsSubscribed("eve@example.org"));
    }

    [Fact]
    public async Task A_wrong_key_is_told_before_it_is_stored()
    {
        var account = await NewAccountAsync();
        var site = await gateway.NewSiteAsync();

        var refused = await site.ConnectionsAsync(
            HttpMethod.Post,
            body: ConnectionCalls.NewConnection(account.Provider, account.WrongSettings.ToJsonString())
        );

        Assert.Equal((HttpStatusCode.BadRequest, "connection_failed"), (refused.Status, refused.Code));
        Assert.All(
            account.WrongSettings.Where(one => one.Key is not ("url" or "user")),
            one => Assert.DoesNotContain((string)one.Value!, refused.Text, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(401, "", "failing")]
    [InlineData(403, "{}", "failing")]
    [InlineData(500, "<html>", "failing")]
    [InlineData(429, "", "failing")]
    public async Task What_concerns_the_account_holds_the_connection_and_afterwards_everybody_arrives_once(
        int status,
        string body,
        string state
    )
    {
        var (site, account, connection) = await ConnectedAsync();
        account.AnswerWith(FakeList.Json((HttpStatusCode)status, body));
        var rows = await site.SubscribeAsync(["a@example.org", "b@example.org", "c@example.org"]);
        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == state);
        Assert.False(account.IsSubscribed("a@example.org"));

        account.AnswerWith(null);

        // Whoever failed before anybody else waits a time of their own.
        await gateway.AdvanceBetweenBatchesAsync(TimeSpan.FromMinutes(2));
        await Eventually.BecomesTrueAsync(async () =>
        {
            // As an operator presses "try now".
            await site.ConnectionsAsync(HttpMethod.Patch, $"/{connection}", new JsonObject { ["settings"] = new JsonObject() });
            return await gateway.InDatabaseAsync(db =>
                    db.ListSyncs.CountAsync(row => row.SiteId == site.Id && row.Synced == DesiredState.Subscribed)
                ) == rows.Length;
        });

        Assert.All(["a@example.org", "b@example.org", "c@example.org"], email => Assert.Equal(1, account.TimesTaken(email)));
        await Eventually.BecomesTrueAsync(async () => await StateAsync(site, connection) == "works");
    }

    [Fact]
    public async Task Its_lists_can_be_chosen_from_a_menu()
    {
        var (site, account, connection) = await ConnectedAsync();
        var answer = await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}/lists");

        Assert.Equal(account.HasCatalog ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        if (account.HasCatalog)
        {
            Assert.Contains(answer.Json["items"]!.AsArray(), one => (string?)one!["id"] == account.ListId);
        }
    }

    private async Task<(SiteUnderTest Site, IListAccount Account)> ConnectAsync()
    {
        var (site, account, _) = await ConnectedAsync();
        return (site, account);
    }

    private async Task<(SiteUnderTest Site, IListAccount Account, string Connection)> ConnectedAsync()
    {
        var account = await NewAccountAsync();
        var site = await gateway.NewSiteAsync();
        var connection = await site.ConnectedAsync(account.Provider, account.Settings.ToJsonString());
        await site.KeepsListAsync(account, connection);
        return (site, account, connection);
    }

    private static async Task<string?> StateAsync(SiteUnderTest site, string connection) =>
        (string?)(await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}")).Json["state"];
}
