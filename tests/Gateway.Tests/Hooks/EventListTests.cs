using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Hooks;

[Trait("Database", "both")]
public sealed class EventListTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Events_are_listed_newest_first_by_type_and_page_by_page()
    {
        var site = await gateway.NewSiteAsync();
        string[] sms =
        [
            await site.HappensAsync("sms.sent"),
            await site.HappensAsync("sms.delivered"),
            await site.HappensAsync("sms.sent"),
        ];
        var unsubscribed = await site.HappensAsync("subscription.unsubscribed");

        var first = await site.GetAsync("/v1/events?type=sms.sent,sms.delivered&limit=2");
        var second = await site.GetAsync($"/v1/events?type=sms.sent,sms.delivered&limit=2&after={first.Json["next"]}");

        Assert.Equal([sms[2], sms[1]], Ids(first));
        Assert.Equal([sms[0]], Ids(second));
        Assert.Null(second.Json["next"]);
        Assert.Equal([unsubscribed, .. sms.Reverse()], Ids(await site.GetAsync("/v1/events")));
        Assert.Empty(Ids(await site.GetAsync("/v1/events?type=list.synced")));
    }

    [Theory]
    [InlineData("type=sms.lost", "type")]
    [InlineData("after=hk_1", "after")]
    [InlineData("limit=many", "limit")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, string field)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.GetAsync("/v1/events?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotNull(answer.Json["errors"]![field]);
    }

    private static IEnumerable<string> Ids(Answer answer) => answer.Json["items"]!.AsArray().Select(item => (string)item!["id"]!);
}
