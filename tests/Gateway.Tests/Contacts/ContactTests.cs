using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>Reading, searching and unsubscribing contacts, and what is refused.</summary>
[Trait("Database", "both")]
public sealed class ContactTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@contacts.example";

    [Fact]
    public async Task A_contact_is_found_by_its_address_however_it_is_typed()
    {
        var site = await gateway.NewSiteAsync();
        var added = await site.ProveAsync(email);

        var found = await SearchAsync(site, $"  {email.ToUpperInvariant()} ");
        var nobody = await SearchAsync(site, "nobody@contacts.example");
        var nonsense = await SearchAsync(site, "nonsense");

        Assert.Equal(
            added.Text,
            Assert
                .Single(found.Json["items"]!.AsArray())!
                .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        );
        Assert.Null(found.Json["next"]);
        Assert.Equal((HttpStatusCode.OK, 0), (nobody.Status, nobody.Json["items"]!.AsArray().Count));
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.Status);
        Assert.NotNull(nonsense.Json["errors"]!["email"]);
    }

    [Fact]
    public async Task Leaving_one_list_is_recorded_told_and_may_be_said_again()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        var id = (await site.ProveAsync(email)).Id;

        var left = await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });
        var again = await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });

        Assert.Equal((HttpStatusCode.OK, "unsubscribed"), (left.Status, left.Status()));
        Assert.Null(left.Json["suppressed"]);
        Assert.Equal(left.Text, again.Text);
        Assert.Equal([ConsentKind.Proven, ConsentKind.Unsubscribed], (await site.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Equal("api", (string?)JsonNode.Parse(Assert.Single(await site.EventsAsync(EventTypes.SubscriptionUnsubscribed)))!["by"]);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(list.About(email).Any(told => told.Action == "unsub")));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Leaving_everything_is_every_list_and_a_suppression()
    {
        var one = await Subscriber.SignUpAsync(gateway);
        await one.Site.ConfirmAsync(one.Confirm);
        await one.JoinAnotherAsync("Offers");
        var id = (string)(await SearchAsync(one.Site, one.Address)).Json["items"]![0]!["id"]!;

        var left = await one.Site.UnsubscribeAsync(id);

        Assert.Equal(["unsubscribed", "unsubscribed"], left.Json["subscriptions"]!.AsArray().Select(row => (string?)row!["status"]));
        Assert.Equal("unsubscribed", (string?)left.Json["suppressed"]);
        Assert.Equal(
            "api",
            await gateway.InDatabaseAsync(db =>
                db.Suppressions.Where(row => row.SiteId == one.Site.Id && row.ListId == Guid.Empty)
                    .Select(row => row.Source)
                    .SingleAsync()
            )
        );
    }

    [Fact]
    public async Task Leaving_everything_needs_no_body()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email)).Id;

        var left = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/contacts/{id}/unsubscribe", body: null, "contacts");

        Assert.Equal((HttpStatusCode.OK, "unsubscribed"), (left.Status, (string?)left.Json["suppressed"]));
    }

    [Fact]
    public async Task Another_site_sees_and_touches_nothing()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = (await mine.ProveAsync(email)).Id;

        Assert.Equal(HttpStatusCode.NotFound, (await other.ReadContactAsync(id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.UnsubscribeAsync(id)).Status);
        Assert.Empty((await SearchAsync(other, email)).Json["items"]!.AsArray());
        var foreign = await other.AddContactAsync(email, change: body => body["list"] = mine.ListId);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.Status);
        Assert.NotNull(foreign.Json["errors"]!["list"]);
        var leaving = await mine.UnsubscribeAsync(id, new() { ["list"] = other.ListId });
        Assert.NotNull(leaving.Json["errors"]!["list"]);
        Assert.Equal("confirmed", (await mine.ReadContactAsync(id)).Status());
    }

    [Theory]
    [InlineData("con_0199c1c27a307c4e9f513f0c6a2b8d12")]
    [InlineData("con_1")]
    [InlineData("sub_0199c1c27a307c4e9f513f0c6a2b8d12")]
    public async Task An_unknown_contact_is_not_found(string id)
    {
        var site = await gateway.NewSiteAsync();

        Assert.Equal(
            (HttpStatusCode.NotFound, "not_found"),
            await site.ReadContactAsync(id) is var read ? (read.Status, read.Code) : default
        );
        Assert.Equal(HttpStatusCode.NotFound, (await site.UnsubscribeAsync(id)).Status);
    }

    [Fact]
    public async Task Writing_needs_the_scope_and_reading_is_allowed_with_read()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email)).Id;

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts", site.Contact(email), "read")).Status
        );
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Post, $"/v1/contacts/{id}/unsubscribe", new JsonObject(), "read")).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}", scope: "sms")).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}", scope: "contacts")).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", new JsonObject { ["email"] = email }, "read")).Status
        );
    }

    [Theory]
    [InlineData("""{"email":"ada"}""", "email")]
    [InlineData("""{"email":null}""", "email")]
    [InlineData("""{"email":"ada@example.org\r\nBcc: eve@example.org"}""", "email")]
    [InlineData("""{"email":"Ada <ada@example.org>"}""", "email")]
    [InlineData("""{"list":null}""", "list")]
    [InlineData("""{"list":"news"}""", "list")]
    [InlineData("""{"optIn":"single"}""", "optIn")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"a\ud800b"}""", "name")]
    [InlineData("""{"name":[7]}""", "name")]
    [InlineData("""{"language":["fr"]}""", "language")]
    [InlineData("""{"properties":{"":"x"}}""", "properties")]
    [InlineData("""{"properties":{"a\u0000":"x"}}""", "properties")]
    [InlineData("""{"properties":{"city":[7]}}""", "properties.city")]
    [InlineData("""{"properties":{"city":"a\u0000b"}}""", "properties.city")]
    [InlineData("""{"properties":{"city":"a\udfffb"}}""", "properties.city")]
    [InlineData("""{"properties":[]}""", "properties")]
    [InlineData("""{"optIn":"proven","consent":null}""", "consent.text")]
    [InlineData("""{"optIn":"proven","consent":{"text":"Yes","source":" ","at":"2026-03-01T10:00:00Z"}}""", "consent.source")]
    [InlineData("""{"optIn":"proven","consent":{"text":"Yes","source":"Fair"}}""", "consent.at")]
    [InlineData("""{"optIn":"proven","consent":{"text":"Yes","source":"Fair","at":"2026-03-01T10:00:00"}}""", "consent.at")]
    [InlineData("""{"optIn":"proven","consent":{"text":"Yes","source":"Fair","at":"2099-03-01T10:00:00Z"}}""", "consent.at")]
    [InlineData("""{"consent":{"text":"a\u0000b"}}""", "consent.text")]
    [InlineData("""{"consent":{"at":"yesterday"}}""", "consent.at")]
    public async Task What_makes_no_sense_is_refused_with_the_name_of_the_field(string change, string field)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await PostAsync(site, Changed(site, change));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]![field]);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task Too_much_is_refused()
    {
        var site = await gateway.NewSiteAsync();

        var many = await site.AddContactAsync(
            email,
            change: body =>
                body["properties"] = new JsonObject(Enumerable.Range(0, 51).Select(at => KeyValuePair.Create($"p{at}", (JsonNode?)"x")))
        );
        var longName = await site.AddContactAsync(
            email,
            change: body => body["properties"] = new JsonObject { [new string('p', 61)] = "x" }
        );
        var longValue = await site.AddContactAsync(
            email,
            change: body => body["properties"] = new JsonObject { ["city"] = new string('x', 1001) }
        );
        var most = await site.AddContactAsync(
            email,
            change: body =>
                body["properties"] = new JsonObject(
                    Enumerable.Range(0, 50).Select(at => KeyValuePair.Create($"{at}".PadLeft(60, 'p'), (JsonNode?)new string('x', 1000)))
                )
        );

        Assert.NotNull(many.Json["errors"]!["properties"]);
        Assert.NotNull(longName.Json["errors"]!["properties"]);
        Assert.NotNull(longValue.Json["errors"]!["properties.city"]);
        Assert.Equal(HttpStatusCode.Accepted, most.Status);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{")]
    public async Task What_is_no_object_is_refused(string body)
    {
        var site = await gateway.NewSiteAsync();

        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_request"),
            await PostAsync(site, body) is var answer ? (answer.Status, answer.Code) : default
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(site, body, "/v1/contacts/search")).Status);
    }

    [Fact]
    public async Task Nothing_of_a_person_is_logged()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email, body => body["name"] = "Marker of the log")).Id;
        await SearchAsync(site, email);
        await site.UnsubscribeAsync(id);

        Assert.DoesNotContain(
            gateway.LogLines(),
            line =>
                line.Contains(email, StringComparison.OrdinalIgnoreCase) || line.Contains("Marker of the log", StringComparison.Ordinal)
        );
    }

    private static Task<Answer> SearchAsync(SiteUnderTest site, string address) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", new JsonObject { ["email"] = address }, "read");

    /// <summary>
    /// A good request in which some members are others: put together as text, since not everything that is sent can be a
    /// <see cref="JsonNode"/>.
    /// </summary>
    private string Changed(SiteUnderTest site, string change)
    {
        var good = site.Contact(email);
        var names = System
            .Text.RegularExpressions.Regex.Matches(change, "[{,]\"(email|name|language|list|properties|optIn|consent)\":")
            .Select(found => found.Groups[1].Value);
        foreach (var name in names)
        {
            good.Remove(name);
        }

        return good.ToJsonString()[..^1] + "," + change[1..];
    }

    private static async Task<Answer> PostAsync(SiteUnderTest site, string body, string path = "/v1/contacts")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", await site.TokenAsync("contacts"));
        using var response = await site.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }
}
