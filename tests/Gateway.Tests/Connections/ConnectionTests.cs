using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Connections;

/// <summary>A site's own accounts at providers: made, tried, changed and deleted through the API.</summary>
public sealed class ConnectionTests
{
    private const string Mailjet = """{"apiKey":"good-key-of-somebody","secretKey":"good-secret"}""";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public ConnectionTests() => gateway.Mailjet.Accounts["good-key-of-somebody:good-secret"] = true;

    [Fact]
    public async Task One_that_works_is_stored_and_never_shows_a_secret_again()
    {
        var site = await gateway.NewSiteAsync();

        var added = await site.ConnectionsAsync(HttpMethod.Post, body: ConnectionCalls.NewConnection("mailjet", Mailjet));
        var id = (string)added.Json["id"]!;
        var read = await site.ConnectionsAsync(HttpMethod.Get, $"/{id}");
        var all = await site.ConnectionsAsync(HttpMethod.Get);

        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal($"/v1/connections/{id}", added.Headers.Location?.ToString());
        Assert.Equal(
            ("works", "key …body", "site"),
            ((string?)read.Json["state"], (string?)read.Json["account"], (string?)read.Json["owner"])
        );
        Assert.Equal(["apiKey", "secretKey"], read.Json["secrets"]!.AsArray().Select(one => (string)one!));
        Assert.All([added, read, all], answer => Assert.DoesNotContain("good-", answer.Text, StringComparison.Ordinal));
        Assert.Contains(all.Json["items"]!.AsArray(), one => (string?)one!["id"] == id);
        Assert.Contains(all.Json["items"]!.AsArray(), one => one!["id"] is null && (string?)one["owner"] == "installation");
        var row = await RowAsync(id);
        Assert.DoesNotContain("good", row!.Settings, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            ("connection.added", row.CreatedBy),
            await gateway.InDatabaseAsync(async db =>
            {
                var entry = await db.Audit.SingleAsync(one => one.Subject == id);
                return (entry.Action, entry.Actor);
            })
        );
    }

    [Fact]
    public async Task One_that_the_provider_refuses_is_told_in_a_sentence_and_not_stored_unless_somebody_insists()
    {
        var site = await gateway.NewSiteAsync();
        var body = ConnectionCalls.NewConnection("mailjet", """{"apiKey":"revoked","secretKey":"key"}""");

        var refused = await site.ConnectionsAsync(HttpMethod.Post, body: body);
        Assert.Equal((HttpStatusCode.BadRequest, "connection_failed"), (refused.Status, (string?)refused.Json["code"]));
        Assert.Contains("Mailjet refuses the credentials (401).", (string)refused.Json["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("revoked", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(site));

        body["test"] = false;
        var kept = await site.ConnectionsAsync(HttpMethod.Post, body: body);
        Assert.Equal((HttpStatusCode.Created, "untested"), (kept.Status, (string?)kept.Json["state"]));

        var tried = await site.ConnectionsAsync(HttpMethod.Post, $"/{kept.Json["id"]}/test");
        Assert.Equal((HttpStatusCode.OK, false), (tried.Status, (bool)tried.Json["works"]!));
        var failing = await site.ConnectionsAsync(HttpMethod.Get, $"/{kept.Json["id"]}");
        Assert.Equal("failing", (string?)failing.Json["state"]);
        Assert.NotNull(failing.Json["since"]);
    }

    [Theory]
    [InlineData("kind", """{"kind":"fax","provider":"mailjet","name":"A","settings":{}}""")]
    [InlineData("kind", """{"provider":"mailjet","name":"A","settings":{}}""")]
    [InlineData("provider", """{"kind":"list","provider":"twilio","name":"A","settings":{}}""")]
    [InlineData("provider", """{"kind":"sms","name":"A","settings":{}}""")]
    [InlineData("name", """{"kind":"list","provider":"mailjet","name":" ","settings":{}}""")]
    [InlineData("settings", """{"kind":"list","provider":"mailjet","name":"A"}""")]
    [InlineData("settings", """{"kind":"list","provider":"mailjet","name":"A","settings":{"apiKey":"a"}}""")]
    [InlineData(
        "settings.baseUrl",
        """{"kind":"list","provider":"mailjet","name":"A","settings":{"baseUrl":"http://169.254.169.254"}}"""
    )]
    [InlineData("settings.apiKey", """{"kind":"list","provider":"mailjet","name":"A","settings":{"apiKey":["a"],"secretKey":"b"}}""")]
    [InlineData(
        "settings.messagesPerSecond",
        """{"kind":"sms","provider":"twilio","name":"A","settings":{"messagesPerSecond":"fast"}}"""
    )]
    [InlineData(
        "settings",
        """{"kind":"sms","provider":"twilio","name":"A","settings":{"accountSid":"AC1","authToken":"t","from":"ACME"}}"""
    )]
    public async Task What_cannot_be_one_is_a_400_that_names_the_field(string field, string body)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ConnectionsAsync(HttpMethod.Post, body: JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Equal([field], answer.Json["errors"]!.AsObject().Select(one => one.Key));
        Assert.Equal(0, await CountAsync(site));
    }

    [Theory]
    [InlineData("""{"kind":"list","provider":"mailjet","name":"A","settings":{"apiKey":"a","apiKey":"b"}}""")]
    [InlineData("""{"kind":"list","provider":"mailjet","name":"A","settings":{"apiKey":"a","APIKEY":"b"}}""")]
    [InlineData("""{"kind":"list","provider":"mailjet","name":"A\u001b[2J","settings":{}}""")]
    [InlineData("""{"kind":"sms","provider":"twilio","name":"A","settings":{"messagesPerSecond":1e-300}}""")]
    public async Task What_no_person_would_write_is_a_400_as_well(string body)
    {
        var site = await gateway.NewSiteAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/connections")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", await site.TokenAsync(Gateway.Features.Sites.Scopes.Connections));

        using var answer = await site.Browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await CountAsync(site));
    }

