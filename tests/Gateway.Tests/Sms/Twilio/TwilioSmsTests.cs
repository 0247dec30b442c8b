using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Twilio;

namespace Gateway.Tests.Sms.Twilio;

public sealed class TwilioSmsTests
{
    private const string Sid = "SM0123456789abcdef0123456789abcdef";
    private const string Service = "MG0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task A_message_goes_out_as_a_form_with_our_reference_for_receipts()
    {
        await using var server = RawServer.Answering(RawServer.Answer(201, Message()));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);

        var sent = Assert.IsType<SmsOutcome.Sent>(await adapter.SendAsync());

        Assert.Equal(new SmsOutcome.Sent(Sid), sent);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith(
            $"POST /2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages.json HTTP/1.1\r\n",
            request,
            StringComparison.Ordinal
        );
        Assert.Contains($"Authorization: Basic {Basic(SmsAdapter.AccountSid, "token")}\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/x-www-form-urlencoded", request, StringComparison.Ordinal);
        Assert.Equal(
            new()
            {
                ["To"] = adapter.Sms.Recipient,
                ["From"] = "+15005550006",
                ["Body"] = adapter.Sms.Text,
                ["StatusCallback"] = adapter.Call.StatusCallback.AbsoluteUri,
            },
            Form(request)
        );
    }

    [Theory]
    [InlineData(null, "From", "+15005550006")]
    [InlineData("ACME", "From", "ACME")]
    [InlineData(Service, "MessagingServiceSid", Service)]
    public async Task The_sender_is_a_number_a_name_or_a_service(string? asked, string field, string value)
    {
        await using var server = RawServer.Answering(RawServer.Answer(201, Message()));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url)
        {
            Account = new TwilioOptions
            {
                AccountSid = SmsAdapter.AccountSid,
                AuthToken = "token",
                From = "+15005550006, ACME",
                MessagingServiceSid = Service,
            },
        };
        adapter.Sms.Sender = asked;

        await adapter.SendAsync();

        var form = Form(Assert.Single(server.Requests));
        Assert.Equal(value, form[field]);
        Assert.Single(form.Keys, key => key is "From" or "MessagingServiceSid");
    }

    [Fact]
    public async Task An_api_key_takes_the_place_of_the_token()
    {
        await using var server = RawServer.Answering(RawServer.Answer(201, Message()));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url)
        {
            Account = new TwilioOptions
            {
                AccountSid = SmsAdapter.AccountSid,
                AuthToken = "token",
                ApiKey = "SK1",
                ApiSecret = "secret",
                From = "ACME",
            },
        };

        await adapter.SendAsync();

        Assert.Contains($"Authorization: Basic {Basic("SK1", "secret")}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("queued")]
    [InlineData("sending")]
    [InlineData("sent")]
    [InlineData("delivered")]
    [InlineData("something new")]
    public async Task Whatever_state_it_shows_the_message_was_taken(string status) =>
        Assert.Equal(
            new SmsOutcome.Sent(Sid, 0.0075m, "USD"),
            await SendAsync(RawServer.Answer(201, Message(status, price: "-0.00750")))
        );

    [Theory]
    [InlineData("failed", 30006, "unreachable")]
    [InlineData("undelivered", 21610, "suppressed")]
    [InlineData("failed", null, "undelivered")]
    [InlineData("canceled", null, "cancelled")]
    public async Task A_message_that_failed_at_once_is_refused(string status, int? error, string code)
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(RawServer.Answer(201, Message(status, error))));

        Assert.Equal(code, refused.Code);
        Assert.Equal(error?.ToString(CultureInfo.InvariantCulture), refused.ProviderCode);
    }

    [Fact]
    public async Task An_answer_in_the_old_protocol_that_is_whole_counts() =>
        Assert.IsType<SmsOutcome.Sent>(await SendAsync("HTTP/1.0 201 Created\r\n\r\n" + Message(), closes: true));

    [Theory]
    [InlineData(21211, "number_invalid", false)]
    [InlineData(21408, "country_not_allowed", true)]
    [InlineData(21608, "rejected", true)]
    [InlineData(21610, "suppressed", false)]
    [InlineData(21612, "unreachable", true)]
    [InlineData(21614, "unreachable", false)]
    [InlineData(21617, "too_long", false)]
    [InlineData(29999, "rejected", false)]
    public async Task A_refusal_is_final_and_says_whether_it_is_about_the_account(int error, string code, bool elsewhere)
    {
        var refused = Assert.IsType<SmsOutcome.Refused>(await SendAsync(RawServer.Answer(400, Error(error))));

        Assert.Equal((code, elsewhere), (refused.Code, refused.Elsewhere));
        Assert.Equal(error.ToString(CultureInfo.InvariantCulture), refused.ProviderCode);
        Assert.DoesNotContain("+33", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, 20003)]
    [InlineData(403, 20005)]
    [InlineData(404, 20404)]
    [InlineData(400, 21212)]
    [InlineData(400, 21606)]
    [InlineData(400, 21609)]
    [InlineData(400, 21611)]
    [InlineData(400, 20429)]
    public async Task What_an_operator_or_time_can_mend_is_not_sent(int status, int error) =>
        Assert.Contains(
            $"({(status == 401 ? 401 : error)})",
            Assert.IsType<SmsOutcome.NotSent>(await SendAsync(RawServer.Answer(status, Error(error)))).Reason,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("read", SmsState.Delivered, null)]
    [InlineData("sent", SmsState.Sent, null)]
    [InlineData("undelivered", SmsState.Failed, "unreachable")]
    internal async Task Asked_it_tells_what_became_of_a_message(string status, SmsState state, string? code)
    {
        var text = Message(status, code is null ? null : 30003, price: "-0.0150");
        await using var server = RawServer.Answering(RawServer.Answer(200, text));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        adapter.Sms.ProviderId = Sid;

        var report = await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None);

        Assert.NotNull(report);
        Assert.Equal((Sid, state, $"{Sid}:{status}", code), (report.ProviderId, report.State, report.Key, report.Failure?.Code));
        Assert.Equal((0.015m, "USD"), (report.Price, report.Currency));
        Assert.Equal(text, Encoding.UTF8.GetString(report.Body));
        Assert.StartsWith(
            $"GET /2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages/{Sid}.json HTTP/1.1\r\n",
            Assert.Single(server.Requests),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(404, "{\"code\":20404}")]
    [InlineData(500, "{}")]
    [InlineData(200, "<html>")]
    public async Task Asked_in_vain_it_tells_nothing(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        adapter.Sms.ProviderId = Sid;
        Assert.Null(await adapter.Provider.AskAsync(adapter.Call, CancellationToken.None));
    }

    [Fact]
    public async Task Who_gives_up_asking_is_told_by_the_cancellation_he_asked_for()
    {
        using var leaving = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await leaving.CancelAsync();
            await connection.HangAsync();
        });
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        adapter.Sms.ProviderId = Sid;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adapter.Provider.AskAsync(adapter.Call, leaving.Token));
    }

    [Fact]
    public async Task Receipts_are_the_rule_so_it_is_asked_seldom()
    {
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, "https://api.twilio.com");
        Assert.Equal(
            [10, 60, 360, 1440, null],
            Enumerable.Range(0, 5).Select(asked => adapter.Provider.AskAgainAfter(asked)?.TotalMinutes)
        );
    }

    internal static string Message(string status = "queued", int? error = null, string? price = null, Action<JsonObject>? change = null)
    {
        var message = new JsonObject
        {
            ["account_sid"] = SmsAdapter.AccountSid,
            ["body"] = "Your code is 1234. À bientôt & merci = 100% 🎉",
            ["date_created"] = TimeProvider.System.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture),
            ["date_sent"] = null,
            ["direction"] = "outbound-api",
            ["error_code"] = error,
            ["from"] = "+15005550006",
            ["messaging_service_sid"] = null,
            ["num_segments"] = "1",
            ["price"] = price,
            ["price_unit"] = "USD",
            ["sid"] = Sid,
            ["status"] = status,
            ["to"] = "+33612345678",
        };
        change?.Invoke(message);
        return message.ToJsonString();
    }

    private static string Error(int code) =>
        new JsonObject
        {
            ["code"] = code,
            ["message"] = "Something about +33612345678",
            ["more_info"] = "https://www.twilio.com/docs/errors",
            ["status"] = 400,
        }.ToJsonString();

    private static async Task<SmsOutcome> SendAsync(string answer, bool closes = false)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
            await (closes ? Task.CompletedTask : connection.HangAsync());
        });
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        return await adapter.SendAsync();
    }

    private static Dictionary<string, string> Form(string request) =>
        request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]
            .Split('&')
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => WebUtility.UrlDecode(pair[1]));

    private static string Basic(string user, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
