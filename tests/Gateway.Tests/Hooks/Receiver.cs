using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hooks;

/// <summary>One request that a receiver got.</summary>
internal sealed record Told(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, long At)
{
    public string Id => Headers["webhook-id"];

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Type => (string)Json["type"]!;

    public static async Task<Told> OfAsync(HttpRequestMessage request) =>
        new(
            request.RequestUri!.AbsolutePath,
            request.Headers.ToDictionary(
                header => header.Key,
                header => string.Join(',', header.Value),
                StringComparer.OrdinalIgnoreCase
            ),
            await request.Content!.ReadAsByteArrayAsync(),
            TimeProvider.System.GetTimestamp()
        );

    /// <summary>Whether it carries the one right signature, worked out here from the specification.</summary>
    public bool IsSignedWith(string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}."), .. Body];
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
        return Headers["webhook-signature"] == "v1," + Convert.ToBase64String(mac);
    }
}

/// <summary>A web server of a test's own, under a name of its own, that keeps what it is told and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly GatewayUnderTest _gateway;

    private Receiver(WebApplication server, GatewayUnderTest gateway) => (_server, _gateway) = (server, gateway);

    /// <summary>How to answer; 200 unless the test says otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<Told> Told { get; } = new();

    public int Port { get; private set; }

    /// <summary>An address at this receiver under a new name, so that each is a host of its own.</summary>
    public string NewUrl(string path = "/hook", Func<IPAddress>? leadsTo = null) =>
        $"http://{_gateway.Names.New(leadsTo ?? (() => IPAddress.Loopback))}:{Port}{path}";

    public static async Task<Receiver> StartAsync(GatewayUnderTest gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var receiver = new Receiver(server, gateway);
        server.Run(receiver.TakeAsync);
        await server.StartAsync();
        receiver.Port = new Uri(server.Urls.Single()).Port;
        return receiver;
    }

    public void AnswerWith(int status, string? retryAfter = null) =>
        Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        };

    /// <summary>Waits until it was told so much.</summary>
    public Task<Told[]> ToldAsync(int count, string path = "/hook") =>
        Eventually.BecomesAsync(() => Task.FromResult(Told.Where(told => told.Path == path).ToArray()), told => told.Length >= count);

    /// <summary>Cuts what still hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        Told.Enqueue(new(http.Request.Path, headers, body.ToArray(), TimeProvider.System.GetTimestamp()));
        await Answer(http);
    }
}
