using System.Net;
using Gateway.Tests.Hosting;
using Gateway.Tests.Http;

namespace Gateway.Tests.Sites;

/// <summary>
/// Many people share an address: behind a firm's, a provider's, a proxy's. What one of them tries in vain is limited, and costs the others
/// nothing.
/// </summary>
public sealed class InnocentCallerTests : IDisposable
{
    private const int Failures = 10;
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task Wrong_secrets_shut_out_neither_right_ones_nor_the_pages_of_the_same_address()
    {
        await using var commands = new Installation(_database.Settings);
        var keys = await commands.RunAsync("site", "add", "Ann's Shop");
        await using var gateway = await Replica.StartAsync(
            _database,
            null,
            ("Gateway__Limits__AddressPerMinute", "30"),
            ("Gateway__Limits__FailuresPerMinute", $"{Failures}"),
            ("Gateway__Limits__UnsubscribesPerMinute", "40")
        );
        using var http = gateway.CallerAt(IPAddress.Loopback);
        var (id, secret) = (keys.GetProperty("clientId").GetString()!, keys.GetProperty("clientSecret").GetString()!);

        var guessed = await TimesAsync(2 * Failures, () => ExchangeAsync(http, id, "guessed"));
        var invented = await TimesAsync(40, () => SendAsync(http, HttpMethod.Get, "/v1/me", "not-a-token"));

        Assert.All(guessed.Take(Failures), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, guessed[^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, invented[^1]);

        // The right secret is let in, by whatever address the wrong ones came; so is its token; and people's pages know nothing of it.
        using var granted = await ExchangeAsync(http, id, secret);
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        var token = (string)(await Answer.ReadAsync(granted)).Json["access_token"]!;
        using var me = await SendAsync(http, HttpMethod.Get, "/v1/me", token);
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        using var page = await http.GetAsync("/c");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        // A mailbox provider unsubscribes for many, but nobody for ever.
        var left = await TimesAsync(
            60,
            () => http.PostAsync("/u/" + new string('a', 32), new StringContent("List-Unsubscribe=One-Click"))
        );
        Assert.All(left.Take(35), status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, left[^1]);

        // Pages have a limit of their own, which is a page too, and which tokens do not feel.
        await TimesAsync(40, () => http.GetAsync("/c"));
        using var late = await http.GetAsync("/c");
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.Equal("text/html", late.Content.Headers.ContentType?.MediaType);
        Assert.True(late.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("Too many requests", await late.Content.ReadAsStringAsync());
        using var still = await SendAsync(http, HttpMethod.Get, "/v1/me", token);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        await TimesAsync(2 * Failures, () => ExchangeAsync(http, id, "guessed"));
        using var limited = await ExchangeAsync(http, id, "guessed");
        await ProgramAnswerTests.IsProblemAsync(limited, HttpStatusCode.TooManyRequests, "rate_limited");
    }

    public void Dispose() => _database.Dispose();

    private static async Task<List<HttpStatusCode>> TimesAsync(int count, Func<Task<HttpResponseMessage>> ask)
    {
        var seen = new List<HttpStatusCode>();
        for (var time = 0; time < count; time++)
        {
            using var answer = await ask();
            seen.Add(answer.StatusCode);
        }

        return seen;
    }

    private static Task<HttpResponseMessage> ExchangeAsync(HttpClient http, string id, string secret) =>
        http.PostAsync(
            "/oauth/token",
            new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = id,
                    ["client_secret"] = secret,
                }
            )
        );

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", token);
        return await http.SendAsync(request);
    }
}
