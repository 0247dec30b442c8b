using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail.Events;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Lists;

/// <summary>What people and operators change at a list's provider comes back, by its webhooks and by comparing.</summary>
public sealed class ListComparisonTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> Providers => ["mailjet", "brevo"];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Who_left_there_leaves_here_and_who_is_not_there_is_taken_off(string provider)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        var (stays, leaves, missing, fresh) = (Address(), Address(), Address(), Address());
        await SyncedAsync(site, stays, leaves, missing);
        (list.People[stays], list.People[leaves], list.People["somebody@else.example"]) = (false, true, false);
        await SyncedAsync(site, isOld: false, fresh);

        var compared = (await CompareAsync(site)).Json;

        Assert.Equal((3, 3, 1, 1, 1), Numbers(compared));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(stays)).State);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(fresh)).State);
        Assert.Equal(SubscriptionState.Unsubscribed, (await site.SubscriptionAsync(leaves)).State);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(missing)).State);
        Assert.Equal([ConsentKind.Unsubscribed, ConsentKind.Removed], (await site.LedgerAsync()).TakeLast(2).Select(entry => entry.Kind));
        Assert.All(
            await site.EventsAsync("subscription.unsubscribed"),
            one => Assert.Equal(provider, (string?)JsonNode.Parse(one)!["by"])
        );
        await site.VerifyLedgerAsync();

        // Who refused stays off until they confirm afresh; who was taken off refused nothing.
        Assert.Equal("suppressed", (await site.ProveAsync(leaves)).Code);
        Assert.NotEqual("suppressed", (await site.ProveAsync(missing)).Code);
        Assert.Equal((1, 0, 0), Changes((await CompareAsync(site)).Json));
    }

    [Fact]
    public async Task A_list_that_was_emptied_ends_nobodys_subscription_unless_an_operator_says_so()
    {
        var list = GatewayUnderTest.Shared.Mailjet.NewList();
        var site = await NewSiteAsync("mailjet", list);
        string[] all = [.. Enumerable.Range(0, 11).Select(_ => Address())];
        await SyncedAsync(site, all);

        var doubted = await CompareAsync(site);
        Assert.Equal((11, 0, 0, 11, 0), Numbers(doubted.Json));
        Assert.Contains("too many to believe", (await CompareAsync(site, json: false)).Output, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(all[0])).State);

        Assert.Equal((11, 0, 0, 11, 11), Numbers((await CompareAsync(site, all: true)).Json));
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(all[0])).State);
    }

    [Fact]
    public async Task What_cannot_be_read_to_the_end_changes_nothing()
    {
        var list = GatewayUnderTest.Shared.Brevo.NewList();
        var site = await NewSiteAsync("brevo", list);
        var address = Address();
        await SyncedAsync(site, address);
        list.AnswerEverythingWith(HttpStatusCode.InternalServerError);

        var failed = await CompareAsync(site);
        Assert.Equal((1, "Brevo answered 500."), (failed.Code, failed.Error.Trim()));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);

        var local = await gateway.NewSiteAsync();
        Assert.Contains("nothing to compare", (await CompareAsync(local)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mailjet", """{"event":"unsub","time":{at},"email":"{to}","mj_list_id":{list},"mj_contact_id":7,"CustomID":""}""", true)]
    [InlineData("brevo", """{"event":"unsubscribe","email":"{to}","id":3,"camp_id":4,"list_id":[{list},1],"ts_event":{at}}""", true)]
    [InlineData("brevo", """{"event":"contact_deleted","email":["{to}"],"ts":{at}}""", false)]
    [InlineData("brevo", """{"event":"contact_deleted","email":"{to}","list_id":{list},"ts":{at}}""", false)]
    public async Task A_webhook_about_a_list_ends_that_list_alone_and_twice_is_once(string provider, string body, bool isRefusal)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        var elsewhere = await NewSiteAsync(provider, NewList(provider));
        using var caller = await MailEventCaller.ForAsync(gateway, provider, site);
        var address = Address();
        await SyncedAsync(site, address);
        await SyncedAsync(elsewhere, address);
        // A clock that is ahead tells of now: providers tell whole seconds, and the confirmation is of this one.
        var told = caller.Fill(
            body.Replace("{list}", list.Id, StringComparison.Ordinal),
            "msg_",
            address,
            gateway.Clock.GetUtcNow().AddMinutes(1)
        );

        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(told)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(told)).Status);

        var end = isRefusal ? SubscriptionState.Unsubscribed : SubscriptionState.Removed;
        await Eventually.BecomesAsync(() => site.SubscriptionAsync(address), row => row.State == end);
        Assert.Equal(provider, (string?)JsonNode.Parse(Assert.Single(await site.EventsAsync("subscription.unsubscribed")))!["by"]);
        Assert.Equal(SubscriptionState.Confirmed, (await elsewhere.SubscriptionAsync(address)).State);
        Assert.Null((await site.ReadContactAsync(await ContactAsync(site, address))).Json["suppressed"]);
        var rows = await gateway.InDatabaseAsync(db =>
            db.MailEvents.AsNoTracking().Where(row => row.SourceId == caller.SourceId).OrderBy(row => row.ProviderList).ToListAsync()
        );
        Assert.Single(rows, row => row.State == MailEventState.Applied);
    }

    [Fact]
    public async Task What_names_a_list_that_is_not_here_is_kept_and_changes_nothing()
    {
        var list = GatewayUnderTest.Shared.Mailjet.NewList();
        var site = await NewSiteAsync("mailjet", list);
        using var caller = await MailEventCaller.ForAsync(gateway, "mailjet", site);
        var address = Address();
        await SyncedAsync(site, address);

        await caller.TellAsync($$"""{"event":"unsub","time":1,"email":"{{address}}","mj_list_id":999999}""");
        var row = await Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.MailEvents.AsNoTracking().SingleOrDefaultAsync(row => row.Address == address)),
            row => row?.DueAt is null && row is not null
        );

        Assert.Equal(MailEventState.Unmatched, row!.State);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
    }

    private static string Address() => $"ada{Guid.CreateVersion7():N}@mail.example";

    private static FakeList NewList(string provider) =>
        provider == "mailjet" ? GatewayUnderTest.Shared.Mailjet.NewList() : GatewayUnderTest.Shared.Brevo.NewList();

    private Task<SiteUnderTest> NewSiteAsync(string provider, FakeList list) =>
        gateway.NewSiteAsync(list: row => (row.Provider, row.ProviderListId) = (provider, list.Id));

    private static Task SyncedAsync(SiteUnderTest site, params string[] addresses) => SyncedAsync(site, isOld: true, addresses);

    /// <summary>The provider has them, since an hour or a moment.</summary>
    private static async Task SyncedAsync(SiteUnderTest site, bool isOld, params string[] addresses)
    {
        foreach (var address in addresses)
        {
            await site.ProveAsync(address);
            var sync = await site.ToldAsync(await site.SubscriptionAsync(address));
            var at = isOld ? sync.SyncedAt!.Value.AddHours(-1) : sync.SyncedAt!.Value;
            await site.Gateway.InDatabaseAsync(db =>
                db.WriteAsync(
                    () =>
                        db.ListSyncs.Where(row => row.Id == sync.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SyncedAt, at)),
                    CancellationToken.None
                )
            );
        }
    }

    private Task<CommandResult> CompareAsync(SiteUnderTest site, bool all = false, bool json = true) =>
        CommandResult.OfAsync(
            () => Task.FromResult(gateway.Services),
            "",
            ["list", "compare", site.ListId, .. (string[])(all ? ["--all"] : []), .. (string[])(json ? ["--json"] : [])]
        );

    private static (int, int, int, int, int) Numbers(System.Text.Json.JsonElement compared)
    {
        int Of(string name) => compared.GetProperty(name).GetInt32();
        return (Of("here"), Of("there"), Of("unsubscribed"), Of("missing"), Of("removed"));
    }

    private static (int, int, int) Changes(System.Text.Json.JsonElement compared) =>
        (Numbers(compared).Item1, Numbers(compared).Item3, Numbers(compared).Item4);

    private Task<string> ContactAsync(SiteUnderTest site, string address) =>
        gateway.InDatabaseAsync(async db =>
            "con_" + (await db.Contacts.SingleAsync(row => row.SiteId == site.Id && row.AddressKey == address)).Id.ToString("N")
        );
}
