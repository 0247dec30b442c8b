using System.Net;
using System.Text;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sites;

/// <summary>What counts is what came last, not what carries the latest time: clocks are put right.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed class ClockSetBackTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_secret_made_while_the_clock_was_ahead_stops_working_when_it_is_replaced_twice()
    {
        var site = await gateway.NewSiteAsync();
        gateway.Clock.Advance(TimeSpan.FromHours(1));
        var ahead = await RotateAsync(site);
        gateway.Clock.Advance(TimeSpan.FromHours(-1));

        var second = await RotateAsync(site);
        var third = await RotateAsync(site);

        Assert.Equal(HttpStatusCode.Unauthorized, await SubmitAsync(site, ahead));
        Assert.Equal(HttpStatusCode.Accepted, await SubmitAsync(site, second));
        Assert.Equal(HttpStatusCode.Accepted, await SubmitAsync(site, third));
        Assert.False(await SignsInAsync(site, ahead));
        Assert.True(await SignsInAsync(site, second));
        Assert.True(await SignsInAsync(site, third));
    }

    [Fact]
    public async Task A_hook_made_while_the_clock_was_ahead_misses_no_event()
    {
        var site = await gateway.NewSiteAsync();
        gateway.Clock.Advance(TimeSpan.FromHours(1));
        var hook = await site.HookAsync(EventTypes.SmsSent, "https://hooks.example.org/ahead");
        gateway.Clock.Advance(TimeSpan.FromHours(-1));

        await site.HappensAsync();
        await site.FannedOutAsync();

        Assert.Single(await site.DeliveriesAsync(hook));
    }

    private Task<IssuedKeys> RotateAsync(SiteUnderTest site) =>
        gateway.InScopeAsync<SiteCredentials, IssuedKeys>(keys => keys.RotateAsync(site.Id, CancellationToken.None));

    private static async Task<HttpStatusCode> SubmitAsync(SiteUnderTest site, IssuedKeys keys)
    {
        var key = $"{Guid.CreateVersion7()}";
        var body = Encoding.UTF8.GetBytes(site.Submission(key: key).ToJsonString());
        return (await site.SignedAsync(HttpMethod.Post, "submissions", body, key, secret: keys.SigningSecret)).Status;
    }

    private static async Task<bool> SignsInAsync(SiteUnderTest site, IssuedKeys keys)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = keys.ClientId,
                ["client_secret"] = keys.ClientSecret,
            }
        );
        using var response = await site.Browser.PostAsync("/oauth/token", form);
        return response.IsSuccessStatusCode;
    }
}
