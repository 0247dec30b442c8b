using System.Net;
using System.Net.Sockets;
using Gateway.Features.Sms;

namespace Gateway.Tests.Sms;

/// <summary>
/// What each thing that can happen to a send call proves, over real sockets, adapter by adapter. Whatever happens, one call makes one
/// request.
/// </summary>
public sealed class SendResultClassifierTests
{
    private static readonly string[] Providers = [SmsRoute.Twilio, SmsRoute.Mailjet, SmsRoute.Vonage, SmsRoute.Brevo];

    public static TheoryData<string> Adapters => [.. Providers];

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_name_that_does_not_resolve_is_not_sent(string provider)
    {
        await using var adapter = new SmsAdapter(provider, "https://gateway.invalid");
        Assert.IsType<SmsOutcome.NotSent>(await adapter.SendAsync());
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_port_where_nobody_listens_is_not_sent(string provider)
    {
        // Taken, so that no other test gets the port, but nobody listens.
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var adapter = new SmsAdapter(provider, $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}");
        Assert.IsType<SmsOutcome.NotSent>(await adapter.SendAsync());
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_connection_that_does_not_come_about_is_not_sent(string provider)
    {
        // Nobody accepts and the queue of those who knock is full: to the next one the machine does not even answer.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!);
        await using var adapter = new SmsAdapter(
            provider,
            $"http://127.0.0.1:{((IPEndPoint)full.LocalEndPoint!).Port}",
            timeLimit: "00:00:08"
        );

        Assert.IsType<SmsOutcome.NotSent>(await adapter.SendAsync());
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_failed_handshake_is_not_sent(string provider)
    {
        await using var server = new RawServer(connection => connection.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n").AsTask());
        await using var adapter = new SmsAdapter(provider, server.Url.Replace("http:", "https:", StringComparison.Ordinal));
        Assert.IsType<SmsOutcome.NotSent>(await adapter.SendAsync());
    }

    [Theory]
    [InlineData(SmsRoute.Twilio, 429, "", null)]
    [InlineData(SmsRoute.Twilio, 429, "Retry-After: 7\r\n", 7)]
    [InlineData(SmsRoute.Twilio, 503, "Retry-After: 120\r\n", 120)]
    [InlineData(SmsRoute.Twilio, 503, "Retry-After: Fri, 01 Jan 2021 00:00:00 GMT\r\n", 0)]
    [InlineData(SmsRoute.Twilio, 401, "", null)]
    [InlineData(SmsRoute.Mailjet, 429, "", null)]
    [InlineData(SmsRoute.Mailjet, 429, "Retry-After: 7\r\n", 7)]
    [InlineData(SmsRoute.Mailjet, 503, "Retry-After: 120\r\n", 120)]
    [InlineData(SmsRoute.Mailjet, 401, "", null)]
    [InlineData(SmsRoute.Mailjet, 403, "", null)]
    [InlineData(SmsRoute.Vonage, 429, "", null)]
    [InlineData(SmsRoute.Vonage, 429, "Retry-After: 7\r\n", 7)]
    [InlineData(SmsRoute.Vonage, 503, "Retry-After: 120\r\n", 120)]
    [InlineData(SmsRoute.Vonage, 401, "", null)]
    [InlineData(SmsRoute.Vonage, 403, "", null)]
    [InlineData(SmsRoute.Brevo, 429, "", null)]
    [InlineData(SmsRoute.Brevo, 429, "Retry-After: 7\r\n", 7)]
    [InlineData(SmsRoute.Brevo, 503, "Retry-After: 120\r\n", 120)]
    [InlineData(SmsRoute.Brevo, 401, "", null)]
    [InlineData(SmsRoute.Brevo, 403, "", null)]
    public async Task An_answer_that_asks_for_patience_or_other_credentials_is_not_sent(
        string provider,
        int status,
        string headers,
        int? seconds
    )
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, "{}", headers));
        await using var adapter = new SmsAdapter(provider, server.Url);

        var outcome = Assert.IsType<SmsOutcome.NotSent>(await adapter.SendAsync());

        Assert.Equal(seconds, outcome.RetryAfter?.TotalSeconds);
        Assert.Single(server.Requests);
    }

    public static TheoryData<string, string> UnclearAnswers
    {
        get
        {
            string[] answers =
            [
                "",
                "HTTP/1.1 ",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n",
                "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\"}",
                "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"sid\":\"SM0123456789abcdef0123456789abcdef\",\"status\":\"queued\"}",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"sid\":\"SM012345",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.0 201 Created\r\n\r\n{\"sid\":\"SM0123456789abcdef01",
                RawServer.Answer(200, "<html><body>Welcome to the hotel network</body></html>"),
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=no-such\r\nContent-Length: 2\r\n\r\n{}",
                RawServer.Answer(201, "{}"),
                RawServer.Answer(201, "null"),
                RawServer.Answer(201, "[]"),
                RawServer.Answer(202, "{\"message_uuid\":\"1\"}"),
                RawServer.Answer(202, "{\"MessageUuid\":\"0f3f2a1c-2b6e-4b39-9d2c-1f1f6b3f4f5a\"}"),
                RawServer.Answer(201, "{\"messageId\":\"one\",\"reference\":\"r\"}"),
                RawServer.Answer(201, "{\"reference\":\"r\",\"smsCount\":1}"),
                RawServer.Answer(422, "{\"type\":\"about:blank\"}"),
                RawServer.Answer(400, "{\"code\":\"\",\"message\":\"\"}"),
                RawServer.Answer(408, "{\"code\":\"timeout\",\"message\":\"\",\"title\":\"Timeout\"}"),
                RawServer.Answer(201, "{\"sid\":\"something else\",\"status\":\"queued\",\"MessageId\":null}"),
                RawServer.Answer(200, "{\"MessageId\":\"1\"}"),
                RawServer.Answer(200, "{\"MessageId\":\"a\\u0000b\",\"Status\":{\"Code\":1}}"),
                RawServer.Answer(200, "{\"MessageId\":\"1\",\"Status\":{\"Name\":\"sent\"}}"),
                "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"MessageId\":\"1\",\"Status\":{\"Code\":1,\"Name\":\"sent_pending\"}}",
                "HTTP/1.1 204 No Content\r\n\r\n",
                RawServer.Answer(302, "", "Location: /elsewhere\r\n"),
                RawServer.Answer(307, "", "Location: /elsewhere\r\n"),
                RawServer.Answer(400, "{}"),
                RawServer.Answer(404, "<html>Not found</html>"),
                RawServer.Answer(408, ""),
                "HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"code\":21211,\"ErrorCode\":\"sms-0001\"",
                RawServer.Answer(500, "{\"code\":20500}"),
                RawServer.Answer(502, ""),
                RawServer.Answer(503, "{\"code\":20503}"),
                RawServer.Answer(504, ""),
            ];
            var data = new TheoryData<string, string>();
            foreach (var provider in Providers)
            {
                foreach (var answer in answers)
                {
                    data.Add(provider, answer);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(UnclearAnswers))]
    public async Task An_answer_that_proves_nothing_leaves_it_unknown(string provider, string answer)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
        });
        await using var adapter = new SmsAdapter(provider, server.Url);

        Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());
        Assert.Single(server.Requests);
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_connection_closed_before_the_request_was_read_leaves_it_unknown(string provider)
    {
        await using var server = new RawServer(_ => Task.CompletedTask);
        await using var adapter = new SmsAdapter(provider, server.Url);
        Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_connection_reset_after_the_request_was_read_leaves_it_unknown(string provider)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        await using var adapter = new SmsAdapter(provider, server.Url);

        Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(SmsRoute.Twilio, "")]
    [InlineData(SmsRoute.Twilio, "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"sid\":")]
    [InlineData(SmsRoute.Mailjet, "")]
    [InlineData(SmsRoute.Mailjet, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"MessageId\":")]
    [InlineData(SmsRoute.Vonage, "")]
    [InlineData(SmsRoute.Vonage, "HTTP/1.1 202 Accepted\r\nContent-Length: 500\r\n\r\n{\"message_uuid\":")]
    [InlineData(SmsRoute.Brevo, "")]
    [InlineData(SmsRoute.Brevo, "HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{\"messageId\":")]
    public async Task An_answer_that_does_not_end_in_time_leaves_it_unknown(string provider, string beginning)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(beginning);
            await connection.HangAsync();
        });
        await using var adapter = new SmsAdapter(provider, server.Url, timeLimit: "00:00:01");

        Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(SmsRoute.Twilio, 201)]
    [InlineData(SmsRoute.Mailjet, 200)]
    [InlineData(SmsRoute.Vonage, 202)]
    [InlineData(SmsRoute.Brevo, 201)]
    public async Task An_answer_without_end_leaves_it_unknown_and_is_not_read_for_ever(string provider, int status)
    {
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";
        var chunks = 0;
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 {status} Taken\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true)
            {
                await connection.WriteAsync(chunk);
                chunks++;
            }
        });
        await using var adapter = new SmsAdapter(provider, server.Url, timeLimit: "00:01:00");

        var outcome = Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());

        Assert.Contains("could not be read", outcome.Reason, StringComparison.Ordinal);
        Assert.InRange(chunks, 1, 1000);
        Assert.Single(server.Requests);
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_kept_connection_that_is_closed_under_the_next_call_does_not_repeat_it(string provider)
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(RawServer.Answer(500, "{}"));
            await connection.ReadRequestAsync();
        });
        await using var adapter = new SmsAdapter(provider, server.Url);
        await adapter.SendAsync();

        Assert.IsType<SmsOutcome.Unknown>(await adapter.SendAsync());
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory, MemberData(nameof(Adapters))]
    public async Task A_call_that_was_begun_is_waited_for_while_the_program_shuts_down(string provider)
    {
        using var stopping = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await stopping.CancelAsync();
            await connection.WriteAsync(RawServer.Answer(429, "{}"));
        });
        await using var adapter = new SmsAdapter(provider, server.Url);

        Assert.IsType<SmsOutcome.NotSent>(await adapter.Provider.SendAsync(adapter.Call, stopping.Token));
    }
}
