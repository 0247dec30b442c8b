using Gateway.Features.Sites;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;

namespace Gateway.Tests.Hooks;

public sealed class DeliveryTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_confirmed_subscription_is_told_signed_and_as_the_list_of_events_shows_it()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var ada = await Subscriber.SignUpAsync(gateway);
        var secret = WebhookSignature.NewSecret();
        var hook = await ada.Site.HookAsync("subscription.confirmed", receiver.NewUrl(), secret);

        await ada.Site.SendFormAsync(ada.Confirm);
        var told = Assert.Single(await receiver.ToldAsync(1));

        Assert.True(told.IsSignedWith(secret));
        Assert.Equal("application/json", told.Headers["Content-Type"]);
        Assert.Equal("Gateway/1", told.Headers["User-Agent"]);
        Assert.Equal(told.Id, (string)told.Json["id"]!);
        Assert.StartsWith("evt_", told.Id, StringComparison.Ordinal);
        Assert.Equal(ada.Address, (string)told.Json["data"]!["contact"]!["email"]!);
        Assert.Equal(ada.Site.ListId, (string)told.Json["data"]!["list"]!["id"]!);
        var listed = Assert.Single(await ada.Site.ItemsAsync("/v1/events?type=subscription.confirmed"));
        Assert.Equal(told.Json.ToJsonString(), listed!.ToJsonString());
        var delivery = await ada.Site.DeliveryAsync(hook, "delivered");
        Assert.Equal("200", (string)delivery["answer"]!);
        Assert.Equal(told.Id, (string)delivery["event"]!);
        Assert.Equal("subscription.confirmed", (string)delivery["type"]!);
    }

    [Fact]
    public async Task A_hook_is_told_only_what_it_asked_for_each_event_once_and_nothing_from_before_its_time()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        await site.HappensAsync("sms.sent");
        await site.FannedOutAsync();
        var hook = await site.HookAsync("sms.sent,sms.delivered", receiver.NewUrl());

        string[] wanted = [await site.HappensAsync("sms.sent"), await site.HappensAsync("sms.delivered"), await site.HappensAsync("sms.sent")];
        await site.HappensAsync("sms.failed");
        await site.HappensAsync("sms.sent_not");
        await receiver.ToldAsync(3);
        await site.FannedOutAsync();
        gateway.Nudge();

        await Eventually.BecomesTrueAsync(async () => (await site.DeliveriesAsync(hook)).All(one => (string?)one!["state"] == "delivered"));
        Assert.Equal(wanted.Order(), receiver.Told.Select(told => told.Id).Order());
        Assert.All(receiver.Told, told => Assert.False(told.Headers.ContainsKey("webhook-signature")));
    }
}
