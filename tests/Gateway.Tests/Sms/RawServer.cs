using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Sms;

/// <summary>A provider at its worst: each connection is handled as a test says, byte by byte.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<RawConnection, Task> _script;
    private readonly Task _accepting;

    public RawServer(Func<RawConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Every request that came in whole: each may have sent a message.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers each request on each connection with the same bytes.</summary>
    public static RawServer Answering(string answer) =>
        new(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.WriteAsync(answer);
            }
        });

    /// <summary>An answer with the right length.</summary>
    public static string Answer(int status, string body, string headers = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} As the number says\r\nContent-Type: application/json\r\n{headers}Content-Length: "
                + $"{Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
        );

    public async ValueTask DisposeAsync()
    {
        // In this order: whoever still accepts must neither meet a stopped listener nor add a connection that nobody waits for.
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(HandleAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is done.
        }
    }

    private async Task HandleAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await _script(new RawConnection(client, Requests, _end.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or SocketException)
        {
            // The caller left, or the test is done.
        }
    }
}

internal sealed class RawConnection(TcpClient client, ConcurrentQueue<string> requests, CancellationToken end)
{
    private readonly NetworkStream _stream = client.GetStream();

    /// <returns>Head and body; null when the caller closed the connection.</returns>
    public async Task<string?> ReadRequestAsync()
    {
        var read = new StringBuilder();
        var buffer = new byte[8 * 1024];
        while (!IsWhole(read.ToString()))
        {
            var count = await _stream.ReadAsync(buffer, end);
            if (count == 0)
            {
                return null;
            }

            read.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        requests.Enqueue(read.ToString());
        return read.ToString();
    }

    public ValueTask WriteAsync(string bytes) => _stream.WriteAsync(Encoding.UTF8.GetBytes(bytes), end);

    /// <summary>Says nothing more until the test is done.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, end);

    /// <summary>Ends the connection by a reset instead of an orderly close.</summary>
    public void Reset() => client.Client.LingerState = new LingerOption(true, 0);

    private static bool IsWhole(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        var length = request[..head]
            .Split("\r\n")
            .FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            ?[15..];
        return request.Length >= head + 4 + int.Parse(length ?? "0", CultureInfo.InvariantCulture);
    }
}
