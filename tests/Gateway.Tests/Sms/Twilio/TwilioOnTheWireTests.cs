using System.Net;
using System.Net.Sockets;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;
using Gateway.Tests.Sms.Receipts;

namespace Gateway.Tests.Sms.Twilio;

/// <summary>
/// What becomes of a message that is asked for at the front door, for each thing that can happen to its send call, byte by byte. Twilio's
/// own package would mistake several of these for one another. Whatever happens, one call makes one request, and only what proves that
/// nothing was sent is tried again.
/// </summary>
[Collection(MovesTheClock.Name)]
public sealed class TwilioOnTheWireTests
{
    private const string Taken = """{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","num_segments":"1","price":null}""";
    private const string Html = "<html><body>Try again</body></html>";
    private const string Busy = """{"code":20429,"message":"Too Many Requests","more_info":"https://www.twilio.com/docs","status":429}""";
    private const string Invalid = """{"code":21211,"message":"Invalid 'To'","more_info":"https://www.twilio.com/docs","status":400}""";
    private const string Problem = """{"type":"https://www.twilio.com/docs","title":"Bad","status":400,"code":21211,"errors":[{}]}""";
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task Taken_is_sent()
    {
        var (row, requests) = await SendAsync(RawServer.Answer(201, Taken));

        Assert.Equal((SmsState.Sent, "SM0123456789abcdef0123456789abcdef"), (row.State, row.ProviderId));
        Assert.Single(requests);
    }

    [Theory]
    [InlineData(400, Invalid, "number_invalid")]
    [InlineData(400, "{\"code\":\"21211\",\"details\":[1,2],\"status\":\"Bad Request\"}", "number_invalid")]
    [InlineData(400, Problem, "number_invalid")]
    [InlineData(400, "{\"code\":21610,\"message\":\"Unsubscribed\",\"status\":400}", "suppressed")]
    public async Task A_refusal_with_a_code_is_final(int status, string body, string code)
    {
        var (row, requests) = await SendAsync(RawServer.Answer(status, body));

        Assert.Equal((SmsState.Failed, code), (row.State, row.FailureCode));
        Assert.Single(requests);
    }

    [Theory]
    [InlineData(429, "", "Retry-After: 90\r\n", 90)]
    [InlineData(429, Html, "Retry-After: 90\r\n", 90)]
    [InlineData(429, Busy, "Retry-After: 90\r\n", 90)]
    [InlineData(429, "", "", null)]
    [InlineData(429, Html, "", null)]
    [InlineData(429, Busy, "", null)]
    [InlineData(503, "", "Retry-After: 120\r\n", 120)]
    [InlineData(503, Html, "Retry-After: 120\r\n", 120)]
    [InlineData(503, "{\"code\":20503,\"status\":503}", "Retry-After: 120\r\n", 120)]
    [InlineData(401, "{\"code\":20003,\"status\":401}", "", null)]
    [InlineData(401, Html, "", null)]
    public async Task Asked_for_patience_it_is_not_sent_and_waits_as_long(int status, string body, string headers, int? seconds)
    {
        var before = gateway.Clock.GetUtcNow().UtcDateTime;
        var (row, requests) = await SendAsync(RawServer.Answer(status, body, headers));
        var after = gateway.Clock.GetUtcNow().UtcDateTime;

        Assert.Equal((SmsState.Queued, SmsFailure.NotSent), (row.State, row.FailureCode));
        Assert.Single(requests);
        if (seconds is { } wait)
        {
            Assert.InRange(row.DueAt!.Value, before.AddSeconds(wait), after.AddSeconds(wait));
        }
    }

    public static TheoryData<string, string> Unclear =>
        new()
        {
            { "201 that is no JSON", RawServer.Answer(201, Html) },
            { "201 with half a JSON", RawServer.Answer(201, Taken[..40]) },
            { "201 without a body", RawServer.Answer(201, "") },
            { "201 with another JSON", RawServer.Answer(201, "{\"object\":\"list\",\"data\":[]}") },
            { "201 with null", RawServer.Answer(201, "null") },
            { "204", "HTTP/1.1 204 No Content\r\n\r\n" },
            { "307", RawServer.Answer(307, "", "Location: /elsewhere\r\n") },
            { "404 without a body", RawServer.Answer(404, "") },
            { "404 from somebody else", RawServer.Answer(404, Html) },
            { "500 with a JSON", RawServer.Answer(500, "{}") },
            { "503 without a body", RawServer.Answer(503, "") },
            { "503 with a page", RawServer.Answer(503, Html) },
            { "closed after the request", "" },
            { "half an answer", $"HTTP/1.1 201 Created\r\nContent-Length: {Taken.Length + 1}\r\n\r\n{Taken}" },
            { "garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n" },
        };

    [Theory, MemberData(nameof(Unclear))]
    public async Task Whatever_proves_nothing_leaves_it_unknown(string what, string answer)
    {
        var (row, requests) = await SendAsync(answer, closes: true);

        Assert.True(row.State == SmsState.Unknown, $"{what}: {row.State}");
        Assert.Equal(SmsFailure.NoAnswer, row.FailureCode);
        Assert.Single(requests);
    }

    [Fact]
    public async Task No_connection_is_not_sent()
    {
        // Taken, so that no other test gets the port, but nobody listens.
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        foreach (var server in new[] { At(taken), "http://gateway.invalid" })
        {
            var row = await SettleAsync(server);
            Assert.Equal((SmsState.Queued, SmsFailure.NotSent), (row.State, row.FailureCode));
        }
    }

    /// <summary>Both take as long as a call may; Twilio's package shows them as one and the same.</summary>
    [Fact]
    public async Task A_connection_that_hangs_is_not_sent_and_an_answer_that_hangs_is_unknown()
    {
        // Nobody accepts and the queue of those who knock is full: to the next one the machine does not even answer.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!);
        await using var late = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\":");
            await connection.HangAsync();
        });

        var rows = await Task.WhenAll(SettleAsync(At(full)), SettleAsync(late.Url));

        Assert.Equal((SmsState.Queued, SmsFailure.NotSent), (rows[0].State, rows[0].FailureCode));
        Assert.Equal((SmsState.Unknown, SmsFailure.NoAnswer), (rows[1].State, rows[1].FailureCode));
        Assert.Single(late.Requests);
    }

    private async Task<(SmsMessage Row, IReadOnlyCollection<string> Requests)> SendAsync(string answer, bool closes = false)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
            await (closes ? Task.CompletedTask : connection.HangAsync());
        });
        return (await SettleAsync(server.Url), server.Requests);
    }

    /// <returns>The message as its first call left it.</returns>
    private async Task<SmsMessage> SettleAsync(string server)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.Site.SetSmsRulesAsync(rules => rules.Route = SmsRoute.Twilio);
        var account = gateway.Twilio.Account(twilio.Account);
        account.Server = server;
        try
        {
            var sms = await twilio.Site.SendSmsAsync();
            return await twilio.Site.SmsBecomesAsync(sms.Id, row => row.Tries == 1 && row.State != SmsState.Sending);
        }
        finally
        {
            // What is tried again later must not knock where another test listens by then.
            account.Server = null;
        }
    }

    private static string At(Socket socket) => $"http://{socket.LocalEndPoint}";
}
