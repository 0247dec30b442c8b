using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Lists;

/// <summary>What people and operators change at a list's provider comes back, by its webhooks and by comparing.</summary>
public sealed class ListComparisonTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> Providers => ["mailjet", "brevo"];

    [Theory]
    [MemberData(nameof(Providers))]
    [Trait("Database", "both")]
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
    [MemberData(nameof(Providers))]
    public async Task Whom_another_pushed_out_of_a_page_by_leaving_is_asked_for_alone_and_stays(string provider)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        var (stays, goes, page) = ($"z{Address()}", Address(), provider == "mailjet" ? 1000 : 500);
        await SyncedAsync(site, stays, goes);
        Fill(list, page);
        list.People[stays] = false;
        list.Before = (request, _) =>
        {
            if (AsksFor(request, "offset", page))
            {
                list.People.TryRemove("a0000@else.example", out var _);
            }

            return Task.FromResult<HttpResponseMessage?>(null);
        };

        var compared = (await CompareAsync(site)).Json;

        Assert.Equal((2, page, 0, 1, 1), Numbers(compared));
        Assert.Equal([stays, goes], AskedFor(provider).Where(one => one == stays || one == goes).OrderDescending());
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(stays)).State);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(goes)).State);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Who_cannot_be_asked_for_alone_is_not_taken_off(string provider)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        var (asked, unasked) = (Address(), Address());
        await SyncedAsync(site, asked, unasked);
        Unanswered(provider)[unasked] = HttpStatusCode.TooManyRequests;

        var failed = await CompareAsync(site);

        Assert.Equal(1, failed.Code);
        Assert.Contains("asks us to go slower (429)", failed.Error, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(asked)).State);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(unasked)).State);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_reading_that_the_provider_counts_otherwise_or_that_does_not_end_is_none(string provider)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        var address = Address();
        await SyncedAsync(site, address);
        list.People["somebody@else.example"] = false;
        list.Total = 2;

        var lacking = await CompareAsync(site);
        (list.Total, list.IgnoresOffset) = (null, true);
        Fill(list, 1000);
        var endless = await CompareAsync(site);

        Assert.Equal((1, "The provider gave 1 people of the list and counts 2."), (lacking.Code, lacking.Error.Trim()));
        Assert.Equal((1, "The provider gave the same page of the list twice."), (endless.Code, endless.Error.Trim()));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    public async Task What_an_operator_believes_is_read_twice_and_only_who_is_missing_both_times_is_taken_off()
    {
        var list = gateway.Brevo.NewList();
        var site = await NewSiteAsync("brevo", list);
        var (back, gone, left) = (Address(), Address(), Address());
        await SyncedAsync(site, back, gone, left);
        list.People[left] = true;
        var reading = 0;
        list.Before = (_, _) =>
        {
            if (++reading == 2)
            {
                list.People[back] = false;
            }

            return Task.FromResult<HttpResponseMessage?>(null);
        };

        Assert.Equal((3, 1, 1, 1, 1), Numbers((await CompareAsync(site, all: true)).Json));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(back)).State);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(gone)).State);
    }

    [Theory]
    [InlineData("mailjet", true)]
    [InlineData("mailjet", false)]
    [InlineData("brevo", true)]
    public async Task Of_a_small_list_more_than_half_are_not_believed_whether_they_left_or_are_missing(string provider, bool left)
    {
        var list = NewList(provider);
        var site = await NewSiteAsync(provider, list);
        string[] all = [Address(), Address(), Address()];
        await SyncedAsync(site, all);
        list.People[all[0]] = false;
        if (left)
        {
            (list.People[all[1]], list.People[all[2]]) = (true, true);
        }

        var doubted = (await CompareAsync(site)).Json;

        Assert.Equal(left ? (3, 3, 0, 0, 0) : (3, 1, 0, 2, 0), Numbers(doubted));
        Assert.Equal((left ? 2 : 0, true), (doubted.GetProperty("left").GetInt32(), doubted.GetProperty("isDoubtful").GetBoolean()));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(all[1])).State);
        Assert.Contains("--all", (await CompareAsync(site, json: false)).Output, StringComparison.Ordinal);

        Assert.Equal(left ? (3, 3, 2, 0, 0) : (3, 1, 0, 2, 2), Numbers((await CompareAsync(site, all: true)).Json));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Many_who_left_at_once_are_doubted_in_a_longer_list_too()
    {
        var list = gateway.Mailjet.NewList();
        var site = await NewSiteAsync("mailjet", list);
        string[] all = [.. Enumerable.Range(0, 22).Select(_ => Address())];
        await SyncedAsync(site, all);
        foreach (var (one, at) in all.Select((one, at) => (one, at)))
        {
            list.People[one] = at < 11;
        }

        Assert.Equal((22, 22, 0, 0, 0), Numbers((await CompareAsync(site)).Json));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(all[0])).State);
    }

    [Fact]
    public async Task An_exclusion_of_before_the_confirmation_that_could_not_be_lifted_is_no_unsubscribe()
    {
        var list = gateway.Mailjet.NewList();
        var site = await NewSiteAsync("mailjet", list);
        var (address, other) = (Address(), Address());
        gateway.Mailjet.Excluded[address] = true;
        gateway.Mailjet.Unanswered[address] = HttpStatusCode.BadRequest;
        var synced = await site.ToldAsync(await site.SubscribeAsync(address, fresh: true));
        await AgeAsync(site, synced);
        await SyncedAsync(site, other);
        (list.People[address], list.People[other]) = (false, false);
        Assert.Contains("it could not be lifted from here", synced.Remark, StringComparison.Ordinal);

        // Mailjet tells no time, then one before the confirmation, then one after it.
        Assert.Equal((2, 2, 0, 0, 0), Numbers((await CompareAsync(site)).Json));
        list.LeftAt = gateway.Clock.GetUtcNow().AddYears(-1);
        Assert.Equal((2, 2, 0, 0, 0), Numbers((await CompareAsync(site)).Json));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);

        list.LeftAt = gateway.Clock.GetUtcNow().AddMinutes(1);
        Assert.Equal((2, 2, 1, 0, 0), Numbers((await CompareAsync(site)).Json));
        Assert.Equal(SubscriptionState.Unsubscribed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    public async Task A_recipient_of_whom_the_provider_does_not_say_that_they_left_has_not()
    {
        var list = gateway.Mailjet.NewList();
        var site = await NewSiteAsync("mailjet", list);
        var address = Address();
        await SyncedAsync(site, address);
        list.People[address] = false;
        list.Before = (request, _) =>
            Task.FromResult(
                request.RequestUri!.AbsolutePath.EndsWith("listrecipient", StringComparison.Ordinal)
                    ? FakeList.Json(HttpStatusCode.OK, """{"Count":1,"Data":[{"ContactID":0}],"Total":1}""")
                    : null
            );

        Assert.Equal((1, 1, 0, 0, 0), Numbers((await CompareAsync(site)).Json));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    public async Task Whom_the_list_that_took_its_place_refused_is_not_missing_there()
    {
        var (list, anew) = (gateway.Mailjet.NewList(), gateway.Mailjet.NewList());
        var site = await NewSiteAsync("mailjet", list);
        var address = Address();
        await SyncedAsync(site, address);
        anew.AnswerEverythingWith(HttpStatusCode.BadRequest, """{"ErrorMessage":"Invalid email address"}""");

        await CommandResult.OfAsync(
            () => Task.FromResult(gateway.Services),
            "",
            ["list", "set", site.ListId, "--provider-list", anew.Id, "--json"]
        );
        gateway.Signal();
        var refused = await site.FailedAsync(await site.SubscriptionAsync(address));
        await AgeAsync(site, refused);
        anew.Before = null;

        Assert.Null(refused.Synced);
        Assert.Equal((0, 0, 0, 0, 0), Numbers((await CompareAsync(site)).Json));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    public async Task What_is_known_of_one_person_is_not_carried_along_to_the_next()
    {
        var list = gateway.Brevo.NewList();
        var site = await NewSiteAsync("brevo", list);
        var address = Address();
        await SyncedAsync(site, address);

        var tracked = await gateway.InScopeAsync<IServiceProvider, int>(async scope =>
        {
            await scope.GetRequiredService<CompareList>().CompareAsync(site.List, all: true, CancellationToken.None);
            return scope.GetRequiredService<GatewayDb>().ChangeTracker.Entries().Count();
        });

        Assert.Equal(0, tracked);
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_provider_that_does_not_answer_ends_its_lists_for_now_and_no_other()
    {
        var (broken, behind, well, held) = (NewList("brevo"), NewList("brevo"), NewList("mailjet"), NewList("mailjet"));
        var sites = new List<SiteUnderTest>
        {
            await NewSiteAsync("brevo", broken),
            await NewSiteAsync("brevo", behind),
            await NewSiteAsync("mailjet", well),
            await NewSiteAsync("mailjet", held),
            await NewSiteAsync("nobody", NewList("mailjet")),
        };
        var address = Address();
        await SyncedAsync(sites[2], address);
        well.Calls.Clear();
        broken.AnswerEverythingWith(HttpStatusCode.InternalServerError);
        await HoldAsync(sites[3].List);
        var clock = new TestClock();
        var options = Options.Create(new CompareOptions());
        var pass = new ComparePass(options, clock);
        using var compare = ActivatorUtilities.CreateInstance<CompareLists>(gateway.Services, pass, options);
        List<ContactList> lists = [.. sites.Select(site => site.List)];

        // A start has other things to do, and chance says which list is first.
        await compare.CompareDueAsync(lists, CancellationToken.None);
        Assert.Empty(well.Calls);
        clock.Advance(TimeSpan.FromMinutes(71));
        await compare.CompareDueAsync(lists, CancellationToken.None);

        Assert.NotEmpty(broken.Calls);
        Assert.Empty(behind.Calls);
        Assert.Empty(held.Calls);
        Assert.Equal(SubscriptionState.Removed, (await sites[2].SubscriptionAsync(address)).State);

        // What was not compared is tried again within about an hour, what was on the next day.
        broken.Before = null;
        well.Calls.Clear();
        clock.Advance(TimeSpan.FromMinutes(67));
        await compare.CompareDueAsync(lists, CancellationToken.None);
        Assert.NotEmpty(behind.Calls);
        Assert.DoesNotContain(well.Calls, call => call.StartsWith("GET ", StringComparison.Ordinal)); // Its removal may still be told.
        clock.Advance(TimeSpan.FromHours(26));
        await compare.CompareDueAsync(lists, CancellationToken.None);
        Assert.NotEmpty(well.Calls);
    }

    [Fact]
    public async Task What_fails_inside_at_one_list_leaves_the_others_to_be_compared()
    {
        var (fails, well) = (NewList("mailjet"), NewList("mailjet"));
        List<ContactList> lists = [(await NewSiteAsync("mailjet", fails)).List, (await NewSiteAsync("mailjet", well)).List];
        var clock = new TestClock();
        var options = Options.Create(new CompareOptions());
        var pass = new ComparePass(options, clock);
        var scopes = new FirstFails(gateway.Services.GetRequiredService<IServiceScopeFactory>());
        using var compare = ActivatorUtilities.CreateInstance<CompareLists>(gateway.Services, pass, options, scopes);
        lists.ForEach(list => Assert.False(pass.IsDue(list.Id)));
        clock.Advance(TimeSpan.FromMinutes(71));

        await compare.CompareDueAsync(lists, CancellationToken.None);

        Assert.Empty(fails.Calls);
        Assert.NotEmpty(well.Calls);
        clock.Advance(TimeSpan.FromMinutes(67));
        Assert.Equal([true, false], lists.Select(list => pass.IsDue(list.Id)));
    }

    [Fact]
    public async Task It_looks_again_and_again_whatever_failed_and_not_at_all_when_it_is_switched_off()
    {
        var database = new Away();
        using var compare = Service(new CompareOptions());
        using var off = Service(new CompareOptions { CompareHours = 0 });

        await off.StartAsync(CancellationToken.None);
        await off.ExecuteTask!.WaitAsync(Eventually.Patience);
        Assert.Equal(0, database.Asked);

        await compare.StartAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(database.Asked > 2));
        await compare.StopAsync(CancellationToken.None);
        Assert.True(compare.ExecuteTask!.IsCanceled || compare.ExecuteTask.IsCompletedSuccessfully);

        CompareLists Service(CompareOptions options) =>
            ActivatorUtilities.CreateInstance<CompareLists>(gateway.Services, database, Options.Create(options), new NoPauses());
    }

    /// <summary>Pauses are over at once.</summary>
    private sealed class NoPauses : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }

    private sealed class Away : IServiceScopeFactory
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public IServiceScope CreateScope()
        {
            Interlocked.Increment(ref _asked);
            throw new InvalidOperationException("The database is away.");
        }
    }

    /// <summary>As when the database is away for a moment.</summary>
    private sealed class FirstFails(IServiceScopeFactory scopes) : IServiceScopeFactory
    {
        private int _asked;

        public IServiceScope CreateScope() =>
            ++_asked == 1 ? throw new InvalidOperationException("The database is away.") : scopes.CreateScope();
    }

    [Theory]
    [InlineData("mailjet", """{"event":"unsub","time":{at},"email":"{to}","mj_list_id":{list},"mj_contact_id":7,"CustomID":""}""", true)]
    [InlineData("brevo", """{"event":"unsubscribe","email":"{to}","id":3,"camp_id":4,"list_id":[{list},1],"ts_event":{at}}""", true)]
    [InlineData("brevo", """{"event":"contact_deleted","email":["{to}"],"ts":{at}}""", false)]
    [InlineData("brevo", """{"event":"contact_deleted","email":"{to}","list_id":{list},"ts":{at}}""", false)]
    [Trait("Database", "both")]
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
            if (isOld)
            {
                await AgeAsync(site, sync);
            }
        }
    }

    private static Task AgeAsync(SiteUnderTest site, ListSync sync)
    {
        DateTime? at = (sync.SyncedAt ?? site.Gateway.Clock.GetUtcNow().UtcDateTime).AddHours(-1);
        return site.Gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () => db.ListSyncs.Where(row => row.Id == sync.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.SyncedAt, at)),
                CancellationToken.None
            )
        );
    }

    private static void Fill(FakeList list, int count)
    {
        for (var at = 0; at < count; at++)
        {
            list.People[$"a{at:0000}@else.example"] = false;
        }
    }

    private static bool AsksFor(HttpRequestMessage request, string name, int value) =>
        System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query)[name]
        == value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private IEnumerable<string> AskedFor(string provider) => provider == "mailjet" ? gateway.Mailjet.AskedFor : gateway.Brevo.AskedFor;

    private System.Collections.Concurrent.ConcurrentDictionary<string, HttpStatusCode> Unanswered(string provider) =>
        provider == "mailjet" ? gateway.Mailjet.Unanswered : gateway.Brevo.Unanswered;

    private Task HoldAsync(ContactList list) =>
        gateway
            .Services.GetRequiredService<Outages>()
            .DecideAsync(
                new(ListConnections.Queue, ListConnections.List(list), list.SiteId, new(Concern.Decision, "tests", "A test holds it.")),
                CancellationToken.None
            );

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
