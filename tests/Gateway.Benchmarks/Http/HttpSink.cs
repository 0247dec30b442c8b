using System.Diagnostics;
using System.Text.Json;
using Gateway.Benchmarks.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Benchmarks.Http;

/// <summary>
/// Receivers of hooks, each at a port of its own, and Mailjet's lists at the first of them, in a process of its own. It takes everything at
/// once and remembers how much it was and when the last came.
/// </summary>
internal static class HttpSink
{
    public const string Command = "http-sink";

    private static long _hooks;
    private static long _contacts;
    private static long _last;
    private static long _job;

    /// <param name="ports">How many.</param>
    public static async Task<int> ServeAsync(int ports)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var port = 0; port < ports; port++)
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            }
        });
        await using var app = builder.Build();
        app.MapPost("/hook", TakeHookAsync);
        app.MapGet("/v3/REST/contactmetadata", () => Data([]));
        app.MapPost("/v3/REST/contact/managemanycontacts", (Delegate)TakeContactsAsync);
        app.MapGet("/v3/REST/contact/managemanycontacts/{job}", () => Data([new { Status = "Completed", Error = "" }]));
        await app.StartAsync();
        await Child.AnswerAsync(
            string.Join(' ', app.Urls),
            _ =>
                Task.FromResult(
                    JsonSerializer.Serialize(new Taken(Volatile.Read(ref _hooks), Volatile.Read(ref _contacts), Volatile.Read(ref _last)))
                )
        );
        return 0;
    }

    private static async Task TakeHookAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        Interlocked.Increment(ref _hooks);
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
    }

    private static async Task<IResult> TakeContactsAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        Interlocked.Add(ref _contacts, body.RootElement.GetProperty("Contacts").GetArrayLength());
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
        return Data([new { JobID = Interlocked.Increment(ref _job) }], StatusCodes.Status201Created);
    }

    private static IResult Data(object[] rows, int status = StatusCodes.Status200OK) =>
        Results.Json(
            new
            {
                Count = rows.Length,
                Data = rows,
                Total = rows.Length,
            },
            new JsonSerializerOptions(),
            statusCode: status
        );

    /// <param name="Hooks">Deliveries.</param>
    /// <param name="Contacts">Told to the list provider.</param>
    /// <param name="Last">When the last of them came, on the clock that all processes of a machine share.</param>
    internal sealed record Taken(long Hooks, long Contacts, long Last);
}
