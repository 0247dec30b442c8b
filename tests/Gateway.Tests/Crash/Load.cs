using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;

namespace Gateway.Tests.Crash;

/// <summary>Several senders that submit until they are told to stop, and what was acknowledged to them.</summary>
internal sealed class Load(string siteId, string listId, string secret) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };
    private readonly byte[] _key = WebhookSignature.KeyOf(secret);
    private int _number;

    /// <summary>The ids of the 202 answers, by the key that was sent.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new();

    public ConcurrentDictionary<HttpStatusCode, int> Refused { get; } = new();

    /// <summary>Submits with 8 senders until the condition holds, or the gateway no longer answers, or enough were sent.</summary>
    public Task RunAsync(Uri gateway, int atMost, Func<bool> enough)
    {
        var last = Volatile.Read(ref _number) + atMost;
        return Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(gateway, last, enough)));
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(Uri gateway, int last, Func<bool> enough)
    {
        while (!enough() && Interlocked.Increment(ref _number) is var number && number <= last)
        {
            var key = $"load-{number}";
            var body = Encoding.UTF8.GetBytes(Submission(key, number));
            var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, $"/v1/sites/{siteId}/submissions"));
            request.Headers.Add(WebhookSignature.IdHeader, key);
            request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(_key, key, timestamp, body));
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            try
            {
                using var response = await _http.SendAsync(request);
                if (response.StatusCode == HttpStatusCode.Accepted)
                {
                    Acknowledged[key] = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"]!;
                }
                else
                {
                    Refused.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
                }
            }
            catch (HttpRequestException)
            {
                // The gateway is gone; this one was not acknowledged.
                return;
            }
        }
    }

    private string Submission(string key, int number) =>
        new JsonObject
        {
            ["key"] = key,
            ["form"] = new JsonObject { ["id"] = "4" },
            ["fields"] = new JsonObject { ["mail"] = $"person-{number}@example.org", ["text"] = new string('x', 700) },
            ["subscribe"] = new JsonArray(
                new JsonObject
                {
                    ["list"] = listId,
                    ["email"] = "mail",
                    ["consent"] = new JsonObject { ["given"] = true, ["text"] = "Yes, send me the newsletter." },
                }
            ),
        }.ToJsonString();
}
