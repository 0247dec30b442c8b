using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>
/// Who left a list, or said "this wasn't me", is not brought back by what others type, by time, or by their own erasure: only by their own
/// confirmation, and "this wasn't me" by whoever may lift it.
/// </summary>
public sealed class RememberedRefusalTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_stranger_who_types_the_address_of_somebody_who_left_opens_no_way_for_a_proof()
    {
        var one = await LeftAsync();
        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);

        await SignUpByStrangerAsync(one);
        var standing = await one.StateAsync();
        var proven = await one.Site.ProveAsync(one.Address);
        var batch = await one.Site.ChangeContactAsync(one.Site.Change(one.Address, "proven"));

        Assert.Equal(SubscriptionState.Pending, standing);
        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (proven.Status, proven.Code));
        Assert.Contains("Only a fresh confirmation", (string?)proven.Json["detail"], StringComparison.Ordinal);
        Assert.Equal("suppressed", (string?)batch["problem"]!["code"]);
        Assert.NotEqual(SubscriptionState.Confirmed, await one.StateAsync());
        Assert.Equal(["unsubscribed"], await ShownAsync(one));
    }

    [Fact]
    public async Task An_unanswered_sign_up_leaves_who_left_as_they_were_and_is_forgotten_alone()
    {
        var site = await gateway.NewSiteAsync();
        var one = new Subscriber(site, $"{Guid.CreateVersion7():N}@refusal.example", new());
        await site.UnsubscribeAsync((await site.ProveAsync(one.Address)).Id, new() { ["list"] = site.ListId });
        await SignUpByStrangerAsync(one);

        await EndRequestsAsync(one);
        var expired = await one.StateAsync();
        await EndRequestsAsync(one, forget: true);

        Assert.Equal(SubscriptionState.Unsubscribed, expired);
        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        Assert.Equal("suppressed", (await site.ProveAsync(one.Address)).Code);
    }

    [Fact]
    public async Task The_site_that_takes_off_who_had_left_and_was_asked_again_opens_no_way_either()
    {
        var one = await LeftAsync();
        await SignUpByStrangerAsync(one);

        await one.Site.ChangeContactAsync(one.Site.Deletion(one.Address, one.Site.ListId));

        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);
        var asked = await one.Site.ChangeContactAsync(one.Site.Change(one.Address));
        Assert.Equal("suppressed", (string?)asked["problem"]!["code"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_left_and_was_erased_has_still_left(bool strangerBetween)
    {
        var one = await LeftAsync();
        if (strangerBetween)
        {
            await SignUpByStrangerAsync(one);
        }

        var erased = await EraseAsync(one);
        var proven = await one.Site.ProveAsync(one.Address);
        var batch = await one.Site.ChangeContactAsync(one.Site.Change(one.Address, "proven"));
        var asked = await one.Site.ChangeContactAsync(one.Site.Change(one.Address));

        Assert.Equal(1, (int)erased.Json["erased"]!["contacts"]!);
        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (proven.Status, proven.Code));
        Assert.Equal("suppressed", (string?)batch["problem"]!["code"]);
        Assert.Equal("suppressed", (string?)asked["problem"]!["code"]);
        Assert.Equal(0, await one.Site.CountContactsAsync());
        await one.Site.VerifyLedgerAsync();
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task After_an_erasure_and_a_strangers_sign_up_that_runs_out_the_refusal_is_still_there()
    {
        var one = await LeftAsync();
        await EraseAsync(one);
        await SignUpByStrangerAsync(one);

        await EndRequestsAsync(one);
        await EndRequestsAsync(one, forget: true);

        Assert.Equal(0, await one.Site.CountContactsAsync());
        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Database", "both")]
    public async Task Only_the_persons_own_confirmation_ends_it(bool afterErasure)
    {
        var one = await LeftAsync();
        if (afterErasure)
        {
            await EraseAsync(one);
        }

        var links = await SignUpByStrangerAsync(one);
        await one.Site.ConfirmAsync("/c/" + links.Confirm);
        var id = (string)(await SearchAsync(one)).Json["items"]![0]!["id"]!;
        await one.Site.ChangeContactAsync(one.Site.Deletion(one.Address, one.Site.ListId));

        Assert.Equal("removed", (await one.Site.ReadContactAsync(id)).Status());
        Assert.Equal(HttpStatusCode.OK, (await one.Site.ProveAsync(one.Address)).Status);
        Assert.Empty(await ShownAsync(one));
    }

    [Fact]
    public async Task A_confirmation_of_one_list_takes_back_nothing_that_was_refused_of_another()
    {
        var one = await Subscriber.JoinAsync(gateway);
        await one.JoinAnotherAsync("Offers");
        var id = (string)(await SearchAsync(one)).Json["items"]![0]!["id"]!;
        await one.Site.UnsubscribeAsync(id);
        await EraseAsync(one);

        await one.JoinAnotherAsync("Third");

        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);
        Assert.Equal(["unsubscribed"], await ShownAsync(one));
    }

    [Fact]
    public async Task This_wasnt_me_outlives_an_erasure_and_is_lifted_with_a_reason()
    {
        var one = await Subscriber.SignUpAsync(gateway);
        await one.Site.CancelAsync(one.Confirm);
        await EraseAsync(one);

        var form = await one.Site.SubmitAsync(email: one.Address);
        var row = await one.Site.ProcessedAsync(form.Id);
        var asked = await one.Site.AddContactAsync(one.Address);
        var proven = await one.Site.ProveAsync(one.Address);
        var contacts = await one.Site.CountContactsAsync();
        var lifted = await one.Site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts/lift",
            new JsonObject { ["email"] = one.Address, ["reason"] = "Called us on the phone" },
            "contacts"
        );

        Assert.Equal("suppressed", row.FailureCode);
        Assert.All([asked, proven], answer => Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code)));
        Assert.Equal(0, contacts);
        Assert.Equal("""{"lifted":["cancelled"]}""", lifted.Text);
        Assert.Equal(HttpStatusCode.Accepted, (await one.Site.AddContactAsync(one.Address)).Status);
        Assert.Equal(ConsentKind.Reopened, (await one.LedgerAsync())[^1].Kind);
        await one.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Taking_back_this_wasnt_me_does_not_take_back_an_unsubscribe_before_it()
    {
        var one = await LeftAsync();
        var links = await SignUpByStrangerAsync(one);
        await one.Site.CancelAsync("/c/" + links.Confirm);

        await one.Site.PressAsync(await one.Site.OpenAsync("/c/" + links.Confirm), "I do want to sign up");

        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);
        Assert.Equal(["unsubscribed"], await ShownAsync(one));
    }

    [Fact]
    public async Task A_bounce_that_is_lifted_uncovers_the_unsubscribe_before_it()
    {
        var site = await gateway.NewSiteAsync();
        var email = $"{Guid.CreateVersion7():N}@lift.example";
        await site.SuppressAsync(email, SuppressionReason.Unsubscribed);
        await site.SuppressAsync(email, SuppressionReason.Bounced);

        var lifted = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts/lift",
            new JsonObject { ["email"] = email, ["reason"] = "The mailbox works again" },
            "contacts"
        );

        Assert.Equal("""{"lifted":["bounced"]}""", lifted.Text);
        Assert.Equal("suppressed", (await site.ProveAsync(email)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await site.AddContactAsync(email)).Status);
    }

    [Fact]
    public async Task Who_was_taken_off_and_never_answered_again_can_still_leave_by_an_old_link()
    {
        var one = await Subscriber.JoinAsync(gateway);
        await one.Site.ChangeContactAsync(one.Site.Deletion(one.Address, one.Site.ListId));
        await SignUpByStrangerAsync(one);
        await EndRequestsAsync(one);
        Assert.Equal(SubscriptionState.Expired, await one.StateAsync());

        await one.Site.SendFormAsync(one.Leave, ("List-Unsubscribe", "One-Click"));

        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        Assert.Equal("suppressed", (await one.Site.ProveAsync(one.Address)).Code);
    }

    [Fact]
    public async Task A_list_that_was_left_holds_back_no_mail_about_an_order()
    {
        var one = await LeftAsync();

        var sent = await one.Site.MailAsync(one.Address);

        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
    }

    private async Task<Subscriber> LeftAsync()
    {
        var one = await Subscriber.JoinAsync(gateway);
        await one.Site.SendFormAsync(one.Leave, ("List-Unsubscribe", "One-Click"));
        Assert.Equal(SubscriptionState.Unsubscribed, await one.StateAsync());
        return one;
    }

    private static async Task<MessageSecrets> SignUpByStrangerAsync(Subscriber one)
    {
        var before = (await one.Site.Gateway.MailsToAsync(one.Address, 0)).Count;
        await one.Site.SubmitAsync(email: one.Address);
        return await one.Site.LinksForAsync(one.Address, before + 1);
    }

    /// <summary>
    /// Lets the time of the site's open requests pass, and with <paramref name="forget"/> the time for which they are kept.
    /// </summary>
    private async Task EndRequestsAsync(Subscriber one, bool forget = false)
    {
        // As long as a mail has not left, its request does not expire.
        await Eventually.BecomesTrueAsync(() =>
            gateway.InDatabaseAsync(async db => !await db.Messages.AnyAsync(row => row.SiteId == one.Site.Id && row.DueAt != null))
        );
        await one.PassAsync(forget ? TimeSpan.FromDays(31) : TimeSpan.FromDays(8));
        var past = gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .OptInRequests.Where(row =>
                            row.SiteId == one.Site.Id && (row.State == OptInState.Pending || (forget && row.State == OptInState.Expired))
                        )
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, (DateTime?)past)),
                CancellationToken.None
            )
        );
        gateway.Signal();
        await Eventually.BecomesTrueAsync(() =>
            gateway.InDatabaseAsync(async db =>
                !await db.OptInRequests.AnyAsync(row =>
                    row.SiteId == one.Site.Id
                    && (
                        row.State == OptInState.Pending || (forget && row.State == OptInState.Expired && row.SubscriptionId != Guid.Empty)
                    )
                )
            )
        );
    }

    private static Task<Answer> EraseAsync(Subscriber one) =>
        one.Site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/erase", new JsonObject { ["email"] = one.Address }, "contacts");

    private static Task<Answer> SearchAsync(Subscriber one) =>
        one.Site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/search", new JsonObject { ["email"] = one.Address }, "read");

    private async Task<List<string?>> ShownAsync(Subscriber one) =>
        [
            .. (
                await CommandResult.OfAsync(
                    () => Task.FromResult(gateway.Services),
                    "",
                    "suppression",
                    "show",
                    one.Site.PublicId,
                    one.Address,
                    "--json"
                )
            )
                .Json.GetProperty("refusals")
                .EnumerateArray()
                .Select(refusal => refusal.GetString()),
        ];
}
