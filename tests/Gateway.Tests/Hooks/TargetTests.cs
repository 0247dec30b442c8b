using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Hooks;

/// <summary>Where a name leads is looked at when the connection is made, whatever it was when the hook was.</summary>
public sealed class TargetTests
{
    private const string Forbidden = "Its name leads to no address that may be called.";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("8.8.8.8")]
    public async Task A_name_that_leads_where_nobody_should_be_called_is_not_called(string address)
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl(leadsTo: () => IPAddress.Parse(address)));

        await site.HappensAsync();

        Assert.Equal(Forbidden, (string)(await site.DeliveryAsync(hook, one => one["answer"] is not null))["answer"]!);
        Assert.Empty(receiver.Told);
        await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_a_moment_later_gains_nothing()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.Answer = http =>
        {
            http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        };
        var looks = 0;
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync(
            "sms.sent",
            receiver.NewUrl(leadsTo: () => IPAddress.Parse(Interlocked.Increment(ref looks) == 1 ? "127.0.0.1" : "169.254.169.254"))
        );

        await site.HappensAsync();
        await site.DeliveryAsync(hook, "delivered");
        Assert.Equal(1, looks);
        await site.HappensAsync();

        Assert.Equal(
            Forbidden,
            (string)(await site.DeliveryAsync(hook, one => one["answer"] is not null && (string?)one["state"] == "waiting"))["answer"]!
        );
        Assert.Single(receiver.Told);
        await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook);
    }
}
