using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Http;

namespace Gateway.Tests.Sms.Brevo;

public sealed class BrevoSmsTests
{
    private const string Taken = """{"reference":"ab1cde2fgh3i4jklmno","messageId":1511882900176220,"smsCount":1,"usedCredits":0.7}""";

    [Fact]
    public async Task A_message_goes_out_as_transactional_with_the_key_and_an_address_of_its_own()
    {
        await using var server = RawServer.Answering(RawServer.Answer(201, Taken));
        await using var adapter = new SmsAdapter(SmsRoute.Brevo, server.Url);

        Assert.Equal(new SmsOutcome.Sent("1511882900176220"), await adapter.SendAsync());

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /v3/transactionalSMS/send HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("api-key: key\r\n", request, StringComparison.Ordinal);
        var body = JsonNode.Parse(request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!;
        Assert.Equal(
            ("ACME", "33612345678", adapter.Sms.Text, "transactional", true),
            (
                (string?)body["sender"],
                (string?)body["recipient"],
                (string?)body["content"],
                (string?)body["type"],
                (bool?)body["unicodeEnabled"]
            )
        );
        Assert.Equal(Tag(adapter), (string?)body["tag"]);
        Assert.StartsWith($"{adapter.Call.StatusCallback}&key=", (string?)body["webUrl"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "invalid_parameter", "Invalid phone number", "number_invalid", false)]
    [InlineData(400, "invalid_parameter", "recipient is not valid", "number_invalid", false)]
    [InlineData(400, "missing_parameter", "content is missing", "too_long", true)]
    [InlineData(400, "bad_request", "Something else", "rejected", false)]
    public async Task A_refusal_is_final_and_says_whether_it_is_about_the_account(
        int status,
        string error,
        string words,
        string code,
        bool elsewhere
    )
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(status, Error(error, words)));
        Assert.Equal((code, elsewhere, error), (refused.Code, refused.Elsewhere, refused.ProviderCode));
        Assert.DoesNotContain(words, refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "unauthorized", "Key not found", "key")]
    [InlineData(403, "permission_denied", "Your account is under validation", "key")]
    [InlineData(400, "account_under_validation", "Your account is under validation", "account")]
    [InlineData(402, "not_enough_credits", "Not enough credits", "credits")]
    [InlineData(400, "not_enough_credits", "Not enough credits", "credits")]
    [InlineData(400, "invalid_parameter", "Invalid sender", "sender")]
    [InlineData(400, "invalid_parameter", "webUrl is not valid", "receipts")]
    public async Task What_an_operator_or_time_can_mend_is_not_sent(int status, string error, string words, string word)
    {
        var notSent = Assert.IsType<SmsOutcome.NotSent>(await SendAsync(status, Error(error, words)));
        Assert.Contains(word, notSent.Reason, StringComparison.Ordinal);
        Assert.NotNull(notSent.Error);
    }

    [Theory]
    [InlineData("sent", SmsState.Sent, null)]
    [InlineData("accepted", SmsState.Sent, null)]
    [InlineData("delivered", SmsState.Delivered, null)]
    [InlineData("replies", SmsState.Delivered, null)]
    [InlineData("hardBounces", SmsState.Failed, "unreachable")]
    [InlineData("softBounces", SmsState.Failed, "undelivered")]
    [InlineData("rejected", SmsState.Failed, "rejected")]
    [InlineData("skipped", SmsState.Failed, "rejected")]
    [InlineData("blocked", SmsState.Failed, "suppressed")]
    internal async Task The_message_with_the_tag_of_the_call_is_it(string word, SmsState state, string? code)
    {
        var adapter = new SmsAdapter(SmsRoute.Brevo, "https://api.brevo.com");
        await using var server = RawServer.Answering(
            RawServer.Answer(200, Events(Event("another-tag", "delivered"), Event(Tag(adapter), "sent"), Event(Tag(adapter), word)))
        );
        await using var asking = new SmsAdapter(SmsRoute.Brevo, server.Url) { Sms = adapter.Sms };
        await adapter.DisposeAsync();

        var seen = Assert.IsType<LookupResult.Found>(await asking.Provider.FindAsync(asking.Call, CancellationToken.None));

        Assert.Equal(("77", state, code), (seen.Report.ProviderId, seen.Report.State, seen.Report.Failure?.Code));
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith(
            "GET /v3/transactionalSMS/statistics/events?sort=desc&phoneNumber=33612345678&startDate=",
            request,
            StringComparison.Ordinal
        );
        Assert.Contains("&endDate=", request, StringComparison.Ordinal);
        Assert.DoesNotContain($"startDate={today}", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_event_has_the_tag_it_is_not_there()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Events(Event("another-tag", "delivered"))));
        await using var adapter = new SmsAdapter(SmsRoute.Brevo, server.Url);
        Assert.IsType<LookupResult.NotFound>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
        Assert.Null(await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None));
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(401, "{}")]
    public async Task A_report_that_cannot_be_read_tells_nothing(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Brevo, server.Url);
        Assert.IsType<LookupResult.CannotTell>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
        Assert.Null(await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None));
    }

    private static string Tag(SmsAdapter adapter) => $"{PublicId.Format(PublicId.Sms, adapter.Sms.Id)}-1";

    private static JsonObject Event(string tag, string word) =>
        new()
        {
            ["phoneNumber"] = "33612345678",
            ["date"] = "2026-11-29T10:00:00.000+01:00",
            ["messageId"] = "77",
            ["event"] = word,
            ["tag"] = tag,
        };

    private static string Events(params JsonNode[] events) => new JsonObject { ["events"] = new JsonArray([.. events]) }.ToJsonString();

    private static async Task<SmsOutcome> SendAsync(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Brevo, server.Url);
        return await adapter.SendAsync();
    }

    private static string Error(string code, string words) => new JsonObject { ["code"] = code, ["message"] = words }.ToJsonString();
}
