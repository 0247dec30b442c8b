using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Webhooks;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms.Vonage;

/// <summary>Messages all the way: taken in, handed over to Vonage, settled by its answer and its signed webhooks.</summary>
public sealed class VonageJourneyTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_message_is_sent_and_delivered_and_its_price_is_known()
    {
        var vonage = await VonageSite.NewAsync(gateway);

        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var call = vonage.Account.Calls.Single();
        var submitted = await vonage.StatusAsync(
            call,
            "submitted",
            body => body["usage"] = new JsonObject { ["price"] = "0.0333", ["currency"] = "EUR" }
        );
        var delivered = await vonage.StatusAsync(call, "delivered");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (submitted.Status, delivered.Status));
        var row = await vonage.Site.SmsAsync(sms.Id);
        Assert.Equal(
            (SmsState.Delivered, vonage.Account.IdOf(call), 0.0333m, "EUR"),
            (row.State, row.ProviderId, row.Price, row.Currency)
        );
        Assert.Equal(sms.Id, (string?)call["client_ref"]);
        Assert.Equal(["sms.sent", "sms.delivered"], await vonage.Site.SmsEventsAsync());
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_sent_once_and_settled_by_its_webhook()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        vonage.Account.Send = _ => throw new HttpRequestException(HttpRequestError.ResponseEnded);
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Unknown);

        await vonage.StatusAsync(vonage.Account.Calls.Single(), "delivered");

        Assert.Equal(SmsState.Delivered, (await vonage.Site.SmsAsync(sms.Id)).State);
        Assert.Single(vonage.Account.Calls);
    }

    [Theory]
    [InlineData("rejected", "1210", "filtered")]
    [InlineData("undeliverable", "1260", "unreachable")]
    [InlineData("rejected", null, "undelivered")]
    public async Task A_failure_says_why_and_a_later_delivery_wins(string status, string? code, string expected)
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var call = vonage.Account.Calls.Single();

        await vonage.StatusAsync(
            call,
            status,
            body =>
                body["error"] = code is null
                    ? null
                    : new JsonObject { ["type"] = $"https://developer.nexmo.com/api-errors/messages#{code}", ["title"] = code }
        );
        var failed = await vonage.Site.SmsAsync(sms.Id);
        await vonage.StatusAsync(call, "delivered");

        Assert.Equal((SmsState.Failed, expected), (failed.State, failed.FailureCode));
        Assert.Equal((SmsState.Delivered, null), await StateAsync(vonage, sms.Id));
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("Arrêt")]
    public async Task Who_answers_stop_is_not_written_to_any_more(string text)
    {
        var vonage = await VonageSite.NewAsync(gateway);

        Assert.Equal(HttpStatusCode.OK, (await vonage.ReplyAsync(text)).Status);

        var refused = await vonage.Site.SendSmsAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (refused.Status, (string?)refused.Json["code"]));
    }

    [Fact]
    public async Task A_reply_is_an_event_once_and_what_may_ask_for_no_more_is_shown_to_a_person()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var id = Guid.CreateVersion7().ToString();

        await vonage.ReplyAsync("Please stop texting me", id);
        await vonage.ReplyAsync("Please stop texting me", id);
        await vonage.ReplyAsync("Hello", channel: "whatsapp");

        var told = Assert.Single(await RepliesAsync(vonage));
        Assert.Equal((SmsReplies.Unclear, SmsRequests.Number), (told.Status, told.From));
        var shown = await CommandResult.OfAsync(
            () => Task.FromResult(gateway.Services),
            "",
            ["sms", "replies", vonage.Site.PublicId, "--json"]
        );
        Assert.Equal("Please stop texting me", Assert.Single(shown.Json.EnumerateArray()).GetProperty("text").GetString());
        var data = JsonNode.Parse(Assert.Single(await EventsAsync(vonage)))!;
        Assert.Equal(
            ("vonage", SmsRequests.Number, true),
            ((string?)data["provider"], (string?)data["from"], (bool?)data["mayBeOptOut"])
        );
    }

    [Fact]
    public async Task A_webhook_that_is_forged_old_altered_or_anothers_changes_nothing()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var other = await VonageSite.NewAsync(gateway);
        var sms = await vonage.Site.SendSmsAsync();
        await vonage.Site.SmsBecomesAsync(sms.Id, SmsState.Sent);
        var call = vonage.Account.Calls.Single();
        var path = new Uri((string)call["webhook_url"]!).PathAndQuery;
        var body = new JsonObject { ["message_uuid"] = vonage.Account.IdOf(call), ["status"] = "delivered" }.ToJsonString();
        var longAgo = gateway.Clock.GetUtcNow().AddMinutes(-6).ToUnixTimeSeconds();

        Answer[] answers =
        [
            await vonage.PostAsync(path, body, secret: "another secret"),
            await vonage.PostAsync(path, body, claims => claims["payload_hash"] = new string('0', 64)),
            await vonage.PostAsync(path, body, claims => claims.Remove("payload_hash")),
            await vonage.PostAsync(path, body, claims => claims["iss"] = "Somebody"),
            await vonage.PostAsync(path, body, claims => claims["api_key"] = other.Options.ApiKey),
            await vonage.PostAsync(path, body, claims => claims["application_id"] = other.Options.ApplicationId),
            await vonage.PostAsync(path, body, claims => claims["iat"] = longAgo),
            await vonage.PostAsync(path, body, claims => claims.Remove("iat")),
            await vonage.PostAsync(path, body, claims => claims["exp"] = longAgo),
            await vonage.PostAsync(path, body, token: signed => "Bearer " + signed[..signed.LastIndexOf('.')] + "."),
            await vonage.PostAsync(path, body, token: _ => "Bearer x"),
            await vonage.PostAsync(path, body, token: _ => "Bearer a.b.c"),
            await vonage.PostAsync(path, body, token: signed => "Basic " + signed),
            await vonage.PostAsync(path, body, token: _ => ""),
            await other.PostAsync(path, body),
        ];

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.Equal(SmsState.Sent, (await vonage.Site.SmsAsync(sms.Id)).State);
        Assert.Equal(HttpStatusCode.OK, (await vonage.PostAsync(path, body)).Status);
        Assert.Equal(SmsState.Delivered, (await vonage.Site.SmsAsync(sms.Id)).State);
    }

    [Fact]
    public async Task A_token_without_a_signature_is_not_one()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var none = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode("""{"alg":"none"}""");

        var answer = await vonage.PostAsync(
            $"/providers/vonage/{vonage.Site.PublicId}/inbound",
            "{}",
            token: signed => $"Bearer {none}.{signed.Split('.')[1]}."
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task What_is_signed_and_makes_no_sense_is_refused_with_a_sentence()
    {
        var vonage = await VonageSite.NewAsync(gateway);
        var site = $"/providers/vonage/{vonage.Site.PublicId}";
        var unknown = new JsonObject { ["message_uuid"] = Guid.CreateVersion7().ToString(), ["status"] = "delivered" }.ToJsonString();

        Assert.Equal(HttpStatusCode.BadRequest, (await vonage.PostAsync($"{site}/status", "[]")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await vonage.PostAsync($"{site}/inbound", "{")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await vonage.PostAsync($"{site}/status?sms=sms_1&try=1", unknown)).Status);
    }

    [Fact]
    public async Task An_account_is_tried_before_it_is_stored()
    {
        var site = await gateway.NewSiteAsync();
        var options = VonageAccounts.New("ACME", VonageAccounts.NewApiKey());
        options.ApplicationId = Guid.CreateVersion7().ToString();
        var account = gateway.Vonage.Account(options.ApiKey!, options.ApplicationId);
        Task<Answer> AddAsync() =>
            site.ConnectionsAsync(
                HttpMethod.Post,
                body: ConnectionCalls.NewConnection("vonage", VonageSite.SettingsOf(options).ToJsonString(), "sms")
            );

        var wrongSecret = await AddAsync();
        (account.ApiSecret, account.Balance) = (options.ApiSecret!, 0);
        var noFunds = await AddAsync();
        (account.Balance, account.PublicKey) = (1, VonageAccounts.PublicPem(VonageAccounts.NewKey()));
        var wrongKey = await AddAsync();
        (account.PublicKey, options.ApplicationId) = (VonageAccounts.PublicPem(VonageAccounts.Pem), Guid.CreateVersion7().ToString());
        var noApplication = await AddAsync();
        options.ApplicationId = account.ApplicationId;
        var added = await AddAsync();

        Assert.Contains("ApiKey and ApiSecret", wrongSecret.Text, StringComparison.Ordinal);
        Assert.Contains("no balance", noFunds.Text, StringComparison.Ordinal);
        Assert.Contains("PrivateKey is not the key", wrongKey.Text, StringComparison.Ordinal);
        Assert.Contains("no application", noApplication.Text, StringComparison.Ordinal);
        Assert.All([wrongSecret, noFunds, wrongKey, noApplication], refused => Assert.True((int)refused.Status is >= 400 and < 500));
        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal("vonage", (string?)added.Json["provider"]);
        Assert.DoesNotContain("PRIVATE", added.Text, StringComparison.Ordinal);
        Assert.Empty(account.Calls);
    }

    private static async Task<(SmsState State, string? Code)> StateAsync(VonageSite vonage, string id) =>
        await vonage.Site.SmsAsync(id) is var row ? (row.State, row.FailureCode) : default;

    private Task<List<InboundEvent>> RepliesAsync(VonageSite vonage) =>
        gateway.InDatabaseAsync(db => db.InboundEvents.AsNoTracking().Where(row => row.SiteId == vonage.Site.Id).ToListAsync());

    private Task<List<string>> EventsAsync(VonageSite vonage) =>
        gateway.InDatabaseAsync(db =>
            db.Events.AsNoTracking()
                .Where(row => row.SiteId == vonage.Site.Id && row.Type == EventTypes.SmsReceived)
                .Select(row => row.Data)
                .ToListAsync()
        );
}
