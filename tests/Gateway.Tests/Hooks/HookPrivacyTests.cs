using System.Net;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hooks;

[Collection(MovesTheClock.Name)]
public sealed class HookPrivacyTests
{
    private static readonly string Everything = string.Join(',', EventTypes.All.Where(type => type != EventTypes.SubmissionReceived));

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task No_hook_learns_an_address_before_it_is_confirmed()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        await site.HookAsync(Everything, receiver.NewUrl());
        var address = $"{Guid.CreateVersion7():N}@pages.example";

        await site.SubmitAsync(email: address, name: "Unconfirmed Person");
        var pending = Assert.Single(await receiver.ToldAsync(1));

        Assert.Equal("subscription.pending", pending.Type);
        Assert.Equal(["contact", "list"], pending.Json["data"]!.AsObject().Select(member => member.Key));
        Assert.StartsWith("con_", (string)pending.Json["data"]!["contact"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(address, (await site.GetAsync("/v1/events")).Text, StringComparison.Ordinal);

        await site.LinksForAsync(address);
        gateway.Advance(TimeSpan.FromDays(31));
        var expired = Assert.Single(await receiver.ToldAsync(2), told => told.Type == "subscription.expired");
        Assert.Equal(["contact", "list"], expired.Json["data"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task A_submission_is_told_once_where_the_site_switched_it_on_whatever_is_processed_again()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync(site => site.TellSubmissions = true);
        var hook = await site.HookAsync("submission.received", receiver.NewUrl());

        // Its list does not exist, so it waits for an operator, who lets it be processed again.
        var id = (
            await site.SubmitAsync(
                email: "ada@example.org",
                change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
            )
        ).Id;
        await site.ProcessedAsync(id);
        var told = Assert.Single(await receiver.ToldAsync(1));
        await gateway.InScopeAsync<FailedItems, string?>(failures =>
            failures.ReplayAsync(id, new(null, site.ListId), "cli", CancellationToken.None)
        );
        await site.ProcessedAsync(id);
        await site.FannedOutAsync();

        Assert.Equal(id, (string)told.Json["data"]!["submission"]!);
        Assert.Equal("ada@example.org", (string)told.Json["data"]!["content"]!["fields"]!["your-email"]!);
        Assert.Single(await site.DeliveriesAsync(hook));
    }

    [Fact]
    public async Task What_waits_is_dropped_when_the_site_tells_submissions_no_longer()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync(site => site.TellSubmissions = true);
        var hook = await site.HookAsync("submission.received", receiver.NewUrl());
        await site.SubmitAsync(email: "ada@example.org");
        await site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");

        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Sites.Where(row => row.Id == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.TellSubmissions, false)),
                CancellationToken.None
            )
        );
        gateway.Advance(TimeSpan.FromMinutes(1));

        await site.DeliveryAsync(hook, "dropped");
        Assert.Single(receiver.Told);
        Assert.DoesNotContain("submission.received", (await site.GetAsync("/v1/events")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_told_of_somebody_erased_and_nothing_of_them_stays()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var ada = await Subscriber.SignUpAsync(gateway, site: site => site.TellSubmissions = true);
        var hook = await ada.Site.HookAsync("subscription.confirmed", receiver.NewUrl());
        await ada.Site.ConfirmAsync(ada.Confirm);
        await ada.Site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");
        Assert.Contains(ada.Address, (await ada.Site.GetAsync("/v1/events?type=submission.received")).Text, StringComparison.Ordinal);
        var contact = (string)Assert.Single(receiver.Told).Json["data"]!["contact"]!["id"]!;

        var erased = await ada.Site.AuthorizedAsync(HttpMethod.Delete, "/v1/contacts/" + contact, scope: "contacts");
        gateway.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, erased.Status);
        var dropped = await ada.Site.DeliveryAsync(hook, "dropped");
        Assert.Null(dropped["type"]);
        Assert.Single(receiver.Told);
        Assert.DoesNotContain(ada.Address, (await ada.Site.GetAsync("/v1/events")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_submission_of_somebody_who_never_confirmed_is_forgotten_as_an_event_too()
    {
        var site = await gateway.NewSiteAsync(site => site.TellSubmissions = true);
        var address = $"{Guid.CreateVersion7():N}@pages.example";
        var id = (await site.SubmitAsync(email: address)).Id;

        // A link's time begins when its mail leaves.
        await site.LinksForAsync(address);
        await site.ProcessedAsync(id);
        var submissionId = PublicId.Parse(PublicId.Submission, id);
        Assert.True(await IsKeptAsync());

        gateway.Advance(TimeSpan.FromDays(31));
        await Eventually.BecomesTrueAsync(() =>
            gateway.InDatabaseAsync(db => db.OptInRequests.AllAsync(row => row.SiteId != site.Id || row.ContactId == Guid.Empty))
        );

        Assert.False(await IsKeptAsync());

        Task<bool> IsKeptAsync() => gateway.InDatabaseAsync(db => db.Events.AnyAsync(row => row.Id == submissionId));
    }

    [Fact]
    public async Task Logs_hold_neither_addresses_nor_targets()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var ada = await Subscriber.SignUpAsync(gateway);
        var url = receiver.NewUrl("/secret-of-the-receiver");
        var hook = await ada.Site.HookAsync("subscription.confirmed", url);
        await ada.Site.ConfirmAsync(ada.Confirm);
        await ada.Site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");
        receiver.AnswerWith(410);
        gateway.Advance(TimeSpan.FromSeconds(5));
        await ada.Site.DeliveryAsync(hook, "dropped");

        var id = PublicId.Parse(PublicId.Hook, hook)!.Value.ToString();
        await Eventually.BecomesTrueAsync(() =>
            Task.FromResult(gateway.LogLines().Any(line => line.Contains(id, StringComparison.OrdinalIgnoreCase)))
        );
        Assert.All(
            [ada.Address, "secret-of-the-receiver", new Uri(url).Host],
            word => Assert.DoesNotContain(gateway.LogLines(), line => line.Contains(word, StringComparison.OrdinalIgnoreCase))
        );
    }
}
