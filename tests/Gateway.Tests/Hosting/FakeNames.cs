using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.Http;

namespace Gateway.Tests.Hosting;

/// <summary>Stands where the name servers would be: each test takes names of its own, and all others are unknown.</summary>
internal sealed class FakeNames : INameResolver
{
    private readonly ConcurrentDictionary<string, Func<IPAddress>> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <returns>A new name, which leads to whatever the test says at that moment.</returns>
    public string New(Func<IPAddress> address)
    {
        var host = $"{Guid.CreateVersion7():N}.test";
        _hosts[host] = address;
        return host;
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) =>
        _hosts.TryGetValue(host, out var address)
            ? Task.FromResult<IPAddress[]>([address()])
            : throw new SocketException((int)SocketError.HostNotFound);
}
