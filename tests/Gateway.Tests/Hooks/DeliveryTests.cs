using System.Net;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hooks;

[Trait("Database", "both")]
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

        await ada.Site.ConfirmAsync(ada.Confirm);
        var told = Assert.Single(await receiver.ToldAsync(1));

        Assert.True(told.IsSignedWith(secret));
        Assert.Equal("application/json", told.Headers["Content-Type"]);
        Assert.Equal("Gateway/1", told.Headers["User-Agent"]);
        Assert.False(told.Headers.ContainsKey("traceparent"));
        Assert.StartsWith("evt_", told.Id, StringComparison.Ordinal);
        Assert.Equal(told.Id, (string)told.Json["id"]!);
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

        string[] wanted =
        [
            await site.HappensAsync("sms.sent"),
            await site.HappensAsync("sms.delivered"),
            await site.HappensAsync("sms.sent"),
        ];
        await site.HappensAsync("sms.failed");
        await site.HappensAsync("sms.sent_not");
        await receiver.ToldAsync(3);
        await site.FannedOutAsync();
        gateway.Signal();

        await Eventually.BecomesTrueAsync(async () =>
            (await site.DeliveriesAsync(hook)).All(one => (string?)one!["state"] == "delivered")
        );
        Assert.Equal(wanted.Order(), receiver.Told.Select(told => told.Id).Order());
        Assert.All(receiver.Told, told => Assert.False(told.Headers.ContainsKey("webhook-signature")));
    }

    [Fact]
    public async Task An_event_at_the_very_moment_a_hook_is_made_is_told()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());
        var hookId = PublicId.Parse(PublicId.Hook, hook);
        var made = await gateway.InDatabaseAsync(db =>
            db.Hooks.Where(row => row.Id == hookId).Select(row => row.CreatedAt).SingleAsync()
        );

        await site.HappensAsync("sms.sent", made.AddTicks(-10));
        var told = await site.HappensAsync("sms.sent", made);
        await site.FannedOutAsync();

        Assert.Equal(told, (string)Assert.Single(await site.DeliveriesAsync(hook))!["event"]!);
    }

    [Fact]
    public async Task Each_hook_of_a_site_is_told_and_no_hook_of_another_site_sees_any_of_it()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var mine = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();
        var hook = await mine.HookAsync("sms.sent", receiver.NewUrl("/one"));
        await mine.HookAsync("sms.sent", receiver.NewUrl("/two"));
        var foreign = await other.HookAsync("sms.sent", receiver.NewUrl("/foreign"));

        var happened = await mine.HappensAsync();
        await receiver.ToldAsync(1, "/one");
        await receiver.ToldAsync(1, "/two");
        var delivery = await mine.DeliveryAsync(hook, "delivered");

        Assert.All(receiver.Told, told => Assert.Equal(happened, told.Id));
        Assert.Equal(["/one", "/two"], receiver.Told.Select(told => told.Path).Order());
        Assert.Empty(await other.DeliveriesAsync(foreign));
        Assert.Empty(await other.ItemsAsync("/v1/events"));
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/v1/hooks/{hook}/deliveries")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook)).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await other.AuthorizedAsync(HttpMethod.Post, $"/v1/deliveries/{delivery["id"]}/replay")).Status
        );
    }

    [Fact]
    public async Task A_hook_whose_receiver_is_gone_ends_and_what_waits_for_it_is_dropped()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        // It is not tried again by itself within this test: the next event finds it waiting.
        receiver.AnswerWith(503, retryAfter: "86400");
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent,sms.delivered", receiver.NewUrl());
        await site.HappensAsync("sms.sent");
        await site.DeliveryAsync(hook, one => (string?)one["answer"] == "503");

        receiver.AnswerWith(410);
        await site.HappensAsync("sms.delivered");

        await Eventually.BecomesTrueAsync(async () => (await site.DeliveriesAsync(hook)).All(one => (string?)one!["state"] == "dropped"));
        Assert.Equal(2, (await site.DeliveriesAsync(hook)).Count);
        Assert.Empty(await site.ItemsAsync("/v1/hooks"));
        await site.HappensAsync("sms.sent");
        await site.FannedOutAsync();
        Assert.Equal(2, (await site.DeliveriesAsync(hook)).Count);
        var replay = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/deliveries/{(await site.DeliveriesAsync(hook))[0]!["id"]}/replay");
        Assert.Equal(HttpStatusCode.Conflict, replay.Status);
        Assert.Equal("hook_ended", replay.Code);
    }

    [Fact]
    public async Task What_waits_for_a_hook_is_dropped_when_it_is_deleted()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl(), WebhookSignature.NewSecret());
        await site.HappensAsync();
        await site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");

        await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook);

        Assert.Equal("dropped", (string)Assert.Single(await site.DeliveriesAsync(hook))!["state"]!);
        var hookId = PublicId.Parse(PublicId.Hook, hook);
        Assert.Null(
            await gateway.InDatabaseAsync(db => db.Hooks.Where(row => row.Id == hookId).Select(row => row.ProtectedSecret).SingleAsync())
        );
    }

    [Fact]
    public async Task A_delivery_that_was_made_can_be_told_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());
        var happened = await site.HappensAsync();
        var delivery = await site.DeliveryAsync(hook, "delivered");

        var replay = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/deliveries/{delivery["id"]}/replay");

        Assert.Equal(HttpStatusCode.Accepted, replay.Status);
        var told = await receiver.ToldAsync(2);
        Assert.All(told, one => Assert.Equal(happened, one.Id));
        Assert.Equal(told[0].Body, told[1].Body);
        await site.DeliveryAsync(hook, "delivered");
        Assert.Single(await site.DeliveriesAsync(hook));
    }

    /// <summary>The worker that told it is dead before it has written that down: its lease runs out, and another takes the row.</summary>
    [Fact]
    public async Task A_crash_between_telling_and_settling_tells_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());
        receiver.Answer = async _ =>
        {
            if (receiver.Told.Count == 1)
            {
                await LoseLeaseAsync(site.Id);
            }
        };

        var happened = await site.HappensAsync();
        await receiver.ToldAsync(1);
        await Eventually.BecomesTrueAsync(() =>
        {
            gateway.Signal();
            return Task.FromResult(receiver.Told.Count > 1);
        });

        var delivery = await site.DeliveryAsync(hook, "delivered");
        Assert.Equal(2, receiver.Told.Count);
        Assert.All(receiver.Told, told => Assert.Equal(happened, told.Id));
        Assert.Single(receiver.Told.Select(told => told.Json.ToJsonString()).Distinct());
        Assert.Equal(3, (int)delivery["attempts"]!);
    }

    private Task LoseLeaseAsync(Guid siteId)
    {
        var now = gateway.Clock.GetUtcNow().UtcDateTime;
        return gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Deliveries.Where(row => row.SiteId == siteId)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.DueAt, now).SetProperty(row => row.Attempts, row => row.Attempts + 1)
                        ),
                CancellationToken.None
            )
        );
    }
}
