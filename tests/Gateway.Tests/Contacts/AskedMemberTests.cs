using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>
/// POST /v1/sites/{site}/contacts/batch with double opt-in: a site tells of its users again and again, and each is asked once.
/// </summary>
public sealed class AskedMemberTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string email = $"{Guid.CreateVersion7():N}@users.example";

    [Fact]
    public async Task A_new_user_is_asked_and_nothing_of_them_shows_before_the_answer()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);

        var result = await site.ChangeContactAsync(site.Change(email));

        Assert.Equal((202, "user-7"), ((int)result["status"]!, (string?)result["key"]));
        var contact = await site.ReadContactAsync((string)result["id"]!);
        Assert.Equal(("pending", null), (contact.Status(), (string?)contact.Json["name"]));
        Assert.StartsWith("Veuillez confirmer", (await gateway.MailToAsync(email)).Subject);
        Assert.Empty(list.Calls);
        Assert.Empty(await site.LedgerAsync());
    }

    [Fact]
    public async Task The_answer_brings_name_properties_and_where_the_consent_was_given()
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.ChangeContactAsync(site.Change(email)))["id"]!;

        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);

        var contact = await site.ReadContactAsync(id);
        Assert.Equal(
            ("confirmed", "Ada Lovelace", "Turin"),
            (contact.Status(), (string?)contact.Json["name"], (string?)contact.Json["properties"]!["city"])
        );
        var facts = (await site.AuthorizedAsync(HttpMethod.Get, $"/v1/contacts/{id}/consents")).Json["entries"]![0]!["facts"]!;
        Assert.Equal(("site: Spring fair", "Yes, send me the newsletter."), ((string?)facts["source"], (string?)facts["consentText"]));
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task The_same_batch_again_changes_nothing_however_much_later()
    {
        var site = await gateway.NewSiteAsync();
        var one = new Subscriber(site, email, new());
        var first = await site.ChangeContactsAsync(site.Change(email), site.Change("other-" + email));

        // A link's time begins when its mail leaves.
        await site.LinksForAsync(email);
        await site.LinksForAsync("other-" + email);
        await one.PassAsync(TimeSpan.FromHours(30));
        var before = await one.RowsAsync();

        var again = await site.ChangeContactsAsync(site.Change(email), site.Change("other-" + email));

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(before, await one.RowsAsync());
    }

    [Fact]
    public async Task Thirty_at_once_ask_once()
    {
        var site = await gateway.NewSiteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactAsync(site.Change(email))));

        Assert.All(answers, answer => Assert.Equal(202, (int)answer["status"]!));
        Assert.Single(answers.Select(answer => (string?)answer["id"]).Distinct());
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
        Assert.Single(await site.EventsAsync(EventTypes.SubscriptionPending));
    }

    [Fact]
    public async Task Somebody_confirmed_is_not_asked_again_and_the_list_hears_what_is_new_once()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        await site.ToldAsync(await site.SubscribeAsync(email));
        JsonObject Married() =>
            site.Change(email, change: item => (item["name"], item["properties"]) = ("Ada King", new JsonObject { ["town"] = "London" }));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.ChangeContactAsync(Married())));
        await site.ToldAsync(await site.SubscriptionAsync());

        Assert.All(answers, answer => Assert.Equal(202, (int)answer["status"]!));
        Assert.Equal("Ada King", await site.NameAsync(email));
        Assert.Equal(
            2,
            await gateway.InDatabaseAsync(db =>
                db.ListSyncs.Where(row => row.SiteId == site.Id).Select(row => row.DesiredVersion).SingleAsync()
            )
        );
        await Eventually.BecomesAsync(() => Task.FromResult(list.About(email).Count()), told => told == 2);
        Assert.Equal("addnoforce", list.About(email).Last().Action);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
        Assert.Empty(await site.LedgerAsync());
    }

    [Fact]
    public async Task What_changes_before_the_answer_changes_nothing_and_sends_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.ChangeContactAsync(site.Change(email)))["id"]!;

        var result = await site.ChangeContactAsync(site.Change(email, change: item => item["name"] = "Somebody else"));

        Assert.Equal((202, id), ((int)result["status"]!, (string?)result["id"]));
        Assert.Null(await site.NameAsync(email));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task Whoever_left_is_asked_anew_only_when_they_agreed_since_then()
    {
        var site = await gateway.NewSiteAsync();
        var id = (string)(await site.ChangeContactAsync(site.Change(email, "proven")))["id"]!;
        await site.UnsubscribeAsync(id, new() { ["list"] = site.ListId });

        var told = await site.ChangeContactAsync(site.Change(email, change: item => item["name"] = "Changed"));
        var agreed = await site.ChangeContactAsync(site.Change(email, change: item => item["consent"]!["at"] = SoonAfterNow()));

        Assert.Equal((403, "suppressed"), ((int)told["status"]!, (string?)told["problem"]!["code"]));
        Assert.Equal(202, (int)agreed["status"]!);
        Assert.Equal("Ada Lovelace", await site.NameAsync(email));
        await gateway.MailToAsync(email);
    }

    [Fact]
    public async Task Whoever_left_everything_is_asked_anew_only_when_they_agreed_since_then_and_only_their_answer_lifts_it()
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(email, SuppressionReason.Unsubscribed);

        var told = await site.ChangeContactAsync(site.Change(email));
        Assert.Equal(0, await site.CountContactsAsync());
        var agreed = await site.ChangeContactAsync(site.Change(email, change: item => item["consent"]!["at"] = SoonAfterNow()));

        Assert.Equal((403, 202), ((int)told["status"]!, (int)agreed["status"]!));
        Assert.Equal("unsubscribed", (string?)(await site.ReadContactAsync((string)agreed["id"]!)).Json["suppressed"]);
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(email)).Confirm);
        Assert.Null((await site.ReadContactAsync((string)agreed["id"]!)).Json["suppressed"]);
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    public async Task An_address_that_bounced_or_complained_stays_suppressed_whatever_was_agreed(object reason)
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(email, (SuppressionReason)reason);

        var result = await site.ChangeContactAsync(site.Change(email, change: item => item["consent"]!["at"] = SoonAfterNow()));

        Assert.Equal((403, "suppressed"), ((int)result["status"]!, (string?)result["problem"]!["code"]));
        Assert.Equal(0, await site.CountContactsAsync());
    }

    [Fact]
    public async Task Whoever_said_it_was_not_them_is_never_asked_again()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(email));
        await site.CancelAsync($"/c/{(await site.LinksForAsync(email)).Confirm}");

        var result = await site.ChangeContactAsync(site.Change(email, change: item => item["consent"]!["at"] = SoonAfterNow()));

        Assert.Equal((403, "suppressed"), ((int)result["status"]!, (string?)result["problem"]!["code"]));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    public async Task Whoever_did_not_answer_is_asked_anew_only_when_they_agreed_since_then()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change(email));
        var week = TimeSpan.FromDays(8);
        await new Subscriber(site, email, new()).PassAsync(week);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Subscriptions.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Expired)),
                CancellationToken.None
            )
        );

        var told = await site.ChangeContactAsync(site.Change(email));
        Assert.Equal(SubscriptionState.Expired, (await site.SubscriptionAsync()).State);
        await site.ChangeContactAsync(site.Change(email, change: item => item["consent"]!["at"] = SoonAfterNow()));

        Assert.Equal(202, (int)told["status"]!);
        Assert.Equal(SubscriptionState.Pending, (await site.SubscriptionAsync()).State);
    }

    [Fact]
    public async Task The_answer_does_not_tell_whether_an_address_is_known()
    {
        var site = await gateway.NewSiteAsync();
        await site.ChangeContactAsync(site.Change("pending-" + email));
        await site.SubscribeAsync("confirmed-" + email);

        var answer = await site.ChangeContactsAsync(
            site.Change("new-" + email),
            site.Change("pending-" + email),
            site.Change("confirmed-" + email)
        );

        var shapes = answer.Json["results"]!
            .AsArray()
            .Select(result => $"{result!["key"]} {result["status"]} {((string)result["id"]!)[..4]} {result["problem"]}");
        Assert.Single(shapes.Distinct());
    }

    /// <summary>Within the allowance for clocks that differ.</summary>
    private string SoonAfterNow() =>
        gateway.Clock.GetUtcNow().AddMinutes(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
