using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Fuzzing;

/// <summary>HTTP/1.1 as bytes over one connection, made anew where the server ended it.</summary>
internal sealed class RawConnection(Uri server) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly List<byte> _read = [];
    private TcpClient? _client;

    /// <returns><see cref="FuzzAnswer.None"/> when the connection ended without one.</returns>
    public async Task<FuzzAnswer> SendAsync(FuzzRequest request)
    {
        var isFresh = _client is null;
        var answer = await TryAsync(request);
        if (answer.Status == 0)
        {
            await CloseAsync();

            // An idle connection may end at any time; a fresh one has no such excuse.
            return isFresh ? answer : await SendAsync(request);
        }

        return answer;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<FuzzAnswer> TryAsync(FuzzRequest request)
    {
        using var end = new CancellationTokenSource(Patience);
        try
        {
            if (_client is null)
            {
                _client = new() { NoDelay = true };
                await _client.ConnectAsync(IPAddress.Loopback, server.Port, end.Token);
            }

            var stream = _client.GetStream();
            await stream.WriteAsync(request.ToBytes(), end.Token);
            return await ReadAsync(stream, request.Method == "HEAD", end.Token);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return FuzzAnswer.None;
        }
    }

    private async Task<FuzzAnswer> ReadAsync(NetworkStream stream, bool isHead, CancellationToken ct)
    {
        if (await ReadUntilAsync(stream, "\r\n\r\n"u8.ToArray(), ct) is not { } head)
        {
            return FuzzAnswer.None;
        }

        var lines = Encoding.Latin1.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(':', 2))
            .ToLookup(header => header[0], header => header[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var body =
            isHead || status is 204 or 304 ? []
            : headers["Transfer-Encoding"].Any() ? await ReadChunksAsync(stream, ct)
            : await ReadExactlyAsync(stream, int.Parse(headers["Content-Length"].FirstOrDefault("0"), CultureInfo.InvariantCulture), ct);
        if (headers["Connection"].Contains("close"))
        {
            await CloseAsync();
        }

        return new(status, headers["Content-Type"].FirstOrDefault("").Split(';')[0], Encoding.UTF8.GetString(body));
    }

    private async Task<byte[]> ReadChunksAsync(NetworkStream stream, CancellationToken ct)
    {
        var body = new List<byte>();
        while (true)
        {
            var line = await ReadUntilAsync(stream, "\r\n"u8.ToArray(), ct) ?? throw new IOException("The body broke off.");
            var length = int.Parse(Encoding.ASCII.GetString(line).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange((await ReadExactlyAsync(stream, length + 2, ct)).Take(length));
            if (length == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<byte[]?> ReadUntilAsync(NetworkStream stream, byte[] mark, CancellationToken ct)
    {
        while (true)
        {
            var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_read).IndexOf(mark);
            if (at >= 0)
            {
                return Take(at + mark.Length);
            }

            if (!await FillAsync(stream, ct))
            {
                return null;
            }
        }
    }

    private async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int count, CancellationToken ct)
    {
        while (_read.Count < count)
        {
            if (!await FillAsync(stream, ct))
            {
                throw new IOException("The body broke off.");
            }
        }

        return Take(count);
    }

    private async Task<bool> FillAsync(NetworkStream stream, CancellationToken ct)
    {
        var chunk = new byte[16 * 1024];
        var count = await stream.ReadAsync(chunk, ct);
        _read.AddRange(chunk.AsSpan(0, count));
        return count > 0;
    }

    private byte[] Take(int count)
    {
        var taken = _read[..count].ToArray();
        _read.RemoveRange(0, count);
        return taken;
    }

    private ValueTask CloseAsync()
    {
        _client?.Dispose();
        _client = null;
        _read.Clear();
        return ValueTask.CompletedTask;
    }
}
