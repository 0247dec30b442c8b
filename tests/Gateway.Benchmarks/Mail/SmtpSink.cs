using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Mail;

/// <summary>
/// A mail server in a process of its own that takes everything, keeps nothing, and remembers when which visitor's mail was handed over.
/// </summary>
internal sealed class SmtpSink
{
    public const string Command = "smtp-sink";

    private readonly ConcurrentDictionary<int, long> _handedOver = new();
    private long _count;
    private byte[] _sample = [];

    public static async Task<int> ServeAsync()
    {
        var sink = new SmtpSink();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = sink.AcceptAsync(listener);
        await Child.AnswerAsync(
            ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture),
            question =>
                Task.FromResult(
                    question switch
                    {
                        "count" => JsonSerializer.Serialize(Interlocked.Read(ref sink._count)),
                        "sample" => JsonSerializer.Serialize(sink._sample),
                        ['t', 'i', 'm', 'e', 's', ' ', .. var below] => JsonSerializer.Serialize(
                            sink._handedOver.Where(one => one.Key < int.Parse(below, CultureInfo.InvariantCulture)).ToDictionary()
                        ),
                        _ => JsonSerializer.Serialize(sink._handedOver.ToDictionary()),
                    }
                )
        );
        return 0;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync();
            client.NoDelay = true;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var reader = PipeReader.Create(stream, new(bufferSize: 64 * 1024));
        var replies = new ArrayBufferWriter<byte>();
        var (inData, visitor) = (false, -1);
        replies.Write("220 sink\r\n"u8);
        try
        {
            while (true)
            {
                await stream.WriteAsync(replies.WrittenMemory);
                replies.ResetWrittenCount();
                var read = await reader.ReadAsync();
                var rest = read.Buffer;
                while (Cut(ref rest, inData ? "\r\n.\r\n"u8 : "\r\n"u8, out var part))
                {
                    if (inData)
                    {
                        HandOver(visitor, part);
                    }
                    else
                    {
                        visitor = VisitorIn(part) ?? visitor;
                    }

                    (inData, var reply) = inData ? (false, "250 2.0.0 Ok: queued as SINK\r\n") : Answer(part);
                    replies.Write(Encoding.ASCII.GetBytes(reply));
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (IOException)
        {
            // A sender that leaves without QUIT.
        }
    }

    private void HandOver(int visitor, ReadOnlySequence<byte> message)
    {
        _handedOver[visitor] = Stopwatch.GetTimestamp();
        if (Interlocked.Increment(ref _count) == 1)
        {
            _sample = message.ToArray();
        }
    }

    private static (bool InData, string Reply) Answer(ReadOnlySequence<byte> line) =>
        Encoding.ASCII.GetString(line.Slice(0, Math.Min(4, line.Length))).ToUpperInvariant() switch
        {
            "EHLO" => (false, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"),
            "DATA" => (true, "354 Go on\r\n"),
            "QUIT" => (false, "221 Bye\r\n"),
            _ => (false, "250 Ok\r\n"),
        };

    /// <returns>The number in <c>RCPT TO:&lt;visitor00000012@example.org&gt;</c>; null when the line is another one.</returns>
    private static int? VisitorIn(ReadOnlySequence<byte> line)
    {
        var text = line.ToArray().AsSpan();
        var at = text.IndexOf("TO:<visitor"u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + "TO:<visitor".Length)..], out int number, out _) ? number : null;
    }

    private static bool Cut(ref ReadOnlySequence<byte> rest, ReadOnlySpan<byte> end, out ReadOnlySequence<byte> part)
    {
        var reader = new SequenceReader<byte>(rest);
        if (!reader.TryReadTo(out part, end))
        {
            return false;
        }

        rest = reader.UnreadSequence;
        return true;
    }
}
