using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>POST /v1/contacts with the proof of a consent that was given elsewhere.</summary>
[Trait("Database", "both")]
public sealed class ProvenContactTests
{
    private static readonly string[] Facts = ["consentText", "source", "givenAt", "policyUrl", "policyVersion", "provenBy"];

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@contacts.example";

    [Fact]
    public async Task Somebody_is_subscribed_at_once_and_the_proof_is_in_the_ledger()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.ProveAsync(email);

        Assert.Equal((HttpStatusCode.OK, "confirmed"), (answer.Status, answer.Status()));
        Assert.Equal(
            ("Ada Lovelace", "fr", "Turin"),
            ((string?)answer.Json["name"], (string?)answer.Json["language"], (string?)answer.Json["properties"]!["city"])
        );
        Assert.Equal(ConsentKind.Proven, Assert.Single(await site.LedgerAsync()).Kind);
        await site.VerifyLedgerAsync();
        var entry = (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{answer.Id}/consents")).Json["entries"]![0]!;
        Assert.Equal("proven", (string?)entry["kind"]);
        Assert.Equal(
            [
                "Yes, send me the newsletter.",
                "Spring fair",
                "2026-03-01T09:00:00.000Z",
                "https://shop.example/privacy",
                "2026-01",
                site.Keys.ClientId,
            ],
            Facts.Select(fact => (string?)entry["facts"]![fact])
        );
        Assert.Equal(email, (string?)entry["personal"]!["address"]);
        var told = JsonNode.Parse(Assert.Single(await site.EventsAsync(EventTypes.SubscriptionConfirmed)))!;
        Assert.Equal((email, "Ada Lovelace"), ((string?)told["contact"]!["email"], (string?)told["contact"]!["name"]));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task A_printed_record_says_what_was_proven_and_by_whom()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email)).Id;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/contacts/{id}/consents");
        request.Headers.Authorization = new("Bearer", await site.TokenAsync("contacts"));
        request.Headers.Accept.ParseAdd("text/html");

        using var response = await site.Browser.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();

        Assert.Contains("that was given elsewhere", page, StringComparison.Ordinal);
        Assert.Contains("Spring fair", page, StringComparison.Ordinal);
        Assert.Contains(site.Keys.ClientId, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_provider_hears_of_it_without_force_so_that_an_unsubscribe_there_stays()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        await site.ProveAsync(email);
        await site.ToldAsync(await site.SubscriptionAsync());

        Assert.Equal("addnoforce", Assert.Single(list.About(email)).Action);
    }

    [Fact]
    public async Task The_same_proof_again_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var first = await site.ProveAsync(email);
        var before = await site.SubscriptionAsync();

        var again = await site.ProveAsync(email, body => body["consent"]!["at"] = "2026-03-02T10:00:00Z");

        Assert.Equal((HttpStatusCode.OK, first.Text), (again.Status, again.Text));
        Assert.Equal(before.ConfirmedAt, (await site.SubscriptionAsync()).ConfirmedAt);
        Assert.Single(await site.LedgerAsync());
        Assert.Single(await site.EventsAsync(EventTypes.SubscriptionConfirmed));
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.ListSyncs.Where(row => row.SiteId == site.Id).Select(row => row.DesiredVersion).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task New_data_are_taken_over_and_told_to_the_provider_without_a_second_entry()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ProveAsync(email);
        await site.ToldAsync(await site.SubscriptionAsync());

        var again = await site.ProveAsync(
            email,
            body => (body["name"], body["properties"]) = ("Ada King", new JsonObject { ["town"] = "London" })
        );

        Assert.Equal(
            ("Ada King", "Turin", "London"),
            ((string?)again.Json["name"], (string?)again.Json["properties"]!["city"], (string?)again.Json["properties"]!["town"])
        );
        Assert.Single(await site.LedgerAsync());
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 2);
    }

    [Theory]
    [InlineData("text", "Yes, and the catalogue too.")]
    [InlineData("source", "Autumn fair")]
    [InlineData("policyVersion", "2026-09")]
    public async Task Another_proof_is_another_entry(string what, string value)
    {
        var site = await gateway.NewSiteAsync();
        await site.ProveAsync(email);

        await site.ProveAsync(email, body => body["consent"]![what] = value);
        await site.ProveAsync(email);

        Assert.Equal([ConsentKind.Proven, ConsentKind.Proven], (await site.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Single(await site.EventsAsync(EventTypes.SubscriptionConfirmed));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Thirty_at_once_make_one_contact_one_entry_and_one_event()
    {
        var site = await gateway.NewSiteAsync();
        var token = await site.TokenAsync("contacts");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(async _ =>
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/contacts")
                    {
                        Content = System.Net.Http.Json.JsonContent.Create(site.Contact(email, "proven")),
                    };
                    request.Headers.Authorization = new("Bearer", token);
                    using var response = await site.Browser.SendAsync(request);
                    return await Answer.ReadAsync(response);
                })
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Single(await site.LedgerAsync());
        Assert.Single(await site.EventsAsync(EventTypes.SubscriptionConfirmed));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task An_open_request_needs_no_answer_any_more()
    {
        var site = await gateway.NewSiteAsync();
        await site.AddContactAsync(email, change: body => body["name"] = "Somebody else");
        var confirm = "/c/" + (await site.LinksForAsync(email)).Confirm;

        await site.ProveAsync(email);
        await site.ConfirmAsync(confirm);

        var request = await gateway.InDatabaseAsync(db => db.OptInRequests.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
        Assert.Equal((OptInState.Voided, null, null), (request.State, request.Evidence, request.DueAt));
        Assert.Single(await site.LedgerAsync());
        Assert.Equal(
            "Ada Lovelace",
            await gateway.InDatabaseAsync(db => db.Contacts.Where(row => row.SiteId == site.Id).Select(row => row.Name).SingleAsync())
        );
    }

    [Fact]
    public async Task Whoever_left_the_list_is_not_brought_back_by_a_proof()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.ProveAsync(email)).Id;
        await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });

        var answer = await site.ProveAsync(email, body => body["name"] = "Changed");

        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code));
        Assert.Contains("Only a fresh confirmation", (string?)answer.Json["detail"], StringComparison.Ordinal);
        var contact = await site.ReadContactAsync(id);
        Assert.Equal(("unsubscribed", "Ada Lovelace"), (contact.Status(), (string?)contact.Json["name"]));
    }

    [Theory]
    [InlineData(SuppressionReason.Unsubscribed)]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    public async Task A_suppressed_address_stays_suppressed_whatever_is_proven(object reason)
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(email, (SuppressionReason)reason);

        var answer = await site.ProveAsync(email);

        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code));
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)));
        Assert.Empty(await site.LedgerAsync());
    }

    [Fact]
    public async Task This_wasnt_me_is_not_lifted_by_a_proof()
    {
        var site = await gateway.NewSiteAsync();
        await site.AddContactAsync(email);
        await site.CancelAsync($"/c/{(await site.LinksForAsync(email)).Confirm}");

        var answer = await site.ProveAsync(email);

        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code));
    }
}
