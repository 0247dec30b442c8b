using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Lists;

public sealed class MailjetListsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly FakeMailjet mailjet = GatewayUnderTest.Shared.Mailjet;

    [Fact]
    public async Task A_fresh_confirmation_is_told_once_and_clears_an_unsubscribe()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        var ada = await site.SubscribeAsync("ada@example.org", fresh: true);

        var sync = await site.ToldAsync(ada);
        Assert.Equal(DesiredState.Subscribed, sync.Synced);
        Assert.False(sync.Fresh);
        Assert.Equal("addforce", Assert.Single(list.Told).Action);
        Assert.Contains("\"state\":\"subscribed\"", Assert.Single(await site.EventsAsync("list.synced")));
    }

    [Fact]
    public async Task Without_a_fresh_confirmation_an_unsubscribe_at_the_provider_stays()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org", fresh: false));

        Assert.Equal("addnoforce", Assert.Single(list.Told).Action);
    }

    [Fact]
    public async Task A_property_that_is_missing_is_made_once()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        var property = $"city {list.Number}";
        void LivesInTurin(Contact contact, Subscription _) =>
            (contact.Name, contact.Properties) = ("Ada Lovelace", $$"""{"{{property}}":"Turin"}""");

        await site.ToldAsync(await site.SubscribeAsync("ada@example.org", change: LivesInTurin));
        await site.ToldAsync(await site.SubscribeAsync("eve@example.org", change: LivesInTurin));

        var made = Assert.Single(mailjet.Made, name => name.StartsWith($"city_{list.Number}_", StringComparison.Ordinal));
        Assert.All(list.Told, told => Assert.Equal("Turin", (string?)told.Body["Properties"]![made]));
        Assert.All(list.Told, told => Assert.Equal("Ada Lovelace", (string?)told.Body["Properties"]!["name"]));
        Assert.All(list.Told, told => Assert.Equal("Ada Lovelace", (string?)told.Body["Name"]));
    }

    [Fact]
    public async Task Values_become_what_the_property_holds_and_those_that_cannot_are_left_out()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        var (born, age, shoe) = ($"born{list.Number}", $"age{list.Number}", $"shoe{list.Number}");
        (mailjet.Properties[born], mailjet.Properties[age], mailjet.Properties[shoe]) = ("datetime", "int", "int");

        var synced = await site.ToldAsync(
            await site.SubscribeAsync(
                "ada@example.org",
                change: (contact, _) => contact.Properties = $$"""{"{{born}}":"1990-12-24","{{age}}":"forty","{{shoe}}":"43"}"""
            )
        );

        Assert.Equal(
            $$"""{"{{born}}":"1990-12-24T00:00:00Z","{{shoe}}":43}""",
            Assert.Single(list.Told).Body["Properties"]!.ToJsonString()
        );
        Assert.Equal($"Mailjet has the person without \"{age}\" (Mailjet expects a whole number).", synced.Remark);
    }

    [Fact]
    public async Task A_property_that_Mailjet_refuses_is_left_out_and_the_person_is_on_the_list()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        var property = $"odd{list.Number}";
        list.Before = async (request, ct) =>
            (await request.Content!.ReadAsStringAsync(ct)).Contains(property, StringComparison.Ordinal)
                ? FakeList.Json(
                    System.Net.HttpStatusCode.BadRequest,
                    $$"""{"ErrorInfo":"","ErrorMessage":"Invalid value for property \"{{property}}\"","StatusCode":400}"""
                )
                : null;

        var synced = await site.ToldAsync(
            await site.SubscribeAsync(
                "ada@example.org",
                change: (contact, _) => contact.Properties = $$"""{"{{property}}":"x","city":"Turin"}"""
            )
        );

        Assert.Equal("Turin", (string?)Assert.Single(list.Told).Body["Properties"]!["city"]);
        Assert.Equal($"Mailjet has the person without \"{property}\" (Mailjet refused it).", synced.Remark);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fresh_confirmation_and_nothing_else_takes_people_off_the_exclusion_list(bool fresh)
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        string[] emails = [.. Enumerable.Range(1, 3).Select(number => $"p{number}-{list.Number}@example.org")];
        Array.ForEach(emails, email => mailjet.Excluded[email] = true);

        foreach (var subscription in await site.SubscribeAsync(emails, fresh))
        {
            await site.ToldAsync(subscription);
        }

        Assert.All(emails, email => Assert.Equal(!fresh, mailjet.Excluded.ContainsKey(email)));
    }

    [Fact]
    public async Task Several_people_are_told_by_one_job()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        string[] emails = [.. Enumerable.Range(1, 25).Select(number => $"p{number}@example.org")];

        foreach (var subscription in await site.SubscribeAsync(emails))
        {
            await site.ToldAsync(subscription);
        }

        Assert.Equal(emails.Order(), list.Told.Select(told => told.Email).Order());
        Assert.Single(list.Calls, call => call == "POST /v3/REST/contact/managemanycontacts");
        Assert.DoesNotContain(list.Calls, call => call.EndsWith("managecontact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_that_fails_for_one_person_refuses_that_person_alone()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        var people = await site.SubscribeAsync(["ada@example.org", "refused@example.org", "eve@example.org"]);

        Assert.Equal(DesiredState.Subscribed, (await site.ToldAsync(people[0])).Synced);
        Assert.Equal(DesiredState.Subscribed, (await site.ToldAsync(people[2])).Synced);
        var refused = await site.FailedAsync(people[1]);
        Assert.Null(refused.DueAt);
        Assert.Null(refused.Synced);
        Assert.DoesNotContain("example.org", refused.Failure);
        Assert.Contains(refused.Failure!, Assert.Single(await site.EventsAsync("list.sync_failed")));
    }

    [Fact]
    public async Task A_refused_person_can_be_replayed()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        list.AnswerEverythingWith(
            System.Net.HttpStatusCode.BadRequest,
            """{"ErrorInfo":{"Email":"MJ08 Property email is invalid"},"ErrorMessage":"Object properties invalid","StatusCode":400}"""
        );
        var ada = await site.SubscribeAsync("ada@example.org");
        var refused = await site.FailedAsync(ada);
        Assert.Null(refused.DueAt);

        list.Before = null;
        await site.ReplayAsync(refused);

        Assert.Null((await site.ToldAsync(ada)).Failure);
    }

    [Fact]
    public async Task A_job_that_does_not_end_in_time_is_told_again_later()
    {
        var list = mailjet.NewList();
        list.LooksUntilDone = 1_000_000;
        var site = await gateway.NewMailjetSiteAsync(list);

        var people = await site.SubscribeAsync(["ada@example.org", "eve@example.org"]);

        var waiting = await site.FailedAsync(people[0]);
        Assert.NotNull(waiting.DueAt);
        Assert.Null(waiting.Synced);
    }

    [Fact]
    public async Task An_unsubscribe_during_the_call_is_told_afterwards()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        var asked = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        list.Before = async (_, ct) =>
        {
            asked.TrySetResult();
            await left.Task.WaitAsync(ct);
            return null;
        };

        var ada = await site.SubscribeAsync("ada@example.org");
        await asked.Task.WaitAsync(Eventually.Patience);
        await site.UnsubscribeAsync(ada);
        left.SetResult();

        var sync = await site.SyncedAsync(ada, row => row.DueAt is null);
        Assert.Equal(DesiredState.Unsubscribed, sync.Synced);
        Assert.Equal(["addforce", "unsub"], list.Told.Select(told => told.Action));
    }

    [Theory]
    [InlineData(SuppressionReason.Unsubscribed)]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    internal async Task Somebody_suppressed_is_never_told_as_subscribed(SuppressionReason reason)
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.SuppressAsync("ada@example.org", reason);

        var sync = await site.ToldAsync(await site.SubscribeAsync("ada@example.org", fresh: true));

        Assert.Equal(DesiredState.Unsubscribed, sync.Synced);
        Assert.Equal("unsub", Assert.Single(list.Told).Action);
    }

    [Fact]
    public async Task No_provider_learns_an_address_that_was_never_confirmed()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        void IsPending(Contact _, Subscription subscription) =>
            (subscription.State, subscription.ConfirmedAt) = (SubscriptionState.Pending, null);

        var ada = await site.SubscribeAsync("ada@example.org", change: IsPending);

        var sync = await site.SyncedAsync(ada, row => row.DueAt is null);
        Assert.Null(sync.Synced);
        Assert.Empty(list.Calls);
    }

    [Fact]
    public async Task Two_sites_tell_their_own_lists_only()
    {
        var (one, other) = (mailjet.NewList(), mailjet.NewList());
        var first = await gateway.NewMailjetSiteAsync(one);
        var second = await gateway.NewMailjetSiteAsync(other);
        await first.SuppressAsync("ada@example.org", SuppressionReason.Complained);

        var here = await first.ToldAsync(await first.SubscribeAsync("ada@example.org"));
        var there = await second.ToldAsync(await second.SubscribeAsync("ada@example.org"));

        Assert.Equal(DesiredState.Unsubscribed, here.Synced);
        Assert.Equal(DesiredState.Subscribed, there.Synced);
        Assert.Equal("unsub", Assert.Single(one.Told).Action);
        Assert.Equal("addforce", Assert.Single(other.Told).Action);
        Assert.Single(await first.EventsAsync("list.synced"));
        Assert.Single(await second.EventsAsync("list.synced"));
    }
}
