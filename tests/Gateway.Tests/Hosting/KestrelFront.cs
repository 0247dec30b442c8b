using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Hosting;

/// <summary>
/// The shared gateway behind the real server, on a port of this machine: for what only a server that reads bytes shows, such as a header
/// that no client would send, or a connection that it closes.
/// </summary>
internal sealed class KestrelFront : IAsyncDisposable
{
    private readonly WebApplication _server;

    private KestrelFront(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<KestrelFront> StartAsync(GatewayUnderTest gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(gateway.ServeAsync);
        await server.StartAsync();
        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
