using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>
/// As much of Twilio as counting takes: it remembers every message it was asked to send, and now and then it takes one and closes the
/// connection
/// before it answers. The whole of it is in tests/contracts, checked against Twilio's own description.
/// </summary>
internal sealed class TwilioUnderFire : IAsyncDisposable
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Taken> _messages = new();
    private int _calls;
    private int _closed;

    private TwilioUnderFire(WebApplication app) => _app = app;

    private sealed record Taken(string Sid, string To, string From, string Body, DateTimeOffset At);

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Of how many messages it took it closed the connection instead of answering.</summary>
    public int Closed => _closed;

    /// <summary>How often each text was taken for each number.</summary>
    public IReadOnlyDictionary<(string To, string Body), int> Times =>
        _messages.Values.GroupBy(message => (message.To, message.Body)).ToDictionary(group => group.Key, group => group.Count());

    /// <param name="closes">Of how many calls one is taken and not answered.</param>
    public static async Task<TwilioUnderFire> StartAsync(int closes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var twilio = new TwilioUnderFire(app);
        const string Messages = $"/2010-04-01/Accounts/{AccountSid}/Messages";
        app.MapPost(Messages + ".json", (RequestDelegate)(http => twilio.TakeAsync(http, closes)));
        app.MapGet(
            Messages + ".json",
            (string to) =>
                Results.Json(new { messages = twilio._messages.Values.Where(one => one.To == to).Select(one => View(one, "delivered")) })
        );
        app.MapGet(
            Messages + "/{sid}.json",
            (string sid) => twilio._messages.TryGetValue(sid, out var one) ? Results.Json(View(one, "delivered")) : Results.NotFound()
        );
        await app.StartAsync();
        return twilio;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http, int closes)
    {
        var form = await http.Request.ReadFormAsync();
        var message = new Taken(
            "SM" + Guid.CreateVersion7().ToString("N"),
            form["To"]!,
            form["From"]!,
            form["Body"]!,
            TimeProvider.System.GetUtcNow()
        );
        _messages[message.Sid] = message;
        if (Interlocked.Increment(ref _calls) % closes == 0)
        {
            Interlocked.Increment(ref _closed);
            http.Abort();
            return;
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(View(message, "queued"));
    }

    private static Dictionary<string, object?> View(Taken message, string status) =>
        new()
        {
            ["sid"] = message.Sid,
            ["status"] = status,
            ["to"] = message.To,
            ["from"] = message.From,
            ["body"] = message.Body,
            ["direction"] = "outbound-api",
            ["date_created"] = message.At.ToString("R", CultureInfo.InvariantCulture),
            ["num_segments"] = "1",
            ["error_code"] = null,
            ["price"] = status == "delivered" ? "-0.0075" : null,
            ["price_unit"] = "USD",
        };
}
