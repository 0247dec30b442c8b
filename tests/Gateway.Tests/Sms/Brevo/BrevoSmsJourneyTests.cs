using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Connections;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms.Brevo;

/// <summary>Messages all the way: taken in, handed over to Brevo, settled by its answer, its webhooks or its report.</summary>
[Collection(MovesTheClock.Name)]
public sealed class BrevoSmsJourneyTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_message_is_sent_and_delivered()
    {
        var (site, account) = await NewAsync();

        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var call = account.Calls.Single();
        await TellAsync(site, account, call, "sent");
        var told = await TellAsync(site, account, call, "delivered");

        Assert.Equal(HttpStatusCode.NoContent, told.Status);
        Assert.Equal(["sms.sent", "sms.delivered"], await site.SmsEventsAsync());
        Assert.Equal($"{account.IdOf(call)}", (await site.SmsAsync(sms.Id)).ProviderId);
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_found_by_its_tag_and_sent_once()
    {
        var (site, account) = await NewAsync();
        account.Send = _ => throw new HttpRequestException(HttpRequestError.ResponseEnded);
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        account.Events.Enqueue(
            new()
            {
                ["messageId"] = "12",
                ["event"] = "delivered",
                ["tag"] = (string?)account.Calls.Single()["tag"],
            }
        );

        gateway.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("12", (await site.SmsBecomesAsync(sms.Id, SmsState.Delivered)).ProviderId);
        Assert.Single(account.Calls);
    }

    [Theory]
    [InlineData("hard_bounce", "unreachable")]
    [InlineData("softBounce", "undelivered")]
    [InlineData("rejected", "rejected")]
    public async Task A_failure_says_why(string word, string code)
    {
        var (site, account) = await NewAsync();
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Sent);

        await TellAsync(site, account, account.Calls.Single(), word);

        var row = await site.SmsAsync(sms.Id);
        Assert.Equal((SmsState.Failed, code), (row.State, row.FailureCode));
    }

    [Theory]
    [InlineData("replied", "STOP")]
    [InlineData("unsubscribed", null)]
    [InlineData("blacklisted", null)]
    public async Task Who_wants_no_more_messages_is_not_written_to_any_more(string word, string? reply)
    {
        var (site, account) = await NewAsync();
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Sent);

        await TellAsync(site, account, account.Calls.Single(), word, body => body["reply"] = reply);

        var refused = await site.SendSmsAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (refused.Status, (string?)refused.Json["code"]));
    }

    [Fact]
    public async Task A_reply_is_read_once_and_says_that_the_message_arrived()
    {
        var (site, account) = await NewAsync();
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var call = account.Calls.Single();

        await TellAsync(site, account, call, "replied", body => body["reply"] = "Please stop texting me");
        await TellAsync(site, account, call, "replied", body => body["reply"] = "Please stop texting me");

        Assert.Equal(SmsState.Delivered, (await site.SmsAsync(sms.Id)).State);
        Assert.Equal(["sms.sent", "sms.delivered", "sms.received"], await site.SmsEventsAsync());
        var reply = Assert.Single(await UnclearAsync(site));
        Assert.Equal((SmsRequests.Number, "Please stop texting me"), (reply.From, ReplyText.Of(reply)));
    }

    [Fact]
    public async Task An_address_with_another_key_lets_nobody_in()
    {
        var (site, account) = await NewAsync();
        var (_, others) = await NewAsync();
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var path = PathOf(account.Calls.Single());
        var key = path[(path.IndexOf("&key=", StringComparison.Ordinal) + 5)..];
        string body = Body(account, account.Calls.Single(), "hard_bounce").ToJsonString();

        Answer[] answers =
        [
            await PostAsync(site, path.Replace(key, "", StringComparison.Ordinal), body),
            await PostAsync(site, path.Replace("&key=" + key, "", StringComparison.Ordinal), body),
            await PostAsync(site, path.Replace(key, Secrets.Random(18), StringComparison.Ordinal), body),
            await PostAsync(site, path.Replace("try=1", "try=2", StringComparison.Ordinal), body),
            await PostAsync(site, path.Replace(sms.Id, "sms_" + Guid.CreateVersion7().ToString("N"), StringComparison.Ordinal), body),
        ];
        var senseless = await PostAsync(site, path, "[]");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.Equal(HttpStatusCode.BadRequest, senseless.Status);
        Assert.Equal(SmsState.Sent, (await site.SmsAsync(sms.Id)).State);
        Assert.Empty(others.Calls);
    }

    [Fact]
    public async Task An_account_is_tried_before_it_is_stored()
    {
        var site = await gateway.NewSiteAsync();
        var key = "xkeysib-" + Secrets.Random(24);
        var settings = new JsonObject { ["apiKey"] = key, ["from"] = "ACME" }.ToJsonString();

        var refused = await site.ConnectionsAsync(HttpMethod.Post, body: ConnectionCalls.NewConnection("brevo", settings, "sms"));
        gateway.BrevoSms.Account(key);
        var added = await site.ConnectionsAsync(HttpMethod.Post, body: ConnectionCalls.NewConnection("brevo", settings, "sms"));

        Assert.Contains("Brevo refuses the credentials", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, added.Status);
    }

    private async Task<(SiteUnderTest Site, FakeBrevoSmsAccount Account)> NewAsync()
    {
        var site = await gateway.NewSiteAsync();
        var key = "xkeysib-" + Secrets.Random(24);
        await site.ConnectAsync(
            ConnectionKind.Sms,
            SmsRoute.Brevo,
            new JsonObject { ["apiKey"] = key, ["from"] = "ACME" }.ToJsonString()
        );
        await site.SetSmsRulesAsync(rules => rules.Route = SmsRoute.Brevo);
        return (site, gateway.BrevoSms.Account(key));
    }

    /// <summary>As Brevo tells it, at the address that the send call named.</summary>
    private static Task<Answer> TellAsync(
        SiteUnderTest site,
        FakeBrevoSmsAccount account,
        JsonObject call,
        string status,
        Action<JsonObject>? change = null
    )
    {
        var body = Body(account, call, status);
        change?.Invoke(body);
        return PostAsync(site, PathOf(call), body.ToJsonString());
    }

    private static JsonObject Body(FakeBrevoSmsAccount account, JsonObject call, string status) =>
        new()
        {
            ["id"] = 26570,
            ["to"] = (string?)call["recipient"],
            ["sms_count"] = 1,
            ["credits_used"] = 1.5,
            ["messageId"] = account.IdOf(call),
            ["remaining_credit"] = 11488.845,
            ["msg_status"] = status,
            ["date"] = "2026-11-29 10:00:00",
            ["type"] = "transactional",
            ["reference"] = "ab1cde2fgh3i4jklmno",
        };

    private static string PathOf(JsonObject call) => new Uri((string)call["webUrl"]!).PathAndQuery;

    private static async Task<Answer> PostAsync(SiteUnderTest site, string path, string body)
    {
        using var response = await site.Browser.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return await Answer.ReadAsync(response);
    }

    private Task<List<InboundEvent>> UnclearAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db =>
            db.InboundEvents.AsNoTracking().Where(row => row.SiteId == site.Id && row.Status == SmsReplies.Unclear).ToListAsync()
        );
}
