using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Http;

/// <summary>Bodies are held before anybody knows who sent them, so what they may take is bounded.</summary>
public sealed class BodyRoomTests : IDisposable
{
    private const int Announced = 3 * 1024 * 1024;
    private const int Sent = 1024 * 1024;

    private readonly TestDatabase database = new();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task A_length_that_was_only_announced_takes_no_memory()
    {
        await using var services = new ServiceCollection().AddSingleton<BodyRoom>().BuildServiceProvider();
        var body = new Dripping(new byte[1000]);
        var http = new DefaultHttpContext { RequestServices = services };
        (http.Request.Body, http.Request.ContentLength) = (body, Announced);

        await Assert.ThrowsAsync<BadHttpRequestException>(() => RawBody.ReadAsync(http, 4 * 1024 * 1024));

        Assert.InRange(body.MostAskedFor, 1, 64 * 1024);
    }

    [Fact]
    public async Task An_address_may_not_hold_much_before_its_signature_is_checked_and_small_bodies_go_on()
    {
        await using var gateway = await Replica.StartAsync(database);
        var site = await gateway.AddSiteAsync();
        var end = new TaskCompletionSource();

        var large = Enumerable.Range(0, 40).Select(_ => SendAsync(gateway, site, end.Task)).ToList();
        var refused = await (await Task.WhenAny(large));

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited"), (refused.Status, refused.Code));
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        await site.SignUpAsync("ada@example.org");

        // Those that were let in are answered as ever, and what they held is free again.
        end.SetResult();
        Assert.Contains(await Task.WhenAll(large), answer => answer.Status == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(gateway, site, Task.CompletedTask)).Status);
    }

    private static async Task<Answer> SendAsync(Replica gateway, ReplicaSite site, Task end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sites/{site.Keys.Site}/submissions/batch");
        request.Headers.Add(WebhookSignature.IdHeader, "some");
        request.Headers.Add(
            WebhookSignature.TimestampHeader,
            gateway.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
        );
        request.Headers.Add(WebhookSignature.SignatureHeader, "v1," + Convert.ToBase64String(new byte[32]));
        request.Content = new SlowBody(end);
        using var response = await gateway.Browser.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>A part of a body; the end comes when the test says so.</summary>
    private sealed class SlowBody(Task end) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', Sent)));
            await stream.FlushAsync();
            await end;
            await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', Announced - Sent)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Announced;
            return true;
        }
    }

    /// <summary>Gives a byte at a time, and remembers how much room there was for it.</summary>
    private sealed class Dripping(byte[] bytes) : MemoryStream(bytes)
    {
        public int MostAskedFor { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MostAskedFor = Math.Max(MostAskedFor, buffer.Length);
            return base.ReadAsync(buffer[..1], cancellationToken);
        }
    }
}
