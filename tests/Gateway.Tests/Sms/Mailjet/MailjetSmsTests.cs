using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;

namespace Gateway.Tests.Sms.Mailjet;

public sealed class MailjetSmsTests
{
    private const string Id = "0f3f2a1c-2b6e-4b39-9d2c-1f1f6b3f4f5a";
    private const string Other = "b2a6e1f0-7a54-4c51-8c6f-0a9d8e7f6b5c";

    [Fact]
    public async Task A_message_goes_out_as_json_with_the_token()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Message(1)));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);

        Assert.Equal(new SmsOutcome.Sent(Id, 0.04m, "EUR"), await adapter.SendAsync());

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /v4/sms-send HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer token\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", request, StringComparison.Ordinal);
        var body = JsonNode.Parse(request[request.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        Assert.Equal(["From", "To", "Text"], body.Select(member => member.Key));
        Assert.Equal(
            ("ACME", adapter.Sms.Recipient, adapter.Sms.Text),
            ((string?)body["From"], (string?)body["To"], (string?)body["Text"])
        );
    }

    [Fact]
    public async Task More_than_five_parts_are_for_somebody_else()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Message(1)));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        adapter.Sms.Parts = 6;

        var refused = Assert.IsType<SmsOutcome.Refused>(await adapter.SendAsync());

        Assert.Equal(("too_long", true), (refused.Code, refused.Elsewhere));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_state_it_shows_the_message_was_taken(int status) =>
        Assert.IsType<SmsOutcome.Sent>(await SendAsync(200, Message(status)));

    [Theory]
    [InlineData(4, "blocked", false)]
    [InlineData(14, "number_invalid", false)]
    [InlineData(99, "undelivered", false)]
    public async Task A_message_that_was_rejected_at_once_is_refused(int status, string code, bool elsewhere)
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(200, Message(status)));
        Assert.Equal(
            (code, elsewhere, status.ToString(CultureInfo.InvariantCulture)),
            (refused.Code, refused.Elsewhere, refused.ProviderCode)
        );
    }

    [Theory]
    [InlineData("mj-0004", "To", "number_invalid", false)]
    [InlineData("mj-0006", "Text", "too_long", true)]
    [InlineData("sms-0002", "To", "country_not_allowed", true)]
    [InlineData("mj-0002", null, "rejected", false)]
    public async Task A_refusal_is_final_and_says_whether_it_is_about_the_account(
        string error,
        string? related,
        string code,
        bool elsewhere
    )
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(400, Error(error, related)));
        Assert.Equal((code, elsewhere, error), (refused.Code, refused.Elsewhere, refused.ProviderCode));
    }

    [Theory]
    [InlineData(400, "sms-0001", "no funds")]
    [InlineData(400, "sms-0003", "limit")]
    [InlineData(400, "sms-0004", "account")]
    [InlineData(401, "mj-0015", "token")]
    [InlineData(403, "mj-0021", "token")]
    public async Task What_an_operator_or_time_can_mend_is_not_sent(int status, string error, string word) =>
        Assert.Contains(word, Assert.IsType<SmsOutcome.NotSent>(await SendAsync(status, Error(error))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(10, "sender")]
    [InlineData(15, "no funds")]
    [InlineData(16, "limit")]
    public async Task So_is_what_Mailjet_rejects_for_the_same_reasons_later(int status, string word) =>
        Assert.Contains(word, Assert.IsType<SmsOutcome.NotSent>(await SendAsync(200, Message(status))).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, "sent_pending", SmsState.Sent, null)]
    [InlineData(3, "delivered", SmsState.Delivered, null)]
    [InlineData(6, "rejected_expired", SmsState.Failed, "unreachable")]
    internal async Task Asked_it_tells_what_became_of_a_message(int status, string name, SmsState state, string? code)
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Rows(Listed(Id, status, name))));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        adapter.Sms.ProviderId = Id;

        var report = await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None);

        Assert.NotNull(report);
        Assert.Equal((Id, state, $"{Id}:{status}", code), (report.ProviderId, report.State, report.Key, report.Failure?.Code));
        Assert.Equal((0.04m, "EUR"), (report.Price, report.Currency));
        Assert.Equal(Id, (string?)JsonNode.Parse(Encoding.UTF8.GetString(report.Body))!["MessageId"]);
        Assert.StartsWith($"GET /v4/sms/{Id} HTTP/1.1\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "{\"ErrorCode\":\"mj-0012\"}")]
    [InlineData(200, "{\"Data\":[]}")]
    [InlineData(200, "<html>")]
    public async Task Asked_in_vain_it_tells_nothing(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        adapter.Sms.ProviderId = Id;
        Assert.Null(await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None));
    }

    [Fact]
    public async Task Nobody_calls_back_so_it_is_asked_with_growing_pauses()
    {
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, "https://api.mailjet.com");
        double?[] seconds = [10, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600, null];
        Assert.Equal(seconds, Enumerable.Range(0, 9).Select(asked => adapter.Provider.AskAgainAfter(asked)?.TotalSeconds));
    }

    [Fact]
    public async Task The_one_message_that_fits_is_it()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Rows(Listed(Id, 2, "sent"))));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);

        var seen = Assert.IsType<LookupResult.Found>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));

        Assert.Equal((Id, SmsState.Sent), (seen.Report.ProviderId, seen.Report.State));
        var called = new DateTimeOffset(adapter.Sms.CalledAt!.Value).ToUnixTimeSeconds();
        Assert.StartsWith(
            $"GET /v4/sms?To=%2B33612345678&FromTS={called - 60}&ToTS={called + 70} HTTP/1.1\r\n",
            Assert.Single(server.Requests),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("From", "OTHER")]
    [InlineData("SMSCount", 2)]
    [InlineData("CreationTS", 1_600_000_000)]
    public async Task A_message_that_differs_is_not_it(string member, object value) =>
        Assert.IsType<LookupResult.NotFound>(await FindAsync(row => row[member] = JsonValue.Create(value)));

    [Fact]
    public async Task Without_texts_two_that_fit_cannot_be_told_apart_unless_one_belongs_to_another_message()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Rows(Listed(Id, 2, "sent"), Listed(Other, 2, "sent"))));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);

        Assert.IsType<LookupResult.CannotTell>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
        var sighting = await adapter.Provider.FindAsync(adapter.Call with { Taken = new HashSet<string> { Id } }, CancellationToken.None);
        Assert.Equal(Other, Assert.IsType<LookupResult.Found>(sighting).Report.ProviderId);
    }

    [Fact]
    public async Task Beside_another_message_of_unknown_outcome_nothing_can_be_told()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Rows(Listed(Id, 2, "sent"))));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        Assert.IsType<LookupResult.CannotTell>(
            await adapter.Provider.FindAsync(adapter.Call with { IsAmbiguous = true }, CancellationToken.None)
        );
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(401, "{}")]
    public async Task A_list_that_cannot_be_read_tells_nothing(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        Assert.IsType<LookupResult.CannotTell>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
    }

    private static async Task<LookupResult> FindAsync(Action<JsonObject> change)
    {
        var row = Listed(Id, 2, "sent");
        change(row);
        await using var server = RawServer.Answering(RawServer.Answer(200, Rows(row)));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        return await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None);
    }

    private static async Task<SmsOutcome> SendAsync(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Mailjet, server.Url);
        return await adapter.SendAsync();
    }

    private static string Message(int status)
    {
        var message = Listed(Id, status, "a word");
        message["SmsCount"] = 1;
        message.Remove("SMSCount");
        return message.ToJsonString();
    }

    private static JsonObject Listed(string id, int status, string name) =>
        new()
        {
            ["From"] = "ACME",
            ["To"] = "+33612345678",
            ["MessageId"] = id,
            ["Status"] = new JsonObject
            {
                ["Code"] = status,
                ["Name"] = name,
                ["Description"] = "A sentence",
            },
            ["CreationTS"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["SentTS"] = "",
            ["SMSCount"] = 1,
            ["Cost"] = new JsonObject { ["Value"] = 0.04m, ["Currency"] = "EUR" },
        };

    private static string Rows(params JsonNode[] rows) => new JsonObject { ["Data"] = new JsonArray([.. rows]) }.ToJsonString();

    private static string Error(string code, string? related = null) =>
        new JsonObject
        {
            ["ErrorIdentifier"] = Id,
            ["ErrorCode"] = code,
            ["StatusCode"] = 400,
            ["ErrorMessage"] = "Something about +33612345678",
            ["ErrorRelatedTo"] = related is null ? [] : new JsonArray(related),
        }.ToJsonString();
}
