using System.Text.Json.Nodes;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Twilio;

namespace Gateway.Tests.Sms.Twilio;

/// <summary>Looking for a message whose send call ended without an answer: nothing but this very message may be taken for it.</summary>
public sealed class FindAtTwilioTests
{
    private const string One = "SM00000000000000000000000000000001";
    private const string Other = "SM00000000000000000000000000000002";

    [Fact]
    public async Task The_one_message_that_fits_is_it()
    {
        var seen = Assert.IsType<LookupResult.Found>(await FindAsync(Listed(One, status: "delivered"), Listed(Other, "Another text")));

        Assert.Equal((One, SmsState.Delivered, $"{One}:delivered"), (seen.Report.ProviderId, seen.Report.State, seen.Report.Key));
    }

    [Fact]
    public async Task What_waits_in_the_queue_and_has_no_date_is_found_too()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Page(Listed(One))));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);

        Assert.IsType<LookupResult.Found>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));

        Assert.StartsWith(
            $"GET /2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages.json?To=%2B33612345678&From=%2B15005550006&PageSize=1000 "
                + "HTTP/1.1\r\n",
            Assert.Single(server.Requests),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Nothing_that_fits_is_not_seen() => Assert.IsType<LookupResult.NotFound>(await FindAsync());

    [Theory]
    [InlineData("body", "Another text")]
    [InlineData("direction", "inbound")]
    [InlineData("date_created", "Fri, 01 Jan 2021 00:00:00 +0000")]
    [InlineData("date_created", "Thu, 01 Jan 2099 00:00:00 +0000")]
    [InlineData("date_created", null)]
    public async Task A_message_that_differs_is_not_it(string member, string? value) =>
        Assert.IsType<LookupResult.NotFound>(await FindAsync(Listed(One, change: message => message[member] = value)));

    [Fact]
    public async Task Two_that_fit_cannot_be_told_apart() =>
        Assert.IsType<LookupResult.CannotTell>(await FindAsync(Listed(One), Listed(Other)));

    [Fact]
    public async Task One_that_belongs_to_another_message_is_passed_over()
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Page(Listed(One), Listed(Other))));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);

        var sighting = await adapter.Provider.FindAsync(
            adapter.Call with
            {
                Taken = new HashSet<string> { One },
            },
            CancellationToken.None
        );

        Assert.Equal(Other, Assert.IsType<LookupResult.Found>(sighting).Report.ProviderId);
    }

    [Theory]
    [InlineData("MG00000000000000000000000000000001", true)]
    [InlineData("MG00000000000000000000000000000002", false)]
    public async Task A_service_chooses_the_number_so_the_service_must_fit(string service, bool fits)
    {
        await using var server = RawServer.Answering(
            RawServer.Answer(200, Page(Listed(One, change: message => message["messaging_service_sid"] = service)))
        );
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url)
        {
            Account = new TwilioOptions
            {
                AccountSid = SmsAdapter.AccountSid,
                AuthToken = "token",
                MessagingServiceSid = "MG00000000000000000000000000000001",
            },
        };

        var sighting = await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None);

        Assert.Equal(fits, sighting is LookupResult.Found);
        Assert.DoesNotContain("From=", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(401, "{\"code\":20003}")]
    [InlineData(500, "")]
    public async Task A_list_that_cannot_be_read_tells_nothing(int status, string body)
    {
        await using var server = RawServer.Answering(RawServer.Answer(status, body));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        Assert.IsType<LookupResult.CannotTell>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
    }

    /// <summary>Twilio's package reads a list so that a text which looks like a date becomes one, and is written in another way.</summary>
    [Theory]
    [InlineData("2026-11-28T10:00:00Z")]
    [InlineData("2026-11-28T10:00:00.000+01:00")]
    public async Task A_text_that_looks_like_a_date_is_found_as_it_was_sent(string text)
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Page(Listed(One, text))));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        adapter.Sms.Text = text;

        Assert.IsType<LookupResult.Found>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_hides_no_other()
    {
        var unreadable = Listed(Other, change: message => message["date_created"] = "yesterday");
        Assert.IsType<LookupResult.Found>(await FindAsync(unreadable, JsonValue.Create(7), Listed(One)));
    }

    [Fact]
    public async Task Further_pages_are_not_read()
    {
        var page = JsonNode.Parse(Page(Listed(Other, "Another text")))!;
        page["uri"] = $"/2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages.json?Page=0";
        page["next_page_uri"] = $"/2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages.json?Page=1";
        await using var server = RawServer.Answering(RawServer.Answer(200, page.ToJsonString()));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);

        Assert.IsType<LookupResult.NotFound>(await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Who_gives_up_looking_is_told_by_the_cancellation_he_asked_for()
    {
        using var leaving = new CancellationTokenSource();
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await leaving.CancelAsync();
            await connection.HangAsync();
        });
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adapter.Provider.FindAsync(adapter.Call, leaving.Token));
    }

    private static async Task<LookupResult> FindAsync(params JsonNode[] messages)
    {
        await using var server = RawServer.Answering(RawServer.Answer(200, Page(messages)));
        await using var adapter = new SmsAdapter(SmsRoute.Twilio, server.Url);
        return await adapter.Provider.FindAsync(adapter.Call, CancellationToken.None);
    }

    private static JsonNode Listed(string sid, string? body = null, string status = "queued", Action<JsonObject>? change = null) =>
        JsonNode.Parse(
            TwilioSmsTests.Message(
                status,
                change: message =>
                {
                    message["sid"] = sid;
                    message["body"] = body ?? (string?)message["body"];
                    change?.Invoke(message);
                }
            )
        )!;

    private static string Page(params JsonNode[] messages) =>
        new JsonObject
        {
            ["messages"] = new JsonArray([.. messages]),
            ["next_page_uri"] = null,
            ["page"] = 0,
            ["page_size"] = 1000,
        }.ToJsonString();
}
