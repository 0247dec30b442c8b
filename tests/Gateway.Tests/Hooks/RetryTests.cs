using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hooks;

[Collection(MovesTheClock.Name)]
public sealed class RetryTests
{
    private static readonly TimeSpan[] Schedule =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Times on the wire are whole seconds at the coarsest.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_delivery_is_tried_ten_times_by_the_schedule_then_stands_as_failed_and_can_be_replayed()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync();
        var secret = WebhookSignature.NewSecret();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl(), secret);
        var since = Now;
        await site.HappensAsync();
        foreach (var (pause, tries) in Schedule.Select((pause, at) => (pause, at + 1)))
        {
            var waiting = await FailedAsync(site, hook, tries);
            var most = pause < TimeSpan.FromMinutes(1) ? pause : 1.1 * pause;
            Assert.Equal(("waiting", tries), ((string)waiting["state"]!, (int)waiting["attempts"]!));
            Assert.InRange(waiting.Time("dueAt"), since + pause - Rounding, Now + most);
            since = Now + most;
            gateway.Advance(most);
        }

        var failed = await site.DeliveryAsync(hook, "failed");
        Assert.Equal(10, receiver.Told.Count);
        Assert.Equal("500", (string)failed["answer"]!);
        Assert.Null(failed["dueAt"]);
        Assert.Single(receiver.Told.Select(told => told.Id).Distinct());
        Assert.Single(receiver.Told.Select(told => Convert.ToHexString(told.Body)).Distinct());
        Assert.Equal(10, receiver.Told.Select(told => told.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(receiver.Told, told => Assert.True(told.IsSignedWith(secret)));
        Assert.Equal(
            failed["id"]!.ToString(),
            (string)Assert.Single(await site.ItemsAsync($"/v1/hooks/{hook}/deliveries?state=failed"))!["id"]!
        );

        receiver.AnswerWith(200);
        gateway.Advance(TimeSpan.FromDays(3));
        var replay = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/deliveries/{failed["id"]}/replay");
        Assert.Equal(HttpStatusCode.Accepted, replay.Status);
        await site.DeliveryAsync(hook, "delivered");
        Assert.Equal(11, receiver.Told.Count);
    }

    [Fact]
    public async Task What_is_given_up_waits_for_an_operator_whose_replay_begins_the_schedule_anew()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());
        await site.HappensAsync();
        for (var tries = 1; tries < 10; tries++)
        {
            await FailedAsync(site, hook, tries);
            gateway.Advance(1.1 * TimeSpan.FromHours(24));
        }

        var id = (string)(await site.DeliveryAsync(hook, "failed"))["id"]!;
        var listed = Assert.Single(
            await gateway.InScopeAsync<FailedItems, List<FailedItem>>(failures => failures.ListAsync(1000, null, CancellationToken.None)),
            one => one.Id == id
        );
        Assert.Equal(("hook_failed", "500", site.PublicId), (listed.Code, listed.Reason, listed.Site));
        Assert.Equal(
            listed,
            await gateway.InScopeAsync<FailedItems, FailedItem?>(failures => failures.FindAsync(id, CancellationToken.None))
        );
        var since = Now;
        Assert.Null(
            await gateway.InScopeAsync<FailedItems, string?>(failures =>
                failures.ReplayAsync(id, new(null, null), "cli", CancellationToken.None)
            )
        );

        var waiting = await FailedAsync(site, hook, 1);
        Assert.InRange(waiting.Time("dueAt"), since + Schedule[0] - Rounding, Now + Schedule[0]);
    }

    [Theory]
    [InlineData(429, "3600", 3600)]
    [InlineData(503, "600", 600)]
    [InlineData(429, "1", 5)]
    [InlineData(429, "soon", 5)]
    [InlineData(429, "-7", 5)]
    [InlineData(500, "3600", 5)]
    [InlineData(429, "99999999", 24 * 3600)]
    public async Task A_receiver_that_asks_to_wait_is_left_alone_for_as_long_within_reason(int status, string retryAfter, int seconds)
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(status, retryAfter);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());

        var since = Now;
        await site.HappensAsync();

        var waiting = await FailedAsync(site, hook, 1);
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), (string)waiting["answer"]!);
        Assert.InRange(waiting.Time("dueAt"), since + TimeSpan.FromSeconds(seconds) - Rounding, Now + TimeSpan.FromSeconds(seconds));
        await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook);
    }

    [Fact]
    public async Task Retry_after_may_be_a_date()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var since = Now;
        receiver.AnswerWith(503, since.AddHours(2).ToString("R", CultureInfo.InvariantCulture));
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());

        await site.HappensAsync();

        var waiting = await FailedAsync(site, hook, 1);
        Assert.InRange(waiting.Time("dueAt"), since.AddHours(2) - Rounding, Now.AddHours(2) + Rounding);
    }

    private DateTime Now => gateway.Clock.GetUtcNow().UtcDateTime;

    /// <summary>Waits until so many tries have failed, since it was written or replayed, and that is written down.</summary>
    private static async Task<JsonNode> FailedAsync(SiteUnderTest site, string hook, int failures)
    {
        await Eventually.BecomesTrueAsync(() =>
            site.Gateway.InDatabaseAsync(db => db.Deliveries.AnyAsync(row => row.SiteId == site.Id && row.Failures == failures))
        );
        return Assert.Single(await site.DeliveriesAsync(hook))!;
    }
}
