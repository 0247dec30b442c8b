using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Gateway.Tests.Submissions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Contacts;

/// <summary>What keeps somebody from being written to is told to those who may know, and can be taken back.</summary>
public sealed class LiftTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Who_cancelled_by_mistake_is_not_asked_and_whoever_tells_of_them_learns_why()
    {
        var one = await CancelledAsync();

        var asked = await one.Site.AddContactAsync(one.Address);
        var proven = await one.Site.ProveAsync(one.Address);
        var member = await one.Site.ChangeContactAsync(one.Site.Change(one.Address));
        var form = await one.Site.SubmitAsync(email: one.Address);
        var row = await one.Site.ProcessedAsync(form.Id);

        Assert.All([asked, proven], answer => Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (answer.Status, answer.Code)));
        Assert.All(
            [(string?)asked.Json["detail"], (string?)proven.Json["detail"], (string?)member["problem"]!["detail"]],
            detail => Assert.Contains("this wasn't me", detail, StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.Accepted, form.Status);
        Assert.Equal((SubmissionState.Failed, "suppressed"), (row.State, row.FailureCode));
        Assert.DoesNotContain(one.Address, row.Failure!, StringComparison.Ordinal);
        Assert.Equal(1, await MailsAsync(one));
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    public async Task A_form_of_somebody_suppressed_shows_as_failed(object reason)
    {
        var site = await gateway.NewSiteAsync();
        var email = $"{Guid.CreateVersion7():N}@lift.example";
        await site.SuppressAsync(email, (SuppressionReason)reason);

        var row = await site.ProcessedAsync((await site.SubmitAsync(email: email)).Id);

        Assert.Equal((SubmissionState.Failed, "suppressed"), (row.State, row.FailureCode));
    }

    [Fact]
    public async Task The_person_takes_it_back_by_the_link_of_the_same_mail_and_signs_up_again()
    {
        var one = await CancelledAsync();
        var page = await one.Site.OpenAsync(one.Confirm);

        var untouched = await one.Site.SendFormAsync(one.Confirm + "/restore");
        var stillCancelled = await one.StateAsync();
        var restored = await one.Site.PressAsync(page, "I do want to sign up");
        var again = await one.Site.OpenAsync(one.Confirm);
        await one.Site.SubmitAsync(email: one.Address);
        var links = await one.Site.LinksForAsync(one.Address, mails: 2);
        var thanks = await one.Site.ConfirmAsync("/c/" + links.Confirm);

        Assert.Equal(("The sign-up is cancelled", SubscriptionState.Cancelled), (untouched.Heading, stillCancelled));
        Assert.Equal(("You can sign up again", "You can sign up again"), (restored.Heading, again.Heading));
        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Equal(
            [ConsentKind.Cancelled, ConsentKind.Reopened, ConsentKind.Confirmed],
            (await one.LedgerAsync()).Select(entry => entry.Kind)
        );
        await one.Site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task What_failed_before_the_person_took_it_back_is_settled_unless_something_else_stands_in_the_way()
    {
        var one = await CancelledAsync();
        var (list, token) = await one.SignUpForAnotherAsync("Other");
        await one.Site.CancelAsync("/c/" + token);
        var form = await one.Site.SubmitAsync(email: one.Address);
        var both = await one.Site.SubmitAsync(
            email: one.Address,
            change: body =>
            {
                var second = body["subscribe"]![0]!.DeepClone();
                second["list"] = Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.List, list.Id);
                body["subscribe"]!.AsArray().Add(second);
            }
        );
        Assert.Equal("suppressed", (await one.Site.ProcessedAsync(form.Id)).FailureCode);
        Assert.Equal("suppressed", (await one.Site.ProcessedAsync(both.Id)).FailureCode);
        var mails = await MailsAsync(one);

        await one.Site.PressAsync(await one.Site.OpenAsync(one.Confirm), "I do want to sign up");

        Assert.Equal((SubmissionState.Done, null), StateOf(await one.Site.ProcessedAsync(form.Id)));
        Assert.Equal((SubmissionState.Failed, "suppressed"), StateOf(await one.Site.ProcessedAsync(both.Id)));
        await one.Site.PressAsync(await one.Site.OpenAsync("/c/" + token), "I do want to sign up");
        Assert.Equal((SubmissionState.Done, null), StateOf(await one.Site.ProcessedAsync(both.Id)));
        Assert.Equal(mails, await MailsAsync(one));
        Assert.Empty((await one.Site.StatusAsync()).Json["errors"]!.AsArray());
    }

    [Fact]
    public async Task Somebody_confirmed_before_has_nothing_to_take_back()
    {
        var one = await Subscriber.SignUpAsync(gateway);
        await one.Site.ConfirmAsync(one.Confirm);
        await one.Site.SubmitAsync(email: one.Address);
        var second = await one.Site.LinksForAsync(one.Address, mails: 2);

        await one.Site.CancelAsync($"/c/{second.Confirm}");
        var page = await one.Site.OpenAsync("/c/" + second.Confirm);

        Assert.Equal("The sign-up is cancelled", page.Heading);
        Assert.DoesNotContain(page.Document.QuerySelectorAll("button"), button => button.TextContent == "I do want to sign up");
        Assert.Equal(SubscriptionState.Confirmed, await one.StateAsync());
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_caller_lifts_it_with_a_reason_which_is_kept_and_what_failed_is_replayed()
    {
        var one = await CancelledAsync();
        var form = await one.Site.SubmitAsync(email: one.Address);
        await one.Site.ProcessedAsync(form.Id);

        var nameless = await LiftAsync(one.Site, one.Address, " ");
        var lifted = await LiftAsync(
            one.Site,
            $"\"{one.Address.Replace("@", "\"@", StringComparison.Ordinal)}",
            "Called us on the phone"
        );
        var again = await LiftAsync(one.Site, one.Address, "Called us on the phone");
        var sentence = (await one.Site.ProcessedAsync(form.Id)).Failure;
        var replayed = await gateway.InScopeAsync<FailedItems, string?>(failed =>
            failed.ReplayAsync(form.Id, new(), "cli", CancellationToken.None)
        );
        var links = await one.Site.LinksForAsync(one.Address, mails: 2);

        Assert.NotNull(nameless.Json["errors"]!["reason"]);
        Assert.Equal("""{"lifted":["cancelled"]}""", lifted.Text);
        Assert.Equal("""{"lifted":[]}""", again.Text);
        Assert.Contains("That was lifted since: replay it", sentence, StringComparison.Ordinal);
        Assert.Null(replayed);
        Assert.NotEqual(one.Links.Confirm, links.Confirm);
        Assert.Contains(
            await gateway.InDatabaseAsync(db =>
                db.Set<Infrastructure.Audit.AuditEntry>().Where(row => row.SiteId == one.Site.Id).ToListAsync()
            ),
            entry => (entry.Action, entry.Reason) == ("refusal.lifted", "Called us on the phone")
        );
    }

    [Fact]
    public async Task A_caller_lifts_a_bounce_but_only_an_operator_a_complaint_and_nobody_an_unsubscribe()
    {
        var site = await gateway.NewSiteAsync();
        var (bounced, complained, left) = (NewAddress(), NewAddress(), NewAddress());
        await site.SuppressAsync(bounced, SuppressionReason.Bounced);
        await site.SuppressAsync(complained, SuppressionReason.Complained);
        await site.UnsubscribeAsync((await site.ProveAsync(left)).Id);

        Assert.Equal("""{"lifted":["bounced"]}""", (await LiftAsync(site, bounced, "The mailbox works again")).Text);
        Assert.Equal("suppressed", (await LiftAsync(site, complained, "They say it was a slip")).Code);
        Assert.Equal("""{"lifted":[]}""", (await LiftAsync(site, left, "They say it was a slip")).Text);
        Assert.Equal(["complained"], await ShownAsync(site, complained));
        Assert.Equal(0, (await RunAsync("suppression", "lift", site.PublicId, complained, "--reason", "They say it was a slip")).Code);
        Assert.NotEqual(0, (await RunAsync("suppression", "lift", site.PublicId, left, "--reason", "They say it was a slip")).Code);
        Assert.Equal(["unsubscribed"], await ShownAsync(site, left));
        Assert.Empty(await ShownAsync(site, complained));
        Assert.Equal(HttpStatusCode.Accepted, (await site.AddContactAsync(bounced)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await site.AddContactAsync(complained)).Status);
    }

    [Fact]
    public async Task A_number_is_suppressed_and_lifted_however_it_is_written()
    {
        var site = await gateway.NewSiteAsync();

        Assert.Equal(
            0,
            (await RunAsync("suppression", "add", site.PublicId, "tel:+33-6-98-76-54-32", "--reason", "Asked on the phone")).Code
        );
        Assert.Equal(["unsubscribed"], await ShownAsync(site, "0033 (0)6 98 76 54 32"));
        Assert.Equal(0, (await RunAsync("suppression", "lift", site.PublicId, "+33698765432", "--reason", "Asked again")).Code);
        Assert.Empty(await ShownAsync(site, "+33698765432"));
        Assert.Contains("WHOM", (await RunAsync("suppression", "show", site.PublicId, "nobody")).Error, StringComparison.Ordinal);
    }

    private async Task<Subscriber> CancelledAsync()
    {
        var one = await Subscriber.SignUpAsync(gateway);
        await one.Site.CancelAsync(one.Confirm);
        Assert.Equal(SubscriptionState.Cancelled, await one.StateAsync());
        return one;
    }

    private static (SubmissionState State, string? Code) StateOf(Submission row) => (row.State, row.FailureCode);

    private static string NewAddress() => $"{Guid.CreateVersion7():N}@lift.example";

    private static Task<Answer> LiftAsync(SiteUnderTest site, string email, string reason) =>
        site.AuthorizedAsync(HttpMethod.Post, "/v1/contacts/lift", new JsonObject { ["email"] = email, ["reason"] = reason }, "contacts");

    private async Task<List<string?>> ShownAsync(SiteUnderTest site, string whom) =>
        [
            .. (await RunAsync("suppression", "show", site.PublicId, whom))
                .Json.GetProperty("refusals")
                .EnumerateArray()
                .Select(one => one.GetString()),
        ];

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", [.. arguments, "--json"]);

    private Task<int> MailsAsync(Subscriber one) =>
        gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == one.Site.Id));
}
