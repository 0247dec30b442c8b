using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Lists;

/// <summary>What a provider was told about a person.</summary>
internal sealed record PushedChange(string Email, string Action, JsonObject Body);

/// <summary>One test's list at a provider that all tests share.</summary>
internal sealed class FakeList(int number)
{
    public int Number => number;

    public string Id => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whose list it is, by the account's credentials.</summary>
    public string Account { get; set; } = "";

    /// <summary>Every call about this list, answered or not.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What the provider understood and kept, in order.</summary>
    public ConcurrentQueue<PushedChange> Told { get; } = new();

    /// <summary>Who is on the list there, and whether they get nothing from it.</summary>
    public ConcurrentDictionary<string, bool> People { get; } = new();

    /// <summary>When those who get nothing left, as the provider tells it; null where it does not.</summary>
    public DateTimeOffset? LeftAt { get; set; }

    /// <summary>Since when the provider has everybody, as it tells it; null where it does not.</summary>
    public DateTimeOffset? KnownSince { get; set; }

    /// <summary>How many people the provider says are on the list; null for the truth.</summary>
    public int? Total { get; set; }

    /// <summary>Whether every page is the first.</summary>
    public bool IgnoresOffset { get; set; }

    /// <summary>People as a page of the list shows them, with their place in it.</summary>
    public IEnumerable<(string Email, bool IsOff, int At)> Page(string? offset, string? limit) =>
        People
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select((one, at) => (one.Key, one.Value, at))
            .Skip(IgnoresOffset ? 0 : Parsed(offset))
            .Take(Parsed(limit));

    private static int Parsed(string? text) => int.Parse(text ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Stands before the provider: null lets the call through.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage?>>? Before { get; set; }

    /// <summary>How many looks at a job show it still under way.</summary>
    public int LooksUntilDone { get; set; } = 1;

    public void AnswerEverythingWith(HttpStatusCode status, string body = "{}", TimeSpan? retryAfter = null) =>
        Before = (_, _) => Task.FromResult<HttpResponseMessage?>(Json(status, body, retryAfter));

    public IEnumerable<PushedChange> About(string email) => Told.Where(one => one.Email == email);

    public static HttpResponseMessage Json(HttpStatusCode status, string body, TimeSpan? retryAfter = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        response.Headers.RetryAfter = retryAfter is { } wait ? new(wait) : null;
        return response;
    }

    /// <summary>Answers a call about this list, unless the test has put something in its way.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, Func<HttpResponseMessage> answer, CancellationToken ct)
    {
        Calls.Enqueue($"{request.Method} {request.RequestUri!.AbsolutePath}");
        return Before is { } before && await before(request, ct) is { } instead ? instead : answer();
    }
}
