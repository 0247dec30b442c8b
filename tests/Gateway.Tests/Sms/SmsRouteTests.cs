using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Sms;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Gateway.Tests.Sms.Twilio;

namespace Gateway.Tests.Sms;

[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public class SmsRouteTests
{
    private readonly GatewayUnderTest _gateway = GatewayUnderTest.OfMovedClock;

    [Theory]
    [InlineData("twilio", "+33612345678", "twilio")]
    [InlineData("33=mailjet,twilio; *=twilio", "+33612345678", "mailjet,twilio")]
    [InlineData("33=mailjet,twilio; *=twilio", "+12125552368", "twilio")]
    [InlineData("+1=twilio; 1212=mailjet", "+12125552368", "mailjet")]
    [InlineData("44=twilio", "+33612345678", "")]
    public void The_longest_country_code_that_fits_decides(string route, string number, string providers) =>
        Assert.Equal(providers, string.Join(',', SmsRoute.For(route, number)));

    [Fact]
    public async Task The_next_provider_is_asked_only_when_the_one_before_certainly_did_not_send()
    {
        var (unreachable, regional, wrong, lost) = ("+33612000001", "+33612000002", "+33612000003", "+33612000004");
        var site = await NewTwilioSiteAsync(
            "twilio,sandbox",
            new Dictionary<string, Func<HttpResponseMessage>>
            {
                [unreachable] = () => throw new HttpRequestException(HttpRequestError.ConnectionError),
                [regional] = () => Refusal(21408),
                [wrong] = () => Refusal(21211),
                [lost] = () => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            }
        );
        var script = _gateway.Sms.For(site);

        var sms = await Task.WhenAll(new[] { unreachable, regional, wrong, lost }.Select(number => site.SendSmsAsync(number)));

        Assert.Equal("sandbox", (await site.SmsBecomesAsync(sms[0].Id, SmsState.Delivered)).Provider);
        Assert.Equal("sandbox", (await site.SmsBecomesAsync(sms[1].Id, SmsState.Delivered)).Provider);
        Assert.Equal("number_invalid", (await site.SmsBecomesAsync(sms[2].Id, SmsState.Failed)).FailureCode);
        Assert.Equal("twilio", (await site.SmsBecomesAsync(sms[3].Id, SmsState.Unknown)).Provider);
        Assert.Equal([unreachable, regional], script.Calls.Select(call => call.To).Order());
    }

    [Fact]
    public async Task A_refusal_that_only_one_account_meets_is_final_when_nobody_else_takes_it()
    {
        var number = "+33612000005";
        var site = await NewTwilioSiteAsync(
            "twilio",
            new Dictionary<string, Func<HttpResponseMessage>> { [number] = () => Refusal(21408) }
        );
        var sms = await site.SendSmsAsync(number);
        Assert.Equal("country_not_allowed", (await site.SmsBecomesAsync(sms.Id, SmsState.Failed)).FailureCode);
    }

    [Fact]
    public async Task A_sender_gets_no_more_messages_a_second_than_its_provider_takes()
    {
        var taken = new ConcurrentQueue<DateTimeOffset>();
        var site = await NewTwilioSiteAsync("twilio", [], perSecond: 4, taken);

        var began = TimeProvider.System.GetUtcNow();
        var sms = await Task.WhenAll(Enumerable.Range(0, 10).Select(at => site.SendSmsAsync($"+3361201{at:0000}")));

        await Eventually.BecomesTrueAsync(() =>
        {
            _gateway.Signal();
            return Task.FromResult(taken.Count == sms.Length);
        });

        // The tenth may leave two and a quarter seconds after the first at the earliest, however slow this machine is.
        Assert.InRange(taken.Max() - began, TimeSpan.FromSeconds(2.2), Eventually.Patience);
    }

    [Fact]
    public async Task Whose_next_provider_has_no_turn_for_it_yet_waits_for_it_and_is_not_unknown()
    {
        _gateway.Network.Answer("api.mailjet.com", (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError));
        var taken = new ConcurrentQueue<DateTimeOffset>();
        var site = await NewTwilioSiteAsync("mailjet,twilio", [], perSecond: 1, taken);
        var twilio = await site.Gateway.InScopeAsync<ConnectionStore, Connection?>(store =>
            store.OfSiteAsync(site.Id, ConnectionKind.Sms, "twilio", CancellationToken.None)
        );
        await site.ConnectAsync(ConnectionKind.Sms, "mailjet", """{"token":"token","from":"ACME"}""");
        var turn = _gateway.Clock.GetUtcNow().AddMinutes(10);
        await _gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.SmsPace.Add(
                        new()
                        {
                            Sender = $"twilio {twilio!.Id:N} +15005550006",
                            FreeAt = (long)(turn - DateTimeOffset.UnixEpoch).TotalMicroseconds,
                        }
                    );
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );

        var sms = await site.SendSmsAsync("+33612030000");

        var waiting = await site.SmsBecomesAsync(sms.Id, row => row is { Tries: 1, State: not SmsState.Sending });
        Assert.Equal((SmsState.Queued, "not_sent"), (waiting.State, waiting.FailureCode));
        Assert.InRange(waiting.DueAt!.Value - turn.UtcDateTime, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        _gateway.Advance(TimeSpan.FromMinutes(11));
        await site.SmsBecomesAsync(sms.Id, row => row is { State: SmsState.Sent, Provider: "twilio" });
        Assert.Single(taken);
    }

    [Fact]
    public async Task The_senders_of_a_site_are_those_of_its_accounts()
    {
        var site = await NewTwilioSiteAsync("twilio,sandbox", []);
        var answer = await site.AuthorizedAsync(HttpMethod.Get, "/v1/senders?channel=sms");
        Assert.Equal(["+15005550006", "Sandbox"], answer.Json["items"]!.AsArray().Select(one => (string)one!["id"]!));
        Assert.Equal(
            HttpStatusCode.Accepted,
            (await site.SendSmsAsync("+33612020000", change: body => body["sender"] = "Sandbox")).Status
        );
    }

    /// <summary>A site with an account of its own, whose provider answers as scripted by number, and takes every other.</summary>
    private async Task<SiteUnderTest> NewTwilioSiteAsync(
        string route,
        Dictionary<string, Func<HttpResponseMessage>> answers,
        double perSecond = 0,
        ConcurrentQueue<DateTimeOffset>? taken = null
    )
    {
        var site = await _gateway.NewSiteAsync();
        var account = "AC" + site.Id.ToString("N");
        await site.ConnectAsync(
            ConnectionKind.Sms,
            "twilio",
            $$"""{"accountSid":"{{account}}","authToken":"token","from":"+15005550006","messagesPerSecond":{{perSecond}}}"""
        );
        await site.SetSmsRulesAsync(rules => rules.Route = route);
        var twilio = _gateway.Twilio.Account(account);
        twilio.Send = sid =>
        {
            if (answers.TryGetValue((string)twilio.Messages[sid]["to"]!, out var answer))
            {
                return Task.FromResult<HttpResponseMessage?>(answer());
            }

            taken?.Enqueue(TimeProvider.System.GetUtcNow());
            return Task.FromResult<HttpResponseMessage?>(null);
        };
        return site;
    }

    private static HttpResponseMessage Refusal(int code) =>
        FakeTwilio.Json(
            HttpStatusCode.BadRequest,
            new JsonObject
            {
                ["code"] = code,
                ["message"] = "No.",
                ["status"] = 400,
            }
        );
}
