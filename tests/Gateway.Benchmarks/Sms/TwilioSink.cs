using System.Diagnostics;
using System.Text.Json;
using Gateway.Benchmarks.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Benchmarks.Sms;

/// <summary>
/// A provider in a process of its own that takes every SMS, answers as Twilio does, and remembers how many there were and when the last one
/// came.
/// </summary>
internal static class TwilioSink
{
    public const string Command = "twilio-sink";
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";

    private static long _count;
    private static long _last;

    public static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost($"/2010-04-01/Accounts/{AccountSid}/Messages.json", (RequestDelegate)TakeAsync);
        await app.StartAsync();
        await Child.AnswerAsync(
            app.Urls.Single(),
            _ => Task.FromResult(JsonSerializer.Serialize(new Taken(Volatile.Read(ref _count), Volatile.Read(ref _last))))
        );
        return 0;
    }

    private static async Task TakeAsync(HttpContext http)
    {
        await http.Request.ReadFormAsync();
        http.Response.StatusCode = StatusCodes.Status201Created;
        var sid = $"SM{Interlocked.Increment(ref _count):x32}";
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
        await http.Response.WriteAsJsonAsync(
            new
            {
                sid,
                status = "queued",
                num_segments = "1",
                direction = "outbound-api",
                error_code = (int?)null,
            }
        );
    }

    /// <param name="Last">When the last one came, on the clock that all processes of a machine share.</param>
    internal sealed record Taken(long Count, long Last);
}
