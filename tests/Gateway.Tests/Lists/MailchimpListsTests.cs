using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists.Mailchimp;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Lists;

/// <summary>What is Mailchimp's alone; the rest is in <see cref="MailchimpAdapterTests"/>.</summary>
public sealed class MailchimpListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Who_left_there_is_asked_again_by_mailchimp_once_and_it_says_so()
    {
        var mailchimp = new FakeMailchimp(gateway.Network);
        mailchimp.InCompliance["ada@example.org"] = true;
        var site = await ConnectedAsync(mailchimp);

        var sync = await site.ToldAsync(await site.SubscribeAsync("ada@example.org"));

        Assert.Equal("pending", (string?)mailchimp.Members["ada@example.org"]["status"]);
        Assert.Contains("asks them to confirm again", sync.Remark, StringComparison.Ordinal);
        Assert.Equal(1, mailchimp.Taken["ada@example.org"]);
    }

    [Fact]
    public async Task A_name_fills_both_fields_and_the_proof_goes_along()
    {
        var mailchimp = new FakeMailchimp(gateway.Network);
        var site = await ConnectedAsync(mailchimp);

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org", change: (contact, _) => contact.Name = "Ada King Lovelace"));

        var member = mailchimp.Members["ada@example.org"];
        Assert.Equal(("Ada", "King Lovelace"), ((string?)member["merge_fields"]!["FNAME"], (string?)member["merge_fields"]!["LNAME"]));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$", (string)member["timestamp_opt"]!);
    }

    [Fact]
    public async Task Several_who_confirmed_go_in_one_call()
    {
        var mailchimp = new FakeMailchimp(gateway.Network);
        var site = await ConnectedAsync(mailchimp);

        foreach (var row in await site.SubscribeAsync([.. Enumerable.Range(0, 20).Select(at => $"p{at}@example.org")]))
        {
            await site.ToldAsync(row);
        }

        Assert.Single(mailchimp.Calls, call => call == $"POST {mailchimp.ListId}");
        Assert.DoesNotContain(mailchimp.Calls, call => call.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0123456789abcdef-us21", "us21")]
    [InlineData("0123456789abcdef", null)]
    [InlineData("0123456789abcdef-us1.evil.example/x", null)]
    [InlineData("0123456789abcdef-localhost", null)]
    [InlineData("a b-us1", null)]
    [InlineData(null, null)]
    public void Only_a_data_centre_becomes_a_part_of_the_address(string? key, string? dataCentre)
    {
        var options = new MailchimpOptions { ApiKey = key };

        Assert.Equal(dataCentre, options.DataCentre);
        Assert.Equal(dataCentre is null ? 1 : 0, options.Errors().Count());
    }

    private async Task<SiteUnderTest> ConnectedAsync(FakeMailchimp mailchimp)
    {
        var site = await gateway.NewSiteAsync();
        var connection = await site.ConnectAsync(
            ConnectionKind.List,
            "mailchimp",
            new JsonObject { ["apiKey"] = mailchimp.Key }.ToJsonString()
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(list => list.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(list => list.Provider, "mailchimp")
                                .SetProperty(list => list.ProviderListId, mailchimp.ListId)
                                .SetProperty(list => list.ConnectionId, connection.Id)
                        ),
                CancellationToken.None
            )
        );
        return site;
    }
}
