using System.Net;

namespace Gateway.Infrastructure.Http;

/// <summary>Finds the addresses of a host.</summary>
internal interface INameResolver
{
    /// <returns>None, or an exception of the socket, when the name is unknown.</returns>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct);
}

/// <summary>The operating system's way: its hosts file, its name servers.</summary>
internal sealed class SystemNames : INameResolver, IDisposable
{
    /// <summary>The system blocks a thread of the pool for each name it looks up. Names that nobody answers for must not take them all.</summary>
    private readonly SemaphoreSlim _few = new(16, 16);

    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        await _few.WaitAsync(ct);
        return await LookUpAsync(host).WaitAsync(ct);
    }

    /// <summary>Nobody can call off the system's search, so its place stays taken until it ends.</summary>
    private async Task<IPAddress[]> LookUpAsync(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, CancellationToken.None);
        }
        finally
        {
            _few.Release();
        }
    }

    public void Dispose() => _few.Dispose();
}
