using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Lists;

[Trait("Database", "both")]
public sealed class ErasedPeopleTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly FakeList list = GatewayUnderTest.Shared.Mailjet.NewList();

    [Fact]
    public async Task The_provider_is_told_to_forget_somebody_erased_and_nothing_of_them_stays()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);

        await EraseAsync(site, ada);

        await Eventually.BecomesTrueAsync(() => IsGoneAsync(ada));
        Assert.Equal(["addforce", "remove"], list.About("ada@example.org").Select(told => told.Action));
    }

    [Fact]
    public async Task Somebody_who_came_back_is_not_removed_by_the_erasure_before()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);
        list.AnswerEverythingWith(System.Net.HttpStatusCode.ServiceUnavailable);
        await EraseAsync(site, ada);
        var waiting = await site.HeldAsync(ada);
        Assert.DoesNotContain("example.org", waiting.ErasedAddress);

        list.Before = null;
        var back = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(back);
        await site.TryNowAsync(waiting);

        await Eventually.BecomesTrueAsync(() => IsGoneAsync(ada));
        Assert.Equal(["addforce", "addforce"], list.About("ada@example.org").Select(told => told.Action));
    }

    [Fact]
    public async Task A_provider_that_never_heard_of_somebody_is_not_told_of_the_erasure()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync(
            "ada@example.org",
            change: (_, row) => (row.State, row.ConfirmedAt) = (SubscriptionState.Pending, null)
        );
        await site.SyncedAsync(ada, row => row.DueAt is null);

        await EraseAsync(site, ada);

        Assert.True(await IsGoneAsync(ada));
        Assert.Empty(list.Calls);
    }

    private static Task EraseAsync(SiteUnderTest site, Subscription subscription) =>
        site.WriteAsync(
            async (db, syncs) =>
            {
                var contact = await db.Contacts.AsNoTracking().SingleAsync(row => row.Id == subscription.ContactId);
                await syncs.ForgetAsync(new(contact.SiteId, contact.Id, contact.AddressKey, [], [], [], []), CancellationToken.None);
                await db.Subscriptions.Where(row => row.Id == subscription.Id).ExecuteDeleteAsync();
                await db.Contacts.Where(row => row.Id == contact.Id).ExecuteDeleteAsync();
            }
        );

    private Task<bool> IsGoneAsync(Subscription subscription) =>
        gateway.InDatabaseAsync(async db => !await db.ListSyncs.AnyAsync(row => row.SubscriptionId == subscription.Id));
}
