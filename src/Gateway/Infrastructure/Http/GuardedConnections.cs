using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Connections to addresses that somebody typed. Each one resolves the name, checks what came out, and goes to just those addresses: a name
/// that leads
/// elsewhere a moment later (DNS rebinding) gains nothing. There is no proxy, no cookie and no redirect, which would be ways around the
/// check.
/// </summary>
internal sealed class GuardedConnections(INameResolver names)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    /// <summary>Open connections are used again for so long; then the name is resolved anew.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What is read of an answer that nobody is interested in, so that the connection can be used again. Beyond it the connection is
    /// closed.
    /// </summary>
    private const int MaxRows = 4 * 1024;
    private const int HeaderKilobytes = 16;

    /// <summary>Whether a request to this target may go to this address.</summary>
    public static bool Allows(Uri target, IPAddress address, bool allowPrivate) =>
        AddressScopes.Of(address) switch
        {
            AddressScope.Public => target.Scheme == Uri.UriSchemeHttps,
            AddressScope.Private => allowPrivate,
            _ => false,
        };

    /// <param name="allowPrivate">Whether this machine and private networks may be reached too, and they alone without TLS.</param>
    public SocketsHttpHandler NewHandler(bool allowPrivate) =>
        new()
        {
            ConnectCallback = (context, ct) => ConnectAsync(context, allowPrivate, ct),
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = Lifetime,
            MaxResponseDrainSize = MaxRows,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxResponseHeadersLength = HeaderKilobytes,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };

    /// <summary>Connects for another protocol than HTTP.</summary>
    /// <exception cref="ForbiddenTargetException">The host has no address that may be reached.</exception>
    public Task<Socket> DialAsync(string host, int port, bool allowPrivate, CancellationToken ct) =>
        DialAsync(host, port, address => AddressScopes.Of(address) is AddressScope.Public || (allowPrivate && IsPrivate(address)), ct);

    private static bool IsPrivate(IPAddress address) => AddressScopes.Of(address) is AddressScope.Private;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool allowPrivate, CancellationToken ct)
    {
        var target = context.InitialRequestMessage.RequestUri!;
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        return new NetworkStream(await DialAsync(host, port, address => Allows(target, address, allowPrivate), ct), ownsSocket: true);
    }

    private async Task<Socket> DialAsync(string host, int port, Func<IPAddress, bool> isAllowed, CancellationToken ct)
    {
        var found = await FindAsync(host, ct);
        IPAddress[] allowed = [.. found.Where(isAllowed)];
        if (allowed.Length == 0)
        {
            throw new ForbiddenTargetException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken ct)
    {
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await names.ResolveAsync(host, ct);
        return found.Length > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>The target leads where it must not.</summary>
internal sealed class ForbiddenTargetException() : IOException("The name leads to no address that may be called.");
