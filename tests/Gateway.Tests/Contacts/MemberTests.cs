using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>POST /v1/sites/{site}/contacts/batch: users whose consent is proven, who change, change their address, and go.</summary>
public sealed class MemberTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly FakeList list = GatewayUnderTest.Shared.Mailjet.NewList();
    private readonly string email = $"{Guid.CreateVersion7():N}@users.example";

    private string Old => "old-" + email;

    [Fact]
    public async Task A_proven_consent_subscribes_at_once_and_the_ledger_names_the_site_as_who_told()
    {
        var site = await gateway.NewMailjetSiteAsync(list);

        var result = await site.ChangeContactAsync(site.Change(email, "proven"));
        await site.ToldAsync(await site.SubscriptionAsync());

        Assert.Equal((200, "confirmed"), ((int)result["status"]!, (await site.ReadContactAsync((string)result["id"]!)).Status()));
        var facts = (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{result["id"]}/consents")).Json["entries"]![0]!["facts"]!;
        Assert.Equal(("Spring fair", site.PublicId), ((string?)facts["source"], (string?)facts["provenBy"]));
        Assert.Equal("addnoforce", Assert.Single(list.About(email)).Action);
        await site.VerifyLedgerAsync();
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task The_same_proof_again_and_thirty_times_at_once_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var one = new Subscriber(site, email, new());
        var first = await site.ChangeContactsAsync(site.Change(email, "proven"));
        var before = await one.RowsAsync();

        var again = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactsAsync(site.Change(email, "proven"))));

        Assert.All(again, answer => Assert.Equal(first.Text, answer.Text));
        Assert.Equal(before, await one.RowsAsync());
        Assert.Single(await site.EventsAsync(EventTypes.SubscriptionConfirmed));
    }

    [Fact]
    public async Task A_proof_never_lifts_what_the_person_or_their_provider_said()
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(email, SuppressionReason.Unsubscribed);
        var left = "left-" + email;
        var id = (string)(await site.ChangeContactAsync(site.Change(left, "proven")))["id"]!;
        await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });

        var suppressed = await site.ChangeContactAsync(site.Change(email, "proven"));
        var refused = await site.ChangeContactAsync(site.Change(left, "proven"));

        Assert.Equal(("suppressed", "suppressed"), ((string?)suppressed["problem"]!["code"], (string?)refused["problem"]!["code"]));
        Assert.Equal("unsubscribed", (await site.ReadContactAsync(id)).Status());
    }

    [Fact]
    public async Task Without_a_list_what_is_known_of_a_contact_changes_and_every_list_hears_of_it()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ToldAsync(await site.SubscribeAsync(email));

        var result = await site.ChangeContactAsync(
            site.Change(email, null, item => (item["name"], item["language"]) = ("Ada King", "de_AT"))
        );
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 2);

        Assert.Equal(200, (int)result["status"]!);
        var contact = (await site.ReadContactAsync((string)result["id"]!)).Json;
        Assert.Equal(
            ("Ada King", "de", "Turin"),
            ((string?)contact["name"], (string?)contact["language"], (string?)contact["properties"]!["city"])
        );
    }

    [Fact]
    public async Task Without_a_list_somebody_unknown_is_not_found_and_not_made()
    {
        var site = await gateway.NewSiteAsync();

        var result = await site.ChangeContactAsync(site.Change(email, null));

        Assert.Equal((404, "not_found"), ((int)result["status"]!, (string?)result["problem"]!["code"]));
        Assert.Equal(0, await site.CountContactsAsync());
    }

    [Fact]
    public async Task Somebody_taken_off_a_list_refused_nothing_here_or_at_the_provider()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ChangeContactAsync(site.Change(email, "proven"));
        await site.ToldAsync(await site.SubscriptionAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactAsync(site.Deletion(email, site.ListId))));
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 2);

        Assert.All(answers, answer => Assert.Equal(204, (int)answer["status"]!));
        Assert.Equal(["addnoforce", "remove"], list.About(email).Select(told => told.Action));
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync()).State);
        Assert.Equal([ConsentKind.Proven, ConsentKind.Removed], (await site.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Equal("site", (string?)JsonNode.Parse(Assert.Single(await site.EventsAsync(EventTypes.SubscriptionUnsubscribed)))!["by"]);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Suppressions.CountAsync(row => row.SiteId == site.Id)));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Somebody_taken_off_comes_back_by_a_proof_even_while_the_provider_is_being_told()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ChangeContactAsync(site.Change(email, "proven"));
        await site.ToldAsync(await site.SubscriptionAsync());
        var (arrived, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        list.Before = async (_, _) =>
        {
            arrived.TrySetResult();
            await answer.Task;
            return null;
        };

        await site.ChangeContactAsync(site.Deletion(email, site.ListId));
        await arrived.Task;
        var back = await site.ChangeContactAsync(site.Change(email, "proven"));
        answer.SetResult();
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 3);

        Assert.Equal(200, (int)back["status"]!);
        Assert.Equal(["addnoforce", "remove", "addnoforce"], list.About(email).Select(told => told.Action));
        Assert.Equal(
            [ConsentKind.Proven, ConsentKind.Removed, ConsentKind.Proven],
            (await site.LedgerAsync()).Select(entry => entry.Kind)
        );
    }

    [Fact]
    public async Task Somebody_taken_off_may_still_refuse_for_themselves_and_then_no_proof_brings_them_back()
    {
        var one = await Subscriber.JoinAsync(gateway);
        await one.Site.ChangeContactAsync(one.Site.Deletion(one.Address, one.Site.ListId));

        await one.Site.PressAsync(await one.Site.OpenAsync(one.Leave), "Yes, unsubscribe me");

        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        Assert.Equal(
            "suppressed",
            (string?)(await one.Site.ChangeContactAsync(one.Site.Change(one.Address, "proven")))["problem"]!["code"]
        );
        await one.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task An_open_request_of_somebody_taken_off_cannot_be_confirmed_any_more()
    {
        var one = await Subscriber.SignUpAsync(gateway);

        await one.Site.ChangeContactAsync(one.Site.Deletion(one.Address, one.Site.ListId));
        await one.Site.ConfirmAsync(one.Confirm);

        Assert.Equal(SubscriptionState.Removed, await one.StateAsync());
    }

    [Fact]
    public async Task Without_a_list_somebody_who_goes_is_erased_once_and_the_ledger_still_verifies()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ChangeContactAsync(site.Change(email, "proven"));
        await site.ToldAsync(await site.SubscriptionAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactAsync(site.Deletion(email, null))));
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 2);

        Assert.All(answers, answer => Assert.Equal(204, (int)answer["status"]!));
        Assert.Equal("remove", list.About(email).Last().Action);
        Assert.Equal(0, await site.CountContactsAsync());
        Assert.Equal([ConsentKind.Proven, ConsentKind.Erased], (await site.LedgerAsync()).Select(entry => entry.Kind));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Whoever_goes_is_answered_alike_known_or_not()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(email, "proven"));

        var answer = await site.ChangeContactsAsync(
            site.Deletion(email, site.ListId),
            site.Deletion("unknown-" + email, site.ListId),
            site.Deletion(email, null),
            site.Deletion("unknown-" + email, null)
        );

        Assert.Single(answer.Json["results"]!.AsArray().Select(result => result!.ToJsonString()).Distinct());
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_changed_address_inherits_no_consent_the_old_one_leaves_and_the_new_one_is_asked()
    {
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ChangeContactAsync(site.Change(Old, "proven"));
        await site.ToldAsync(await site.SubscriptionAsync(Old));
        JsonObject Moved() => site.Change(email, change: item => item["previousEmail"] = Old);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactAsync(Moved())));
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(Old).Count()), told => told == 2);

        Assert.All(answers, answer => Assert.Equal(202, (int)answer["status"]!));
        Assert.Equal(
            (SubscriptionState.Removed, SubscriptionState.Pending),
            ((await site.SubscriptionAsync(Old)).State, (await site.SubscriptionAsync(email)).State)
        );
        Assert.Equal("remove", list.About(Old).Last().Action);
        Assert.Empty(list.About(email));
        Assert.Equal([ConsentKind.Proven, ConsentKind.Removed], (await site.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task A_changed_address_with_a_proof_of_its_own_is_subscribed_at_once()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(Old, "proven"));

        var result = await site.ChangeContactAsync(
            site.Change(email, "proven", item => (item["previousEmail"], item["consent"]!["source"]) = (Old, "Profile page"))
        );

        Assert.Equal(200, (int)result["status"]!);
        Assert.Equal(
            (SubscriptionState.Removed, SubscriptionState.Confirmed),
            ((await site.SubscriptionAsync(Old)).State, (await site.SubscriptionAsync(email)).State)
        );
        Assert.Equal(
            [ConsentKind.Proven, ConsentKind.Removed, ConsentKind.Proven],
            (await site.LedgerAsync()).Select(entry => entry.Kind)
        );
    }

    [Fact]
    public async Task The_old_address_leaves_even_when_the_new_one_is_refused()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(Old, "proven"));
        await site.SuppressAsync(email, SuppressionReason.Bounced);

        var result = await site.ChangeContactAsync(site.Change(email, "proven", item => item["previousEmail"] = Old));

        Assert.Equal((403, "suppressed"), ((int)result["status"]!, (string?)result["problem"]!["code"]));
        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(Old)).State);
    }

    [Fact]
    public async Task An_address_written_otherwise_is_the_same_address_and_stays()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(email, "proven"));

        await site.ChangeContactAsync(site.Change(email, "proven", item => item["previousEmail"] = email.ToUpperInvariant()));

        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync()).State);
        Assert.Single(await site.LedgerAsync());
    }
}
