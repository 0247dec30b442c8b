using System.Net.Sockets;

namespace Gateway.Infrastructure.Http;

internal static class SingleCalls
{
    /// <summary>
    /// Calls that go out once and as they are: no handler repeats or redirects one, for a repeated POST is a second message. What a read
    /// missed, the worker asks for again.
    /// </summary>
    public static IHttpClientBuilder SendsEachOnce(this IHttpClientBuilder client, Func<IServiceProvider, TimeSpan> timeLimit) =>
        client
            .RemoveAllLoggers()
            .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(services => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectCallback = (connection, ct) => ConnectAsync(connection, timeLimit(services) / 2, ct),

                // Adapters live as long as the program, and providers move.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    /// <summary>
    /// A connection that does not come about in time fails as one: it proves that nothing was sent, which a limit on the whole call would
    /// not.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, TimeSpan within, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(connection.DnsEndPoint, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception error)
        {
            socket.Dispose();
            throw error is OperationCanceledException && !ct.IsCancellationRequested
                ? new TimeoutException("No connection within the limit.", error)
                : error;
        }
    }
}
