using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sites;

public sealed class RateLimitTests : IDisposable
{
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task Callers_without_a_signature_share_the_bucket_of_their_address_and_only_a_trusted_proxy_may_name_it()
    {
        await using var trusting = await Replica.StartAsync(
            _database,
            null,
            ("Gateway__Limits__AddressPerMinute", "5"),
            ("Gateway__TrustedProxies", "127.0.0.1")
        );
        using var http = trusting.CallerAt(IPAddress.Loopback);

        // Behind the trusted proxy each visitor has a bucket, and an IPv6 user one for the whole /64.
        Assert.Contains(429, await AskAsync(http, 10, "203.0.113.1"));
        Assert.DoesNotContain(429, await AskAsync(http, 5, "203.0.113.2"));
        Assert.Contains(429, await AskAsync(http, 10, "2001:db8:1:2::1"));
        Assert.Contains(429, await AskAsync(http, 5, "2001:db8:1:2:ffff::9"));
        Assert.DoesNotContain(429, await AskAsync(http, 5, "2001:db8:1:3::1"));

        await AskAsync(http, 10, "203.0.113.3");
        using var last = await SendAsync(http, "203.0.113.3");
        Assert.Equal("text/html", last.Content.Headers.ContentType?.MediaType);
        Assert.True(last.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));

        // From anybody else the header is only a claim.
        await using var doubting = await Replica.StartAsync(_database, null, ("Gateway__Limits__AddressPerMinute", "5"));
        using var direct = doubting.CallerAt(IPAddress.Loopback);
        await AskAsync(direct, 10, "203.0.113.1");
        Assert.Contains(429, await AskAsync(direct, 5, "203.0.113.9"));
    }

    public void Dispose() => _database.Dispose();

    private static async Task<List<int>> AskAsync(HttpClient http, int times, string forwardedFor)
    {
        var seen = new List<int>();
        for (var time = 0; time < times; time++)
        {
            using var response = await SendAsync(http, forwardedFor);
            seen.Add((int)response.StatusCode);
        }

        return seen;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/c/" + new string('a', 32));
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        return await http.SendAsync(request);
    }
}
