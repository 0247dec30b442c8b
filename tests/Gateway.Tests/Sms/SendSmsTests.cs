using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.Submissions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms;

[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public class SendSmsTests
{
    private readonly GatewayUnderTest _gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task What_was_certainly_not_sent_is_tried_again_as_late_as_the_provider_asks()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.NotSent("The provider cannot be reached.", TimeSpan.FromMinutes(7)));
        var since = _gateway.Clock.GetUtcNow().UtcDateTime;
        var sms = await site.SendSmsAsync();

        var waiting = await site.SmsBecomesAsync(sms.Id, row => row.Failures == 1);
        Assert.Equal(SmsState.Queued, waiting.State);
        Assert.InRange(waiting.DueAt!.Value, since.AddMinutes(6.9), _gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(7));
        Assert.Equal("not_sent", (string?)(await ReadAsync(site, sms.Id)).Json["error"]!["code"]);

        script.Send = null;
        _gateway.Advance(TimeSpan.FromMinutes(8));
        await site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
        Assert.Equal(2, script.Calls.Count);
        Assert.Null((await ReadAsync(site, sms.Id)).Json["error"]);
    }

    [Fact]
    public async Task An_account_that_is_refused_is_one_problem_and_afterwards_every_message_leaves_once()
    {
        var (site, script) = await NewSiteAsync(_ =>
            SmsOutcome.NotSent.All(Concern.Account, "credentials_refused", "The provider does not take the token.")
        );
        var all = new List<Answer>();
        for (var message = 0; message < 5; message++)
        {
            all.Add(await site.SendSmsAsync());
        }

        foreach (var sms in all)
        {
            var waiting = await site.SmsBecomesAsync(sms.Id, row => row.HeldBy is not null);
            Assert.Equal(SmsState.Queued, waiting.State);
        }

        var status = await Eventually.BecomesAsync(
            () => site.StatusAsync(),
            seen => seen.Json["problems"]!.AsArray() is [{ } one] && (int)one["waiting"]! == all.Count
        );
        var problem = status.Json["problems"]![0]!;
        Assert.Equal(("sms", "credentials_refused"), ((string?)problem["connection"], (string?)problem["code"]));
        var calls = script.Calls.Count;
        await _gateway.AdvanceBetweenBatchesAsync(TimeSpan.FromMinutes(20));
        await Eventually.BecomesTrueAsync(() => Task.FromResult(script.Calls.Count > calls));
        Assert.InRange(script.Calls.Count, calls + 1, calls + 2);

        script.Send = null;
        await Eventually.BecomesTrueAsync(async () =>
        {
            await site.ProbeAsync();
            return (await site.SmsAsync(all[0].Id)).State == SmsState.Delivered;
        });
        foreach (var sms in all)
        {
            await site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
        }

        Assert.Empty((await site.StatusAsync()).Json["problems"]!.AsArray());
        Assert.Equal(2, (await Eventually.BecomesAsync(() => site.EventsAsync("site.problem"), events => events.Count >= 2)).Count);
        Assert.Equal(all.Count, (await site.SmsEventsAsync()).Count(type => type == "sms.sent"));
    }

    [Fact]
    public async Task A_mistaken_wish_for_patience_parks_nothing_for_years()
    {
        var (site, _) = await NewSiteAsync(_ => new SmsOutcome.NotSent("Slower.", TimeSpan.FromSeconds(int.MaxValue)));
        var sms = await site.SendSmsAsync();

        var waiting = await site.SmsBecomesAsync(sms.Id, row => row.Failures == 1);

        Assert.InRange(waiting.DueAt!.Value - waiting.CreatedAt, TimeSpan.FromHours(23), TimeSpan.FromHours(24.1));
    }

    [Fact]
    public async Task A_provider_that_is_gone_for_an_hour_is_asked_with_growing_pauses_and_then_sends_once()
    {
        var back = _gateway.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        var (site, script) = await NewSiteAsync(null);
        script.Send = _ =>
            _gateway.Clock.GetUtcNow() < back
                ? Task.FromResult<SmsOutcome>(new SmsOutcome.NotSent("The provider cannot be reached."))
                : null!;
        var sms = await site.SendSmsAsync();
        var pauses = new List<TimeSpan>();
        for (var failures = 1; _gateway.Clock.GetUtcNow() < back; failures++)
        {
            var waiting = await site.SmsBecomesAsync(sms.Id, row => row.Failures == failures);
            Assert.Equal(SmsState.Queued, waiting.State);
            pauses.Add(waiting.DueAt!.Value - _gateway.Clock.GetUtcNow().UtcDateTime);
            _gateway.Advance(pauses[^1] + TimeSpan.FromMilliseconds(100));
        }

        await site.SmsBecomesAsync(sms.Id, SmsState.Delivered);

        Assert.Equal(pauses.Count + 1, script.Calls.Count);
        Assert.InRange(pauses.Count, 6, 12);
        Assert.True(pauses[^1] > TimeSpan.FromMinutes(5));
        Assert.Equal(["sms.sent", "sms.delivered"], await site.SmsEventsAsync());
    }

    [Fact]
    public async Task What_nobody_takes_in_time_fails_with_the_reason()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.NotSent("The provider cannot be reached."));
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, row => row.Failures == 1);

        _gateway.Advance(TimeSpan.FromHours(25));

        var failed = await site.SmsBecomesAsync(sms.Id, SmsState.Failed);
        Assert.Equal("expired", failed.FailureCode);
        Assert.Contains("cannot be reached", failed.Failure);
        Assert.Equal(2, script.Calls.Count);
    }

    [Fact]
    public async Task A_refusal_is_final_and_one_because_of_an_opt_out_suppresses_the_number()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.Refused("suppressed", "The recipient opted out.", "21610"));
        var sms = await site.SendSmsAsync();

        await site.SmsBecomesAsync(sms.Id, SmsState.Failed);

        Assert.Single(script.Calls);
        Assert.Equal(["sms.failed"], await site.SmsEventsAsync());
        Assert.Equal("suppressed", (await site.SendSmsAsync()).Code);
    }

    [Fact]
    public async Task An_unknown_outcome_is_never_sent_again_by_itself_and_shows_until_an_operator_decides()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.Unknown("The connection was lost before its answer was complete."));
        var looks = 0;
        script.Find = _ =>
        {
            Interlocked.Increment(ref looks);
            return Task.FromResult<LookupResult>(new LookupResult.NotFound());
        };
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);

        for (var day = 0; (await site.SmsAsync(sms.Id)).DueAt is not null; day++)
        {
            Assert.InRange(day, 0, 20);
            var before = (await site.SmsAsync(sms.Id)).Failures;
            _gateway.Advance(TimeSpan.FromHours(25));

            // Until the look is settled: moving the clock on during one would end its lease, and another worker would look as well.
            await site.SmsBecomesAsync(sms.Id, row => row.DueAt is null || row.Failures > before);
        }

        Assert.Single(script.Calls);
        Assert.InRange(looks, 5, 10);
        Assert.Equal(["sms.unknown"], await site.SmsEventsAsync());
        var failure = (
            await _gateway.InScopeAsync<FailedItems, FailedItem?>(failures => failures.FindAsync(sms.Id, CancellationToken.None))
        )!;
        Assert.Equal("sms_unknown", failure.Code);

        Assert.Equal(
            site.Id,
            await _gateway.InScopeAsync<ResolveSms, Guid?>(settle =>
                settle.ResolveAsync(Id(sms), SmsState.Delivered, CancellationToken.None)
            )
        );
        Assert.Null(
            await _gateway.InScopeAsync<ResolveSms, Guid?>(settle =>
                settle.ResolveAsync(Id(sms), SmsState.Failed, CancellationToken.None)
            )
        );
        Assert.Equal("delivered", (string?)(await ReadAsync(site, sms.Id)).Json["status"]);
        Assert.Equal(["sms.unknown", "sms.delivered"], await site.SmsEventsAsync());
    }

    [Fact]
    public async Task An_operator_may_send_an_unknown_one_again_and_a_receipt_of_the_first_call_then_settles_nothing()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.Unknown("No answer."));
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        script.Send = _ => Task.FromResult<SmsOutcome>(new SmsOutcome.NotSent("Busy.", TimeSpan.FromHours(1)));

        Assert.Null(
            await _gateway.InScopeAsync<FailedItems, string?>(failures =>
                failures.ReplayAsync(sms.Id, new(null, null), "cli", CancellationToken.None)
            )
        );

        await site.SmsBecomesAsync(sms.Id, row => row.Failures == 1);
        Assert.Equal([1, 2], script.Calls.Select(call => call.Try).Order());
        Assert.All(script.Calls, call => Assert.EndsWith($"/status?sms={sms.Id}&try={call.Try}", call.StatusCallback.ToString()));
    }

    [Fact]
    public async Task An_unknown_one_that_the_provider_has_is_settled_by_what_it_says()
    {
        var (site, script) = await NewSiteAsync(_ => new SmsOutcome.Unknown("No answer."));
        script.Find = _ =>
            Task.FromResult<LookupResult>(
                new LookupResult.Found(new("SM1", SmsState.Sent, "SM1:sent", "{}"u8.ToArray(), Price: 0.0075m, Currency: "USD"))
            );
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);

        _gateway.Advance(TimeSpan.FromSeconds(15));

        var sent = await site.SmsBecomesAsync(sms.Id, row => row.State is SmsState.Sent or SmsState.Delivered);
        Assert.Equal("SM1", sent.ProviderId);
        Assert.Equal("0.0075", (string?)(await ReadAsync(site, sms.Id)).Json["price"]!["amount"]);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task A_worker_that_dies_before_it_says_that_a_call_begins_costs_only_its_lease()
    {
        var (site, script) = await NewSiteAsync(null);
        var sms = await site.SendSmsAsync(change: body => body["sendAt"] = In(TimeSpan.FromDays(1)));
        var end = (_gateway.Clock.GetUtcNow() + TimeSpan.FromMinutes(3)).UtcDateTime;
        await _gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Sms.Where(row => row.Id == Id(sms))
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(row => row.DueAt, end).SetProperty(row => row.Attempts, 1),
                            CancellationToken.None
                        ),
                CancellationToken.None
            )
        );

        _gateway.Advance(TimeSpan.FromMinutes(4));

        await site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task A_row_found_as_sending_after_a_crash_is_unknown_and_not_called_again()
    {
        var (site, script) = await NewSiteAsync(null);
        var sms = await site.SendSmsAsync(change: body => body["sendAt"] = In(TimeSpan.FromDays(1)));

        // What a worker leaves behind that dies between its mark and the answer.
        await _gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Sms.Where(row => row.Id == Id(sms))
                        .ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(row => row.State, SmsState.Sending)
                                    .SetProperty(row => row.Provider, "sandbox")
                                    .SetProperty(row => row.Tries, 1)
                                    .SetProperty(row => row.DueAt, _gateway.Clock.GetUtcNow().UtcDateTime),
                            CancellationToken.None
                        ),
                CancellationToken.None
            )
        );
        _gateway.Signal();

        var unknown = await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        Assert.Empty(script.Calls);
        Assert.Contains("stopped in the middle", unknown.Failure);
        Assert.Equal(["sms.unknown"], await site.SmsEventsAsync());
    }

    [Fact]
    public async Task A_fault_of_an_adapter_counts_as_unknown()
    {
        var (site, script) = await NewSiteAsync(_ => throw new InvalidOperationException("bug"));
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        Assert.Single(script.Calls);
    }

    [Fact]
    public async Task A_stop_that_came_after_the_sms_was_taken_in_still_wins()
    {
        var (site, script) = await NewSiteAsync(null);
        var sms = await site.SendSmsAsync(change: body => body["sendAt"] = In(TimeSpan.FromHours(1)));
        await _gateway.InTransactionAsync<Suppressions, bool>(async suppressions =>
        {
            await suppressions.AddAsync(
                site.Id,
                SuppressionChannel.Sms,
                SmsRequests.Number,
                SuppressionReason.Unsubscribed,
                "twilio",
                CancellationToken.None
            );
            return true;
        });

        _gateway.Advance(TimeSpan.FromHours(2));

        Assert.Equal("suppressed", (await site.SmsBecomesAsync(sms.Id, SmsState.Failed)).FailureCode);
        Assert.Empty(script.Calls);
    }

    [Fact]
    public async Task Cancelling_wins_against_a_worker_that_has_not_begun_the_call()
    {
        var (site, script) = await NewSiteAsync(null);
        var later = In(TimeSpan.FromHours(1));
        var all = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(at => site.SendSmsAsync($"+3361234{at:0000}", change: body => body["sendAt"] = later))
        );

        _gateway.Advance(TimeSpan.FromHours(2));
        var cancelled = await Task.WhenAll(all.Select(sms => site.AuthorizedAsync(HttpMethod.Post, $"/v1/sms/{sms.Id}/cancel")));

        var taken = new List<string>();
        foreach (var (sms, answer) in all.Zip(cancelled))
        {
            var end = await site.SmsBecomesAsync(sms.Id, row => row.State is SmsState.Cancelled or SmsState.Delivered);
            Assert.Equal(answer.Status == System.Net.HttpStatusCode.OK, end.State == SmsState.Cancelled);
            if (end.State == SmsState.Delivered)
            {
                taken.Add(end.Recipient);
            }
        }

        Assert.Equal(taken.Order(), script.Calls.Select(call => call.To).Order());
    }

    private async Task<(SiteUnderTest Site, SmsScript Script)> NewSiteAsync(Func<SmsCall, SmsOutcome>? send)
    {
        var site = await _gateway.NewSiteAsync();
        var script = _gateway.Sms.For(site);
        script.Send = send is null ? null : call => Task.FromResult(send(call));
        return (site, script);
    }

    private string In(TimeSpan time) =>
        (_gateway.Clock.GetUtcNow() + time).UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static Guid Id(Answer sms) => Infrastructure.Http.PublicId.Parse(Infrastructure.Http.PublicId.Sms, sms.Id)!.Value;

    private static Task<Answer> ReadAsync(SiteUnderTest site, string id) => site.AuthorizedAsync(HttpMethod.Get, $"/v1/sms/{id}");
}
