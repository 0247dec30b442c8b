using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>POST /v1/sites/{site}/contacts/batch: who may call, what is refused, and that one bad item never fails the others.</summary>
[Trait("Database", "both")]
public sealed class ContactBatchTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@users.example";

    [Fact]
    public async Task One_bad_item_never_fails_the_others_and_results_stand_in_the_order_of_the_items()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ChangeContactsAsync(
            site.Change(email, "proven", item => item["key"] = "one"),
            JsonValue.Create(7),
            null,
            site.Change("no address", change: item => item["key"] = "four"),
            site.Change("five@users.example", "proven", item => item["key"] = "five")
        );

        var results = answer.Json["results"]!.AsArray();
        Assert.Equal([200, 400, 400, 400, 200], results.Select(result => (int)result!["status"]!));
        Assert.Equal(["one", null, null, "four", "five"], results.Select(result => (string?)result!["key"]));
        Assert.Equal("invalid_request", (string?)results[3]!["problem"]!["code"]);
        Assert.NotNull(results[3]!["problem"]!["errors"]!["email"]);
        Assert.StartsWith("con_", (string?)results[0]!["id"]);
        Assert.Null(results[0]!["problem"]);
        Assert.Equal(2, await site.CountContactsAsync());
    }

    [Theory]
    [InlineData("key", null, "key")]
    [InlineData("action", "remove", "action")]
    [InlineData("email", "Ada <ada@example.org>", "email")]
    [InlineData("list", "lst_nobody", "list")]
    [InlineData("list", "", "list")]
    [InlineData("optIn", "single", "optIn")]
    [InlineData("previousEmail", "nobody", "previousEmail")]
    [InlineData("name", "A\0da", "name")]
    public async Task A_bad_value_is_refused_with_the_name_of_its_field_and_nothing_is_stored(string field, string? value, string named)
    {
        var site = await gateway.NewSiteAsync();

        var result = await site.ChangeContactAsync(site.Change(email, change: item => item[field] = value));

        Assert.Equal((400, "invalid_request"), ((int)result["status"]!, (string?)result["problem"]!["code"]));
        Assert.Equal([named], result["problem"]!["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(0, await site.CountContactsAsync());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("source")]
    [InlineData("at")]
    public async Task A_proof_needs_its_words_its_source_and_its_time(string missing)
    {
        var site = await gateway.NewSiteAsync();

        var result = await site.ChangeContactAsync(site.Change(email, "proven", item => item["consent"]!.AsObject().Remove(missing)));

        Assert.Equal(400, (int)result["status"]!);
        Assert.NotNull(result["problem"]!["errors"]![$"consent.{missing}"]);
        Assert.Equal(0, await site.CountContactsAsync());
    }

    [Fact]
    public async Task What_only_a_list_gives_sense_to_is_refused_without_one()
    {
        var site = await gateway.NewSiteAsync();

        var result = await site.ChangeContactAsync(
            site.Change(email, null, item => (item["optIn"], item["previousEmail"]) = ("double", "old@users.example"))
        );

        Assert.Equal(["optIn", "previousEmail"], result["problem"]!["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Fact]
    public async Task A_lone_surrogate_is_refused_like_any_bad_value()
    {
        var site = await gateway.NewSiteAsync();
        var body = $$"""{"items":[{"key":"k","action":"upsert","email":"{{email}}","name":"\ud83d","list":"{{site.ListId}}"}]}""";

        var answer = await site.SignedAsync(HttpMethod.Post, "contacts/batch", System.Text.Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.OK, 400), (answer.Status, (int)answer.Json["results"]![0]!["status"]!));
        Assert.Equal(0, await site.CountContactsAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_batch_holds_1_to_100_items(int items)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ChangeContactsAsync([.. Enumerable.Range(0, items).Select(_ => site.Change(email))]);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]!["items"]);
    }

    [Fact]
    public async Task Only_the_sites_own_signature_is_taken()
    {
        var site = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();

        var answer = await site.SignedAsync(HttpMethod.Post, "contacts/batch", "{}"u8.ToArray(), siteId: other.PublicId);

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_signature"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Another_sites_list_and_people_are_out_of_reach()
    {
        var site = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();
        await other.ChangeContactAsync(other.Change(email, "proven"));

        var joined = await site.ChangeContactAsync(other.Change(email, "proven"));
        var changed = await site.ChangeContactAsync(site.Change(email, null, item => item["name"] = "Eve"));
        await site.ChangeContactAsync(site.Deletion(email, null));

        Assert.Equal((400, 404), ((int)joined["status"]!, (int)changed["status"]!));
        Assert.Equal(("Ada Lovelace", 0), (await other.NameAsync(email), await site.CountContactsAsync()));
    }

    [Fact]
    public async Task No_address_and_no_name_reaches_the_log()
    {
        var site = await gateway.NewSiteAsync();

        await site.ChangeContactsAsync(
            site.Change(email, "proven"),
            site.Change(email),
            site.Change(email, "single"),
            site.Deletion(email, null)
        );

        Assert.DoesNotContain(gateway.LogLines(), line => line.Contains(email, StringComparison.Ordinal));
    }
}
