using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Crash;

/// <summary>
/// Several scripts that call until they are told to stop, and what was accepted. A call that is not acknowledged is made again, with its
/// key.
/// </summary>
/// <param name="path">Where they send to.</param>
/// <param name="make">What the call of a number asks for: what it is known by afterwards, and its body.</param>
internal class ScriptLoad<TKey>(string clientId, string clientSecret, string path, Func<int, (TKey Key, object Body)> make) : IDisposable
    where TKey : notnull
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };
    private readonly ConcurrentQueue<int> _again = new();
    private int _number;

    /// <summary>The ids of the 202 answers, by what was asked for.</summary>
    public ConcurrentDictionary<TKey, string> Accepted { get; } = new();

    public ConcurrentDictionary<HttpStatusCode, int> Refused { get; } = new();

    /// <summary>Calls with 16 senders until so many were accepted in all, or the gateway no longer answers.</summary>
    public async Task RunAsync(Uri gateway, int total)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = clientId,
                ["client_secret"] = clientSecret,
            }
        );
        using var response = await _http.PostAsync(new Uri(gateway, "/oauth/token"), form);

        // The senders of the last run went past its end before they stopped.
        _number = Accepted.Count + _again.Count;
        var token = (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(gateway, token, total)));
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(Uri gateway, string token, int total)
    {
        while (Accepted.Count < total)
        {
            if (!_again.TryDequeue(out var number) && (number = Interlocked.Increment(ref _number)) > total)
            {
                return;
            }

            var (key, body) = make(number);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, path)) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("Idempotency-Key", $"load-{number}");
            try
            {
                using var response = await _http.SendAsync(request);
                if (response.StatusCode == HttpStatusCode.Accepted)
                {
                    Accepted[key] = (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
                }
                else
                {
                    Refused.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
                }
            }
            catch (HttpRequestException)
            {
                _again.Enqueue(number);
                return;
            }
        }
    }
}

/// <summary>Scripts that send SMS, known by number and text.</summary>
internal sealed class SmsLoad(string clientId, string clientSecret)
    : ScriptLoad<(string To, string Body)>(
        clientId,
        clientSecret,
        "/v1/sms",
        number =>
        {
            var sms = (To: $"+33612{number % 1_000_000:000000}", Body: $"Your code is {number}");
            return (sms, new { to = sms.To, text = sms.Body });
        }
    );

/// <summary>Scripts that send mails, known by the address.</summary>
internal sealed class MailLoad(string clientId, string clientSecret)
    : ScriptLoad<string>(
        clientId,
        clientSecret,
        "/v1/messages",
        number =>
        {
            var to = $"p{number}@people.example";
            return (
                to,
                new
                {
                    to,
                    template = "plain",
                    variables = new { subject = "Your order", body = "It is on its way." },
                }
            );
        }
    );
