using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// One kept connection that sends a request and reads its answer, nothing more: an HTTP client would cost as much as the server.
/// </summary>
internal sealed class LoadConnection(Target target) : IDisposable
{
    private static readonly byte[] LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SignedRequest _request = new(target);
    private readonly byte[] _answer = new byte[16 * 1024];

    public async Task ConnectAsync(CancellationToken ct)
    {
        var url = new Uri(target.Url);
        await _socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port, ct);
    }

    /// <summary>Sends the next submission, and returns when it was answered with 202.</summary>
    public async ValueTask SubmitAsync(int number, CancellationToken ct)
    {
        await _socket.SendAsync(_request.Next(number), ct);
        var length = 0;
        do
        {
            var read = length < _answer.Length ? await _socket.ReceiveAsync(_answer.AsMemory(length), ct) : 0;
            if (read == 0)
            {
                throw new BenchmarkFailed($"The connection ended within an answer: {Encoding.UTF8.GetString(_answer, 0, length)}");
            }

            length += read;
        } while (!IsWhole(_answer.AsSpan(0, length)));

        if (!_answer.AsSpan(0, length).StartsWith("HTTP/1.1 202"u8))
        {
            throw new BenchmarkFailed($"Not the answer 202 but: {Encoding.UTF8.GetString(_answer, 0, length)}");
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _request.Dispose();
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var length = answer[..head].IndexOf("Content-Length: "u8);
        return length < 0
            ? answer[head..].EndsWith(LastChunk)
            : Utf8Parser.TryParse(answer[(length + "Content-Length: ".Length)..head], out int bytes, out _)
                && answer.Length == head + 4 + bytes;
    }
}

/// <summary>What was measured cannot be used: told in a sentence, and the run ends.</summary>
internal sealed class BenchmarkFailed(string message) : Exception(message);
