using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Crash;

/// <summary>A call of a script.</summary>
/// <param name="key">The script's word for it, kept over its repeats.</param>
/// <returns>The id in the answer; null where the call was refused.</returns>
internal delegate Task<string?> ScriptCall(string path, string key, object body);

/// <summary>
/// Several scripts that call until they are told to stop, and what was accepted. What is not acknowledged is asked for again, with its key.
/// </summary>
/// <param name="ask">Makes the calls of a number: what it is known by afterwards, and its id; null where one was refused.</param>
internal abstract class ScriptLoad<TKey>(string clientId, string clientSecret, Func<ScriptCall, int, Task<(TKey Key, string Id)?>> ask)
    : IDisposable
    where TKey : notnull
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };
    private readonly ConcurrentQueue<int> _again = new();
    private int _number;

    /// <summary>The ids of what was accepted, by what was asked for.</summary>
    public ConcurrentDictionary<TKey, string> Accepted { get; } = new();

    public ConcurrentDictionary<HttpStatusCode, int> Refused { get; } = new();

    /// <summary>Calls with 16 senders until so many were accepted in all, or the gateway no longer answers.</summary>
    public async Task RunAsync(Uri gateway, int total)
    {
        var token = await SignInAsync(gateway);

        // The senders of the last run went past its end before they stopped.
        _number = Accepted.Count + _again.Count;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(gateway, token, total)));
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> SignInAsync(Uri gateway)
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
        return (string)(await response.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!;
    }

    private async Task SendAsync(Uri gateway, string token, int total)
    {
        while (Accepted.Count < total)
        {
            if (!_again.TryDequeue(out var number) && (number = Interlocked.Increment(ref _number)) > total)
            {
                return;
            }

            try
            {
                if (await ask((path, key, body) => CallAsync(new Uri(gateway, path), token, key, body), number) is var (what, id))
                {
                    Accepted[what] = id;
                }
            }
            catch (HttpRequestException)
            {
                _again.Enqueue(number);
                return;
            }
        }
    }

    private async Task<string?> CallAsync(Uri url, string token, string key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", key);
        using var response = await _http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            Refused.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            return null;
        }

        return (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["id"] ?? "";
    }
}

/// <summary>Scripts that send SMS, known by number and text.</summary>
internal sealed class SmsLoad(string clientId, string clientSecret)
    : ScriptLoad<(string To, string Body)>(
        clientId,
        clientSecret,
        async (call, number) =>
        {
            var sms = (To: $"+33612{number % 1_000_000:000000}", Body: $"Your code is {number}");
            return await call("/v1/sms", $"load-{number}", new { to = sms.To, text = sms.Body }) is { } id ? (sms, id) : null;
        }
    );

/// <summary>Scripts that send mails, known by the address.</summary>
internal sealed class MailLoad(string clientId, string clientSecret)
    : ScriptLoad<string>(
        clientId,
        clientSecret,
        async (call, number) =>
        {
            var to = $"p{number}@people.example";
            var mail = new
            {
                to,
                template = "plain",
                variables = new { subject = "Your order", body = "It is on its way." },
            };
            return await call("/v1/messages", $"load-{number}", mail) is { } id ? (to, id) : null;
        }
    );

/// <summary>
/// Scripts that keep people on a list: every second one stays, every fourth moves to another city, one leaves, one is erased. Known by what
/// the provider has of them in the end: the address, and the city of those who are on the list.
/// </summary>
internal sealed class ContactLoad(string clientId, string clientSecret, string list)
    : ScriptLoad<(string Email, string? City)>(clientId, clientSecret, Ask(list))
{
    private static Func<ScriptCall, int, Task<((string Email, string? City) Key, string Id)?>> Ask(string list)
    {
        // Who was subscribed and left must not be subscribed again when only the leaving was not acknowledged.
        var ids = new ConcurrentDictionary<int, string>();
        return async (call, number) =>
        {
            var email = $"p{number}@people.example";
            if (!ids.TryGetValue(number, out var id) && (id = await SubscribeAsync("Turin")) is not null)
            {
                ids[number] = id;
            }

            var isDone = (id, number % 4) switch
            {
                (null, _) => false,
                (_, 1) => await SubscribeAsync("Rome") is not null,
                (_, 2) => await call($"/v1/contacts/{id}/unsubscribe", $"leave-{number}", new { list }) is not null,
                (_, 3) => await call("/v1/contacts/erase", $"erase-{number}", new { email }) is not null,
                _ => true,
            };
            string? city = (number % 4) switch
            {
                0 => "Turin",
                1 => "Rome",
                _ => null,
            };
            return isDone ? ((email, city), id!) : null;

            Task<string?> SubscribeAsync(string city) =>
                call(
                    "/v1/contacts",
                    $"{city}-{number}",
                    new
                    {
                        email,
                        list,
                        optIn = "proven",
                        properties = new { city },
                        consent = new
                        {
                            text = "Yes, send me news.",
                            source = "Spring fair",
                            at = "2026-03-01T10:00:00Z",
                        },
                    }
                );
        };
    }
}