    [Fact]
    public async Task A_token_that_did_not_ask_for_the_scope_reads_and_changes_none()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.ConnectedAsync("mailjet", Mailjet);

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Post, "/v1/connections", ConnectionCalls.NewConnection("mailjet", Mailjet))).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/connections/{id}")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Get, "/v1/connections", scope: Gateway.Features.Sites.Scopes.Contacts)).Status
        );
    }

    [Fact]
    public async Task Another_sites_connection_does_not_exist()
    {
        var owner = await gateway.NewSiteAsync();
        var id = await owner.ConnectedAsync("mailjet", Mailjet);
        var other = await gateway.NewSiteAsync();

        foreach (
            var (method, path, body) in new (HttpMethod, string, JsonNode?)[]
            {
                (HttpMethod.Get, "", null),
                (HttpMethod.Patch, "", new JsonObject { ["name"] = "Mine" }),
                (HttpMethod.Post, "/test", null),
                (HttpMethod.Get, "/lists", null),
                (HttpMethod.Delete, "", null),
            }
        )
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.ConnectionsAsync(method, $"/{id}{path}", body)).Status);
        }

        var theirs = await AddListAsync(other, id, "1");
        Assert.True(theirs.IsRefused(out var why, out _));
        Assert.Contains("The site has no connection", why.Message, StringComparison.Ordinal);
        Assert.Equal("Ours", (await RowAsync(id))!.Name);
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name_also_the_secrets()
    {
        var site = await gateway.NewSiteAsync();
        var id = await site.ConnectedAsync("mailjet", Mailjet);
        gateway.Mailjet.Accounts["good-key-of-somebody:rotated"] = true;

        var renamed = await site.ConnectionsAsync(HttpMethod.Patch, $"/{id}", new JsonObject { ["name"] = " Newsletter " });
        var rotated = await site.ConnectionsAsync(
            HttpMethod.Patch,
            $"/{id}",
            new JsonObject { ["settings"] = new JsonObject { ["secretKey"] = "  rotated\n" } }
        );
        var wrong = await site.ConnectionsAsync(
            HttpMethod.Patch,
            $"/{id}",
            new JsonObject { ["settings"] = new JsonObject { ["secretKey"] = "wrong" } }
        );
        var lacking = await site.ConnectionsAsync(
            HttpMethod.Patch,
            $"/{id}",
            new JsonObject { ["settings"] = new JsonObject { ["secretKey"] = null } }
        );

        Assert.Equal((HttpStatusCode.OK, "Newsletter"), (renamed.Status, (string?)renamed.Json["name"]));
        Assert.Equal((HttpStatusCode.OK, "works"), (rotated.Status, (string?)rotated.Json["state"]));
        Assert.Equal("connection_failed", (string?)wrong.Json["code"]);
        Assert.Equal("invalid_request", (string?)lacking.Json["code"]);
        Assert.True((bool)(await site.ConnectionsAsync(HttpMethod.Post, $"/{id}/test")).Json["works"]!);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Two_of_one_name_are_told_apart_before_they_exist()
    {
        var site = await gateway.NewSiteAsync();
        await site.ConnectedAsync("mailjet", Mailjet);

        var again = await site.ConnectionsAsync(HttpMethod.Post, body: ConnectionCalls.NewConnection("mailjet", Mailjet, name: "OURS"));

        Assert.Equal((HttpStatusCode.Conflict, "name_taken"), (again.Status, (string?)again.Json["code"]));
    }

    [Fact]
    public async Task What_a_provider_needs_is_told_before_anybody_asks()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ConnectionsAsync(HttpMethod.Get, "/providers");

        var twilio = Assert.Single(answer.Json["items"]!.AsArray(), one => (string?)one!["provider"] == "twilio");
        Assert.Contains(twilio!["settings"]!.AsArray(), one => (string?)one!["name"] == "authToken" && (bool)one["secret"]!);
        Assert.DoesNotContain(twilio["settings"]!.AsArray(), one => (string?)one!["name"] == "baseUrl");
        Assert.Equal(
            ["brevo", "listmonk", "mailchimp", "mailerlite", "mailjet", "webhook"],
            answer.Json["items"]!.AsArray().Where(one => (string?)one!["kind"] == "list").Select(one => (string)one!["provider"]!).Order()
        );
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Two_sites_with_two_accounts_never_cross_and_one_that_fails_holds_up_nobody_else()
    {
        var (ann, bob) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var (anns, bobs) = ($"ann-{ann.Id:N}:secret", $"bob-{bob.Id:N}:secret");
        (gateway.Mailjet.Accounts[anns], gateway.Mailjet.Accounts[bobs]) = (true, true);
        var (annsList, bobsList) = (gateway.Mailjet.NewList(anns), gateway.Mailjet.NewList(bobs));
        var annsConnection = await ann.ConnectedAsync("mailjet", SettingsOf(anns));
        var bobsConnection = await bob.ConnectedAsync("mailjet", SettingsOf(bobs));

        // Each sees its own lists alone, and a list of the other's account is none.
        Assert.Equal([annsList.Id], await MenuAsync(ann, annsConnection));
        Assert.Equal([bobsList.Id], await MenuAsync(bob, bobsConnection));
        await MoveAsync(ann, annsConnection, annsList.Id);
        await MoveAsync(bob, bobsConnection, bobsList.Id);
        await ann.ToldAsync(await ann.SubscribeAsync("ada@example.org"));
        await bob.ToldAsync(await bob.SubscribeAsync("bea@example.org"));
        Assert.Equal("ada@example.org", Assert.Single(annsList.Told).Email);
        Assert.Equal("bea@example.org", Assert.Single(bobsList.Told).Email);

        // Ann's key is revoked: what is hers waits, and Bob does not notice.
        gateway.Mailjet.Accounts.TryRemove(anns, out _);
        var waiting = await ann.SubscribeAsync("eve@example.org");
        await Eventually.BecomesTrueAsync(async () =>
            (string?)(await ann.ConnectionsAsync(HttpMethod.Get, $"/{annsConnection}")).Json["state"] == "failing"
        );
        await bob.ToldAsync(await bob.SubscribeAsync("bob@example.org"));
        Assert.Equal("works", (string?)(await bob.ConnectionsAsync(HttpMethod.Get, $"/{bobsConnection}")).Json["state"]);

        // A new key, and everything arrives, once.
        var fresh = $"fresh-{ann.Id:N}:secret";
        gateway.Mailjet.Accounts[fresh] = true;
        annsList.Account = fresh;
        var changed = await ann.ConnectionsAsync(
            HttpMethod.Patch,
            $"/{annsConnection}",
            new JsonObject { ["settings"] = JsonNode.Parse(SettingsOf(fresh)) }
        );
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        await ann.ToldAsync(waiting);
        Assert.Equal("eve@example.org", Assert.Single(annsList.Told, one => one.Email != "ada@example.org").Email);
        Assert.DoesNotContain(bobsList.Told, one => one.Email is "ada@example.org" or "eve@example.org");
        await Eventually.BecomesTrueAsync(async () =>
            (string?)(await ann.ConnectionsAsync(HttpMethod.Get, $"/{annsConnection}")).Json["state"] == "works"
        );
    }

    [Fact]
    public async Task One_that_a_list_is_kept_over_stays()
    {
        var site = await gateway.NewSiteAsync();
        var account = $"kept-{site.Id:N}:secret";
        gateway.Mailjet.Accounts[account] = true;
        var id = await site.ConnectedAsync("mailjet", SettingsOf(account));
        await MoveAsync(site, id, gateway.Mailjet.NewList(account).Id);

        var used = await site.ConnectionsAsync(HttpMethod.Delete, $"/{id}");
        Assert.Equal((HttpStatusCode.Conflict, "connection_in_use"), (used.Status, (string?)used.Json["code"]));
        Assert.Contains(site.ListId, (string)used.Json["detail"]!, StringComparison.Ordinal);

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(list => list.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(list => list.ConnectionId, (Guid?)null)),
                CancellationToken.None
            )
        );
        Assert.Equal(HttpStatusCode.NoContent, (await site.ConnectionsAsync(HttpMethod.Delete, $"/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.ConnectionsAsync(HttpMethod.Delete, $"/{id}")).Status);
    }

    private static string SettingsOf(string account) =>
        new JsonObject { ["apiKey"] = account.Split(':')[0], ["secretKey"] = account.Split(':')[1] }.ToJsonString();

    private static async Task<IEnumerable<string>> MenuAsync(SiteUnderTest site, string connection) =>
        (await site.ConnectionsAsync(HttpMethod.Get, $"/{connection}/lists")).Json["items"]!.AsArray().Select(one => (string)one!["id"]!);

    private Task<Result<ContactList>> AddListAsync(SiteUnderTest site, string connection, string providerList) =>
        gateway.InScopeAsync<ConfigureLists, Result<ContactList>>(lists =>
            lists.AddAsync(new(site.Id, "Ours", ProviderListId: providerList, Connection: connection), CancellationToken.None)
        );

    /// <summary>Keeps the site's list in an account, as if it had been there from the start.</summary>
    private Task<int> MoveAsync(SiteUnderTest site, string connection, string providerList) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(list => list.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(list => list.Provider, "mailjet")
                                .SetProperty(list => list.ProviderListId, providerList)
                                .SetProperty(list => list.ConnectionId, PublicId.Parse(PublicId.Connection, connection))
                        ),
                CancellationToken.None
            )
        );

    private Task<Connection?> RowAsync(string id) =>
        gateway.InScopeAsync<ConnectionStore, Connection?>(connections =>
            connections.FindAsync(PublicId.Parse(PublicId.Connection, id), CancellationToken.None)
        );

    private async Task<int> CountAsync(SiteUnderTest site) =>
        (
            await gateway.InScopeAsync<ConnectionStore, List<Connection>>(connections =>
                connections.PageAsync(site.Id, after: null, 100, CancellationToken.None)
            )
        ).Count;
}
