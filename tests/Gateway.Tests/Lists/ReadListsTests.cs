using System.Net;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Lists;

[Trait("Database", "both")]
public sealed class ReadListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_token_reads_the_lists_of_its_own_site_only()
    {
        var site = await gateway.NewSiteAsync();
        await gateway.NewSiteAsync(list: other => other.Name = "Somebody else's");

        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/lists", scope: "read");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var item = Assert.Single(answer.Json["items"]!.AsArray());
        Assert.Equal(site.ListId, (string?)item!["id"]);
        Assert.Equal("Newsletter", (string?)item["name"]);
        Assert.Null(answer.Json["next"]);
    }

    [Fact]
    public async Task The_plugin_reads_the_lists_and_the_name_of_its_site()
    {
        var site = await gateway.NewSiteAsync(change: row => row.Name = "Ann's Bakery");

        var answer = await site.SignedAsync(HttpMethod.Get, "lists");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(site.PublicId, (string?)answer.Json["site"]!["id"]);
        Assert.Equal("Ann's Bakery", (string?)answer.Json["site"]!["name"]);
        Assert.Equal(site.ListId, (string?)Assert.Single(answer.Json["items"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task Each_list_says_where_it_is_kept()
    {
        var site = await gateway.NewSiteAsync();
        Assert.IsType<Result<ContactList>.Done>(await AddAsync(site, "Offers", "mailjet", "10234567"));

        var items = (await site.SignedAsync(HttpMethod.Get, "lists")).Json["items"]!.AsArray();

        Assert.Equal(
            [("Newsletter", "local", null), ("Offers", "mailjet", "10234567")],
            items.Select(item => ((string?)item!["name"], (string?)item["provider"], (string?)item["providerList"])).Order()
        );
    }

    [Fact]
    public async Task Pages_follow_one_another_and_name_every_list_once()
    {
        var site = await gateway.NewSiteAsync();
        foreach (var number in Enumerable.Range(1, 6))
        {
            Assert.IsType<Result<ContactList>.Done>(await AddAsync(site, $"List {number}"));
        }

        var names = new List<string>();
        var (next, pages) = ("", 0);
        do
        {
            var page = (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/lists?limit=3{(next is "" ? "" : "&after=" + next)}")).Json;
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            next = (string?)page["next"];
            pages++;
        } while (next is not null);

        Assert.Equal(3, pages);

        // Lists of one millisecond come in any order.
        Assert.Equal(["List 1", "List 2", "List 3", "List 4", "List 5", "List 6", "Newsletter"], names.Order());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("after=7", "after")]
    [InlineData("after=", "after")]
    [InlineData("after=site_01990000000070008000000000000000", "after")]
    public async Task A_bad_value_is_answered_with_the_name_of_the_field(string query, string field)
    {
        var site = await gateway.NewSiteAsync();

        foreach (
            var answer in new[]
            {
                await site.AuthorizedAsync(HttpMethod.Get, "/v1/lists?" + query),
                await site.SignedAsync(HttpMethod.Get, "lists?" + query),
            }
        )
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal("invalid_request", answer.Code);
            Assert.NotNull(answer.Json["errors"]![field]);
        }
    }

    [Fact]
    public async Task Nobody_else_reads_lists()
    {
        var site = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();

        using var anonymous = await site.Browser.GetAsync("/v1/lists");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.SignedAsync(HttpMethod.Get, "lists", siteId: site.PublicId)).Status);
    }

    [Theory]
    [InlineData("mailjet", "123", true)]
    [InlineData("Brevo", "7", true)]
    [InlineData(null, null, true)]
    [InlineData("mailjet", null, false)]
    [InlineData("mailjet", "my-list", false)]
    [InlineData("brevo", "-7", false)]
    [InlineData("local", "7", false)]
    [InlineData("mailchimp", "7", false)]
    public async Task Only_a_list_that_can_be_kept_in_step_is_added(string? provider, string? providerListId, bool isAdded)
    {
        var site = await gateway.NewSiteAsync();

        var outcome = await AddAsync(site, "News", provider, providerListId);

        var items = (await site.SignedAsync(HttpMethod.Get, "lists")).Json["items"]!.AsArray();
        Assert.Equal(isAdded ? 2 : 1, items.Count);
        Assert.Equal(isAdded, outcome is Result<ContactList>.Done);
        Assert.True(isAdded || outcome is Result<ContactList>.Refused { Why.Message.Length: > 20 });
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("News", "nobody")]
    public async Task A_list_needs_a_name_and_a_sender_that_mail_can_come_from(string name, string? from)
    {
        var site = await gateway.NewSiteAsync();

        Assert.IsType<Result<ContactList>.Refused>(await AddAsync(site, name, from: from));
    }

    private static async Task<Result<ContactList>> AddAsync(
        SiteUnderTest site,
        string name,
        string? provider = null,
        string? providerListId = null,
        string? from = null
    )
    {
        await using var scope = site.Gateway.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<ConfigureLists>()
            .AddAsync(new(site.Id, name, provider, providerListId, from), CancellationToken.None);
    }
}
