using System.Net;
using Gateway.Features.Lists;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Admin;
using Gateway.Tests.Hosting;
using Gateway.Tests.Submissions;

namespace Gateway.Tests.Lists;

[Collection(MovesTheClock.Name)]
public sealed class ListRetryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly FakeMailjet mailjet = GatewayUnderTest.OfMovedClock.Mailjet;

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "credentials_refused")]
    [InlineData(HttpStatusCode.Forbidden, "credentials_refused")]
    [InlineData(HttpStatusCode.PaymentRequired, "account_limit")]
    [InlineData(HttpStatusCode.NotFound, "list_unknown")]
    public async Task What_an_operator_must_fix_is_one_problem_for_an_hour_and_everybody_is_synced_once_it_is_fixed(
        HttpStatusCode status,
        string code
    )
    {
        var list = mailjet.NewList();
        list.AnswerEverythingWith(status);
        var site = await gateway.NewMailjetSiteAsync(list);
        var people = await site.SubscribeAsync(["ada@example.org", "eve@example.org", "bob@example.org"]);
        foreach (var person in people)
        {
            Assert.Equal((0, null), ((await site.HeldAsync(person)).Failures, (await site.HeldAsync(person)).Failure));
        }

        for (var minutes = 0; minutes < 60; minutes += 15)
        {
            gateway.Advance(TimeSpan.FromMinutes(15));
        }

        // Who looks again after the hour is with a worker for a moment.
        var seen = await Eventually.BecomesAsync(
            () => site.StatusAsync(),
            status => status.Json["problems"]!.AsArray() is [{ } one] && (int)one["waiting"]! == 3
        );
        var problem = Assert.Single(seen.Json["problems"]!.AsArray())!;
        Assert.Equal(("lists", code, 3), ((string?)problem["connection"], (string?)problem["code"], (int)problem["waiting"]!));
        Assert.Contains(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)problem["reason"]);
        Assert.Empty(seen.Json["errors"]!.AsArray());
        Assert.Empty(await site.EventsAsync("list.sync_failed"));
        Assert.InRange(list.Calls.Count, 1, 6);

        list.Before = null;
        gateway.Advance(1.2 * Hour);
        foreach (var person in people)
        {
            Assert.Equal(DesiredState.Subscribed, (await site.ToldAsync(person)).Synced);
        }

        Assert.Equal(3, list.Told.Count);
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        Assert.Contains("ended", (await Eventually.BecomesAsync(() => site.EventsAsync("site.problem"), all => all.Count >= 2))[^1]);
    }

    [Theory]
    [InlineData("brevo")]
    [InlineData("mailjet")]
    public async Task One_person_at_whom_the_provider_stumbles_holds_up_nobody(string provider)
    {
        var list = provider == "brevo" ? gateway.Brevo.NewList() : mailjet.NewList();
        list.Before = async (request, ct) =>
            request.Content is { } content && (await content.ReadAsStringAsync(ct)).Contains("odd@", StringComparison.Ordinal)
                ? FakeList.Json(HttpStatusCode.InternalServerError, "{}")
                : null;
        var site = await gateway.NewSiteAsync(list: row => (row.Provider, row.ProviderListId) = (provider, list.Id));
        string[] emails = ["a@example.org", "b@example.org", "odd@example.org", "c@example.org", "d@example.org", "e@example.org"];
        var people = await site.SubscribeAsync(emails);

        foreach (var person in people.Where((_, at) => emails[at] != "odd@example.org"))
        {
            await site.InTimeAsync(person, row => row.Synced == DesiredState.Subscribed);
        }

        for (var failures = 1; failures <= 4; failures++)
        {
            await site.InTimeAsync(people[2], row => row is { HeldBy: null, Synced: null } && row.Failures >= failures);
            var late = await site.SubscribeAsync($"late{failures}@example.org");
            await site.InTimeAsync(late, row => row.Synced == DesiredState.Subscribed);
            gateway.Advance(2 * Hour);
        }

        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        list.Before = null;
        await site.InTimeAsync(people[2], row => row.Synced == DesiredState.Subscribed);
    }

    [Fact]
    public async Task A_list_that_was_deleted_at_the_provider_is_replaced_by_another_that_hears_of_everybody()
    {
        var (list, anew) = (mailjet.NewList(), mailjet.NewList());
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.ToldAsync(ada);
        list.AnswerEverythingWith(HttpStatusCode.NotFound);
        var eve = await site.SubscribeAsync("eve@example.org");
        await site.HeldAsync(eve);
        var problem = Assert.Single((await site.StatusAsync()).Json["problems"]!.AsArray())!;
        Assert.Contains("on the page of the list here", (string?)problem["reason"], StringComparison.Ordinal);
        var overview = await (await AdminBrowser.SignedInAsync(gateway, "Ann", site)).OpenAsync("/admin");
        var where = overview.Document.QuerySelectorAll(".to-do a").Select(link => link.GetAttribute("href")).Distinct();
        Assert.Equal([$"/admin/sites/{site.PublicId}/lists/{site.ListId}"], where);

        var wrong = await SetAsync(site, "--provider-list", "seven");
        var set = await SetAsync(site, "--provider-list", anew.Id);
        site.Gateway.Signal();

        Assert.Equal(1, wrong.Code);
        Assert.Contains("A list at Mailjet is named by its number there", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((0, anew.Id), (set.Code, set.Json.GetProperty("providerList").GetString()));
        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        await site.SyncedAsync(eve, row => row is { DueAt: null, HeldBy: null, Synced: DesiredState.Subscribed });
        await Eventually.BecomesTrueAsync(() =>
            Task.FromResult(anew.About("ada@example.org").Any() && anew.About("eve@example.org").Any())
        );
    }

    private Task<CommandResult> SetAsync(SiteUnderTest site, params string[] options) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["list", "set", site.ListId, .. options, "--json"]);

    [Fact]
    public async Task A_provider_that_asks_to_wait_is_left_alone_for_as_long()
    {
        var list = mailjet.NewList();
        list.AnswerEverythingWith(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromHours(2));
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.HeldAsync(ada);

        list.Before = null;
        gateway.Advance(1.9 * Hour);
        await site.HeldAsync(ada);
        Assert.Single(list.Calls);

        gateway.Advance(Hour);
        await site.ToldAsync(ada);
        Assert.Single(list.Told);
    }

    public static TheoryData<string> Errors => ["500", "400", "302", "garbage", "closed", "hangs", "stalls", "nothing"];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_answer_that_is_no_clear_refusal_is_tried_again(string error)
    {
        var list = mailjet.NewList();
        list.Before = async (_, ct) =>
            error switch
            {
                "closed" => throw new HttpRequestException(HttpRequestError.ResponseEnded),
                "hangs" => await HangAsync(ct),
                "stalls" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StallingContent() },
                "garbage" => FakeList.Json(HttpStatusCode.OK, "<html><body>Welcome to the hotel network</body></html>"),
                "nothing" => new HttpResponseMessage(HttpStatusCode.OK),
                _ => FakeList.Json((HttpStatusCode)int.Parse(error, System.Globalization.CultureInfo.InvariantCulture), "{}"),
            };
        var site = await gateway.NewMailjetSiteAsync(list);
        var start = gateway.Clock.GetUtcNow().UtcDateTime;
        var ada = await site.SubscribeAsync("ada@example.org");

        var waiting = await site.SyncedAsync(ada, row => row.HeldBy is not null || row.Failure is not null);
        Assert.Null(waiting.Synced);
        Assert.True(waiting.DueAt >= start + (0.75 * Minute));
        Assert.Single(list.Calls);

        list.Before = null;
        gateway.Advance(2 * Minute);
        await site.ToldAsync(ada);
        Assert.Single(list.Told);
    }

    [Fact]
    public async Task A_provider_that_is_down_for_a_day_hears_of_everybody_afterwards_once()
    {
        var list = mailjet.NewList();
        list.AnswerEverythingWith(HttpStatusCode.ServiceUnavailable);
        var site = await gateway.NewMailjetSiteAsync(list);
        string[] emails = [.. Enumerable.Range(1, 12).Select(number => $"p{number}@example.org")];
        var people = await site.SubscribeAsync(emails);
        foreach (var person in people)
        {
            await site.HeldAsync(person);
        }

        for (var hour = 1; hour <= 24; hour++)
        {
            var calls = list.Calls.Count;
            await gateway.AdvanceBetweenBatchesAsync(Hour);

            await Eventually.BecomesTrueAsync(async () =>
            {
                await gateway.AdvanceBetweenBatchesAsync(Minute);
                return list.Calls.Count > calls;
            });
        }

        list.Before = null;
        foreach (var person in people)
        {
            await site.InTimeAsync(person, row => row.Synced == DesiredState.Subscribed);
        }

        Assert.Equal(emails.Order(), list.Told.Select(told => told.Email).Order());
        Assert.All(list.Told, told => Assert.Equal("addforce", told.Action));
        Assert.Equal(12, (await site.EventsAsync("list.synced")).Count);
    }

    [Fact]
    public async Task A_worker_that_died_during_the_call_is_followed_by_another()
    {
        var list = mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        list.Before = (_, _) => throw new OperationCanceledException("The worker is gone.");
        var ada = await site.SubscribeAsync("ada@example.org");
        await site.SyncedAsync(ada, row => row.Attempts == 1 && list.Calls.Count == 1);

        list.Before = null;
        gateway.Advance(5 * Minute);

        await site.InTimeAsync(ada, row => row.DueAt is null && row.Synced is not null);
        Assert.Single(list.Told);
    }

    [Fact]
    public async Task A_later_change_does_not_take_freshness_from_a_confirmation_that_waits()
    {
        var list = mailjet.NewList();
        list.AnswerEverythingWith(System.Net.HttpStatusCode.ServiceUnavailable);
        var site = await gateway.NewMailjetSiteAsync(list);
        var ada = await site.SubscribeAsync("ada@example.org", fresh: true);
        await site.HeldAsync(ada);

        list.Before = null;
        await site.EnqueueAsync(ada, DesiredState.Subscribed, fresh: false);
        gateway.Advance(TimeSpan.FromMinutes(2));
        await site.ToldAsync(ada);
        Assert.Equal("addforce", Assert.Single(list.Told).Action);
    }

    [Fact]
    public async Task What_failed_is_shown_with_the_time_it_came_in()
    {
        var list = mailjet.NewList();
        list.AnswerEverythingWith(HttpStatusCode.BadRequest);
        var site = await gateway.NewMailjetSiteAsync(list);
        var start = gateway.Clock.GetUtcNow().UtcDateTime;
        await site.FailedAsync(await site.SubscribeAsync("ada@example.org"));

        var failed = await gateway.InScopeAsync<FailedItems, List<FailedItem>>(items =>
            items.ListAsync(10, [site.Id], CancellationToken.None)
        );

        Assert.InRange(Assert.Single(failed).Since, start - Minute, start + Minute);
    }

    private static async Task<HttpResponseMessage?> HangAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.Infinite, ct);
        return null;
    }

    /// <summary>Half an answer, and then nothing for ever.</summary>
    private sealed class StallingContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            System.Net.TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await stream.WriteAsync("{\"Count\": "u8.ToArray(), cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
