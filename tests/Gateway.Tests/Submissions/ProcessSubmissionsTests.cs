using System.Net;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Submissions;

[Trait("Database", "both")]
public sealed class ProcessSubmissionsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task With_consent_a_confirmation_is_started()
    {
        var site = await gateway.NewSiteAsync();

        await site.ProcessedAsync((await site.SubmitAsync(email: "Ada@Example.ORG")).Id);

        var contact = await gateway.InDatabaseAsync(db => db.Contacts.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
        Assert.Equal("Ada@Example.ORG", contact.Address);
        Assert.Equal("ada@example.org", contact.AddressKey);
        Assert.Null(contact.Name);
        Assert.Equal(SubscriptionState.Pending, await StateAsync(site));
        Assert.Equal(1, await RequestsAsync(site));
    }

    [Fact]
    public async Task Without_consent_the_submission_is_kept_and_nobody_is_written_to()
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync(
            (await site.SubmitAsync(change: body => body["subscribe"]![0]!["consent"]!["given"] = false)).Id
        );

        Assert.Equal(SubmissionState.Done, row.State);
        Assert.Equal(0, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(contact => contact.SiteId == site.Id)));
    }

    [Theory]
    [InlineData("ada@example")]
    [InlineData("ada")]
    [InlineData("ada@@example.org")]
    [InlineData("ada@example.org, eve@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org\r\nBcc: eve@example.org")]
    [InlineData("ada@exa mple.org")]
    [InlineData("ada@-.org")]
    [InlineData("@example.org")]
    public async Task A_malformed_address_leaves_the_submission_failed_and_visible(string email)
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync((await site.SubmitAsync(email: email)).Id);

        Assert.Equal((SubmissionState.Failed, "malformed_address"), (row.State, row.FailureCode));
        Assert.DoesNotContain(email, row.Failure!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada+news@example.org")]
    [InlineData("o'brien@example.org")]
    [InlineData("ada@münchen.example")]
    [InlineData("\"a b\"@example.org")]
    public async Task Unusual_addresses_that_are_valid_are_written_to(string email)
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync((await site.SubmitAsync(email: email)).Id);

        Assert.Equal(SubmissionState.Done, row.State);
        Assert.Equal(1, await RequestsAsync(site));
    }

    [Theory]
    [InlineData("2030-01-01T00:00:00Z", false)]
    [InlineData("2001-01-01T00:00:00Z", true)]
    public async Task A_form_was_not_sent_before_its_button_was_pressed(string submittedAt, bool isKept)
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync((await site.SubmitAsync(change: body => body["submittedAt"] = submittedAt)).Id);

        var stored = await gateway.InDatabaseAsync(db =>
            db.OptInRequests.Where(one => one.SubmissionId == row.Id).Select(one => one.Evidence).SingleAsync()
        );
        var said = IsoTime.Parse(submittedAt);
        Assert.Equal(isKept ? said : row.ReceivedAt, OptInEvidence.FromJson(stored!).SubmittedAt);
    }

    [Fact]
    public async Task An_address_of_255_characters_is_malformed()
    {
        var site = await gateway.NewSiteAsync();

        var row = await site.ProcessedAsync(
            (await site.SubmitAsync(email: "a@" + string.Join('.', Enumerable.Repeat(new string('b', 60), 4)) + ".example.org")).Id
        );

        Assert.Equal("malformed_address", row.FailureCode);
    }

    [Fact]
    public async Task A_missing_email_field_can_be_named_when_replaying()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        var failed = await site.ProcessedAsync(submitted.Id);
        Assert.Equal("missing_email_field", failed.FailureCode);

        Assert.Null(await ReplayAsync(submitted.Id, email: "your-email"));

        var row = await site.ProcessedAsync(submitted.Id);
        Assert.Equal(SubmissionState.Done, row.State);
        Assert.Equal(failed.Body, row.Body);
        Assert.Equal(1, await RequestsAsync(site));
    }

    [Theory]
    [InlineData("nosuch", "There is no field \"nosuch\". These came in: your-name, your-email, your-city.")]
    [InlineData("your-name", "The field \"your-name\" does not hold one valid address.")]
    public async Task A_field_that_holds_no_address_is_refused_when_replaying(string field, string sentence)
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(submitted.Id);

        Assert.StartsWith(sentence, await ReplayAsync(submitted.Id, email: field), StringComparison.Ordinal);

        var row = await site.ProcessedAsync(submitted.Id);
        Assert.Equal(("missing_email_field", null), (row.FailureCode, row.Override));
    }

    [Fact]
    public async Task A_list_of_another_site_is_refused_when_replaying()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var submitted = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(submitted.Id);

        Assert.StartsWith("The site has no list", await ReplayAsync(submitted.Id, list: other.ListId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_was_renamed_is_named_once_for_all_submissions_and_those_without_it_are_counted_apart()
    {
        var site = await gateway.NewSiteAsync();
        for (var person = 0; person < 3; person++)
        {
            await site.SubmitAsync(email: $"p{person}@renamed.example", change: body => body["subscribe"]![0]!["email"] = "email");
        }

        await site.SubmitAsync(change: body =>
        {
            body["subscribe"]![0]!["email"] = "email";
            body["fields"]!.AsObject().Remove("your-email");
        });
        var cause = (string)
            (
                await Eventually.BecomesAsync(
                    () => site.AuthorizedAsync(HttpMethod.Get, "/v1/failed", scope: "operate"),
                    answer => answer.Json["items"]!.AsArray() is [{ } one] && (int)one["count"]! == 4
                )
            ).Json["items"]![0]!["cause"]!;

        var wrong = await ReplayAllAsync(site, cause, "nosuch");
        var right = await ReplayAllAsync(site, cause, "your-email");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (wrong.Status, wrong.Code));
        Assert.Contains("your-name", wrong.Json["errors"]!["email"]![0]!.ToString(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 3, 1), (right.Status, (int)right.Json["count"]!, (int)right.Json["refused"]!));
        Assert.Contains("There is no field", (string?)right.Json["why"], StringComparison.Ordinal);
        Assert.NotNull((await site.LinksForAsync("p2@renamed.example")).Confirm);
        await Eventually.BecomesAsync(() => RequestsAsync(site), count => count == 3);
    }

    private static Task<Answer> ReplayAllAsync(SiteUnderTest site, string cause, string field) =>
        site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/failed/replay",
            new System.Text.Json.Nodes.JsonObject { ["cause"] = cause, ["email"] = field },
            scope: "operate"
        );

    [Fact]
    public async Task An_unknown_list_can_be_replaced_when_replaying_and_what_was_started_is_not_started_twice()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(change: body =>
        {
            var second = body["subscribe"]![0]!.DeepClone();
            second["list"] = "lst_" + Guid.CreateVersion7().ToString("N");
            body["subscribe"]!.AsArray().Add(second);
        });
        Assert.Equal("unknown_list", (await site.ProcessedAsync(submitted.Id)).FailureCode);
        Assert.Equal(1, await RequestsAsync(site));

        Assert.Null(await ReplayAsync(submitted.Id, list: site.ListId));

        Assert.Equal(SubmissionState.Done, (await site.ProcessedAsync(submitted.Id)).State);
        Assert.Equal(1, await RequestsAsync(site));
    }

    [Fact]
    public async Task A_list_of_another_site_is_unknown()
    {
        var mine = await gateway.NewSiteAsync();
        var other = await gateway.NewSiteAsync();

        var row = await mine.ProcessedAsync((await mine.SubmitAsync(change: body => body["subscribe"]![0]!["list"] = other.ListId)).Id);

        Assert.Equal("unknown_list", row.FailureCode);
        Assert.Equal(0, await RequestsAsync(other));
    }

    [Fact]
    public async Task Signing_up_again_and_again_sends_no_more_than_the_budget()
    {
        var site = await gateway.NewSiteAsync();
        async Task<int> AgainAsync()
        {
            await site.ProcessedAsync((await site.SubmitAsync()).Id);
            return await RequestsAsync(site);
        }

        Assert.Equal(1, await AgainAsync());
        Assert.Equal(1, await AgainAsync());
        await MailSentAgoAsync(site, TimeSpan.FromMinutes(11));
        Assert.Equal(2, await AgainAsync());
        await MailSentAgoAsync(site, TimeSpan.FromMinutes(11));
        Assert.Equal(2, await AgainAsync());
        await MailSentAgoAsync(site, TimeSpan.FromHours(25));
        Assert.Equal(3, await AgainAsync());
        await MailSentAgoAsync(site, TimeSpan.FromHours(25));
        Assert.Equal(3, await AgainAsync());
        await MailSentAgoAsync(site, TimeSpan.FromDays(8));
        Assert.Equal(4, await AgainAsync());
    }

    [Fact]
    public async Task Thirty_submissions_of_one_address_at_once_make_one_contact_and_one_mail()
    {
        var site = await gateway.NewSiteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.SubmitAsync()));
        foreach (var answer in answers)
        {
            Assert.Equal(SubmissionState.Done, (await site.ProcessedAsync(answer.Id)).State);
        }

        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Contacts.CountAsync(row => row.SiteId == site.Id)));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.SiteId == site.Id)));
    }

    [Theory]
    [InlineData(nameof(IpStorage.Full), "203.0.113.7", "203.0.113.7")]
    [InlineData(nameof(IpStorage.Truncated), "203.0.113.7", "203.0.113.0")]
    [InlineData(nameof(IpStorage.Truncated), "2001:db8:1:2:3:4:5:6", "2001:db8:1::")]
    [InlineData(nameof(IpStorage.None), "203.0.113.7", null)]
    public async Task Of_an_ip_address_only_as_much_is_kept_as_the_site_says(string keep, string ip, string? kept)
    {
        var site = await gateway.NewSiteAsync(change => change.IpStorage = Enum.Parse<IpStorage>(keep));

        var row = await site.ProcessedAsync((await site.SubmitAsync(change: body => body["visitor"]!["ip"] = ip)).Id);

        Assert.Equal(kept, (string?)System.Text.Json.Nodes.JsonNode.Parse(row.Body)!["visitor"]!["ip"]);
        var evidence = await gateway.InDatabaseAsync(db =>
            db.OptInRequests.Where(request => request.SiteId == site.Id).Select(request => request.Evidence!).SingleAsync()
        );
        Assert.Equal(kept, OptInEvidence.FromJson(evidence).Ip);
    }

    [Fact]
    public async Task A_submission_is_told_as_an_event_only_where_the_site_switched_it_on()
    {
        var silent = await gateway.NewSiteAsync();
        var telling = await gateway.NewSiteAsync(change => change.TellSubmissions = true);

        await silent.ProcessedAsync((await silent.SubmitAsync()).Id);
        await telling.ProcessedAsync((await telling.SubmitAsync()).Id);

        Assert.Equal(["subscription.pending"], await EventsAsync(silent));
        Assert.Equal(["submission.received", "subscription.pending"], (await EventsAsync(telling)).Order());
    }

    private Task<List<string>> EventsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Events.Where(row => row.SiteId == site.Id).Select(row => row.Type).ToListAsync());

    private Task<SubscriptionState> StateAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Subscriptions.Where(row => row.SiteId == site.Id).Select(row => row.State).SingleAsync());

    private Task<int> RequestsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.OptInRequests.CountAsync(row => row.SiteId == site.Id));

    private Task<string?> ReplayAsync(string id, string? email = null, string? list = null) =>
        gateway.InScopeAsync<FailedItems, string?>(failures =>
            failures.ReplayAsync(id, new(email, list), "test", CancellationToken.None)
        );

    /// <summary>Other tests share the clock, so the past is moved instead.</summary>
    private Task MailSentAgoAsync(SiteUnderTest site, TimeSpan ago)
    {
        var then = gateway.Clock.GetUtcNow().UtcDateTime - ago;
        return gateway.InDatabaseAsync(db =>
            db.Subscriptions.Where(row => row.SiteId == site.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastMailAt, then))
        );
    }
}
