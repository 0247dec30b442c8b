using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;
using Gateway.Tests.Sms.Receipts;

namespace Gateway.Tests.Sms.Twilio;

/// <summary>
/// Messages all the way: taken in, handed over to Twilio, settled by its answer, its receipts or its list, whichever comes.
/// </summary>
[Collection(MovesTheClock.Name)]
public sealed class TwilioJourneyTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_message_is_sent_and_delivered()
    {
        var (twilio, account) = await NewAsync();

        var sms = await twilio.Site.SendSmsAsync();
        await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        await TellAsync(twilio, account, account.Messages.Keys.Single(), "delivered");

        var view = (await twilio.Site.AuthorizedAsync(HttpMethod.Get, $"/v1/sms/{sms.Id}")).Json;
        Assert.Equal(("delivered", "twilio"), ((string?)view["status"], (string?)view["provider"]));
        Assert.Equal("delivered", (string?)view["receipts"]!.AsArray().Single()!["status"]);
        Assert.Equal(["sms.sent", "sms.delivered"], await twilio.Site.SmsEventsAsync());
        Assert.Equal($"sms={sms.Id}&try=1", account.Calls.Single().Query.TrimStart('?'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_receipts_said_before_the_answer_is_not_taken_back_by_it(bool answers)
    {
        var (twilio, account) = await NewAsync();
        var sids = new List<string>();
        account.Send = async sid =>
        {
            sids.Add(sid);
            await TellAsync(twilio, account, sid, "sent");
            await TellAsync(twilio, account, sid, "delivered");
            return answers ? null : throw new HttpRequestException(HttpRequestError.ResponseEnded);
        };

        var sms = await twilio.Site.SendSmsAsync();

        await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
        await NextAsync(twilio);
        var row = await twilio.Site.SmsAsync(sms.Id);
        Assert.Equal((SmsState.Delivered, sids[0]), (row.State, row.ProviderId));
        Assert.Equal(
            ["sms.sent", "sms.delivered"],
            (await twilio.EventsAsync()).Where(one => one.Data.Contains(sms.Id, StringComparison.Ordinal)).Select(one => one.Type)
        );
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_found_in_the_list_and_sent_once()
    {
        var (twilio, account) = await NewAsync();
        account.Send = _ => throw new HttpRequestException(HttpRequestError.ResponseEnded);
        var sms = await twilio.Site.SendSmsAsync();
        await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Unknown);

        gateway.Advance(TimeSpan.FromSeconds(15));

        var row = await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        Assert.Equal(account.Messages.Keys.Single(), row.ProviderId);
        Assert.Single(account.Calls);
        Assert.Equal(["sms.unknown", "sms.sent"], await twilio.Site.SmsEventsAsync());
    }

    [Fact]
    public async Task A_delivered_message_is_asked_once_for_its_price()
    {
        var (twilio, account) = await NewAsync();
        var sms = await twilio.Site.SendSmsAsync();
        await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        await TellAsync(twilio, account, account.Messages.Keys.Single(), "delivered");
        Assert.Null((await twilio.Site.SmsAsync(sms.Id)).Price);
        (account.Messages.Values.Single()["status"], account.Messages.Values.Single()["price"]) = ("delivered", "-0.0075");

        gateway.Advance(TimeSpan.FromMinutes(6));

        var row = await twilio.Site.SmsBecomesAsync(sms.Id, row => row.DueAt is null);
        Assert.Equal((0.0075m, "USD", SmsState.Delivered), (row.Price, row.Currency, row.State));
        Assert.Equal(["sms.sent", "sms.delivered"], await twilio.Site.SmsEventsAsync());
    }

    [Fact]
    public async Task A_message_whose_receipts_were_lost_is_asked_about()
    {
        var (twilio, account) = await NewAsync();
        var sms = await twilio.Site.SendSmsAsync();
        await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        (account.Messages.Values.Single()["status"], account.Messages.Values.Single()["price"]) = ("delivered", "-0.0075");

        gateway.Advance(TimeSpan.FromMinutes(11));

        var row = await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Delivered);
        Assert.Equal((0.0075m, "USD"), (row.Price, row.Currency));
    }

    [Fact]
    public async Task Who_opted_out_at_Twilio_is_suppressed_here()
    {
        var (twilio, account) = await NewAsync();
        account.Send = _ =>
            Task.FromResult<HttpResponseMessage?>(FakeTwilio.Json(HttpStatusCode.BadRequest, new JsonObject { ["code"] = 21610 }));

        var sms = await twilio.Site.SendSmsAsync();

        Assert.Equal("suppressed", (await twilio.Site.SmsBecomesAsync(sms.Id, SmsState.Failed)).FailureCode);
        Assert.Equal(SuppressionReason.Unsubscribed, await twilio.SuppressedAsync());
    }

    private async Task<(TwilioSite Twilio, FakeTwilioAccount Account)> NewAsync()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.Site.SetSmsRulesAsync(rules => rules.Route = SmsRoute.Twilio);
        return (twilio, gateway.Twilio.Account(twilio.Account));
    }

    /// <summary>As Twilio tells it, at the address that the send call named.</summary>
    private static async Task TellAsync(TwilioSite twilio, FakeTwilioAccount account, string sid, string status)
    {
        var answer = await twilio.PostAsync(
            account.Calls.Last().PathAndQuery,
            new()
            {
                ["AccountSid"] = twilio.Account,
                ["MessageSid"] = sid,
                ["MessageStatus"] = status,
            }
        );
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
    }

    /// <summary>Another message through the same worker: by then the one before is settled.</summary>
    private static async Task NextAsync(TwilioSite twilio) =>
        await twilio.Site.SmsBecomesAsync((await twilio.Site.SendSmsAsync(to: "+33698765432")).Id, SmsState.Delivered);
}
