using System.Net;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Receipts;

public sealed class ProviderLimitTests : IDisposable
{
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task Receipts_have_a_wider_bucket_than_visitors_but_not_an_endless_one()
    {
        await using var gateway = await Replica.StartAsync(
            _database,
            null,
            ("Gateway__Limits__AddressPerMinute", "3"),
            ("Gateway__Limits__ProviderPerMinute", "20")
        );
        using var http = gateway.CallerAt(IPAddress.Loopback);

        var seen = new List<HttpStatusCode>();
        for (var time = 0; time < 30; time++)
        {
            using var response = await http.PostAsync(
                $"/providers/twilio/site_{Guid.CreateVersion7():N}/status",
                new FormUrlEncodedContent([])
            );
            seen.Add(response.StatusCode);
        }

        Assert.All(seen.Take(20), status => Assert.Equal(HttpStatusCode.Forbidden, status));
        Assert.Contains(HttpStatusCode.TooManyRequests, seen);

        using var visitor = await http.GetAsync("/c");
        Assert.Equal(HttpStatusCode.OK, visitor.StatusCode);
    }

    public void Dispose() => _database.Dispose();
}
