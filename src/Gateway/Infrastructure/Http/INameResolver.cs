using System.Collections.Concurrent;
using System.Net;

namespace Gateway.Infrastructure.Http;

/// <summary>Finds the addresses of a host.</summary>
internal interface INameResolver
{
    /// <returns>None, or an exception of the socket, when the name is unknown.</returns>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct);
}

/// <summary>The operating system's way: its hosts file, its name servers.</summary>
/// <param name="lookUp">In its place, for who wants to see what slow name servers do.</param>
internal sealed class SystemNames(Func<string, Task<IPAddress[]>>? lookUp = null) : INameResolver, IDisposable
{
    private readonly Func<string, Task<IPAddress[]>> _lookUp =
        lookUp ?? (host => Dns.GetHostAddressesAsync(host, CancellationToken.None));

    /// <summary>
    /// The system blocks a thread of the pool for each name it looks up. Names that nobody answers for must not take them all.
    /// </summary>
    private readonly SemaphoreSlim _few = new(16, 16);

    /// <summary>
    /// Whoever asks for a name that is being looked up waits for that, so that one dead name takes one place, however many want it.
    /// </summary>
    private readonly ConcurrentDictionary<string, Lazy<Task<IPAddress[]>>> _underWay = new(StringComparer.OrdinalIgnoreCase);

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) =>
        _underWay.GetOrAdd(host, name => new(() => LookUpAsync(name))).Value.WaitAsync(ct);

    /// <summary>Nobody can call off the system's search, so its place stays taken until it ends.</summary>
    private async Task<IPAddress[]> LookUpAsync(string host)
    {
        await _few.WaitAsync();
        try
        {
            return await _lookUp(host);
        }
        finally
        {
            _few.Release();
            _underWay.TryRemove(host, out _);
        }
    }

    public void Dispose() => _few.Dispose();
}
