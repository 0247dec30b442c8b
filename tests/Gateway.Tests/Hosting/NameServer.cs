using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Hosting;

/// <summary>
/// A name server on this machine that speaks in real packets, over UDP and TCP (RFC 1035): its zone has records and misbehaviour alike. It
/// follows no alias by itself, as a server does that is responsible for one name alone.
/// </summary>
internal sealed class NameServer : IAsyncDisposable
{
    public const int A = 1;
    public const int CName = 5;
    public const int Mx = 15;
    public const int Txt = 16;

    /// <summary>In place of records.</summary>
    public const byte ServFail = 2;
    public const byte NxDomain = 3;
    public const byte Refused = 5;
    public const byte Silent = 100;
    public const byte Garbage = 101;

    private const int MaxDatagram = 512;

    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<(string Name, int Type), List<byte[]>> _records = [];
    private readonly Dictionary<string, byte> _troubled = [];
    private readonly Task _serving;

    public NameServer()
    {
        (_udp, _tcp) = Listen();
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>One port for both; that of the one may be taken for the other.</summary>
    private static (UdpClient Udp, TcpListener Tcp) Listen()
    {
        while (true)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return (new((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                tcp.Dispose();
            }
        }
    }

    public string Address => _udp.Client.LocalEndPoint!.ToString()!;

    /// <summary>How many questions came in over TCP, since an answer did not fit into a datagram.</summary>
    public int OverTcp { get; private set; }

    public NameServer Has(string name, int type, byte[] data)
    {
        if (!_records.TryGetValue((name, type), out var all))
        {
            _records[(name, type)] = all = [];
        }

        all.Add(data);
        return this;
    }

    /// <summary>A TXT record; a text beyond 255 octets is several strings.</summary>
    public NameServer HasTxt(string name, string text) =>
        Has(name, Txt, [.. Encoding.UTF8.GetBytes(text).Chunk(255).SelectMany(part => part.Prepend((byte)part.Length))]);

    public NameServer HasMx(string name, byte preference, string host) => Has(name, Mx, [0, preference, .. NameOf(host)]);

    public NameServer HasAlias(string name, string target) => Has(name, CName, NameOf(target));

    public NameServer HasAddress(string name, string address) => Has(name, A, IPAddress.Parse(address).GetAddressBytes());

    public NameServer Is(string name, byte trouble)
    {
        _troubled[name] = trouble;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _tcp.Stop();
        _udp.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                var asked = await _udp.ReceiveAsync(_end.Token);
                if (AnswerTo(asked.Buffer) is { } answer)
                {
                    // Too long for a datagram: the header alone, with the bit that says so.
                    await _udp.SendAsync(
                        answer.Length > MaxDatagram ? Truncated(asked.Buffer) : answer,
                        asked.RemoteEndPoint,
                        _end.Token
                    );
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var line = await _tcp.AcceptTcpClientAsync(_end.Token);
                var stream = line.GetStream();
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _end.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(query, _end.Token);
                OverTcp++;
                if (AnswerTo(query) is { } answer)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync((byte[])[.. length, .. answer], _end.Token);
                }
            }
        }
        catch (Exception over)
            when (over is OperationCanceledException or ObjectDisposedException or SocketException or IOException or EndOfStreamException)
        {
            // The test has ended.
        }
    }

    private byte[]? AnswerTo(byte[] query)
    {
        var at = 12;
        var labels = new List<string>();
        for (; query[at] > 0; at += query[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        var name = string.Join('.', labels).ToLowerInvariant();
        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1));
        if (_troubled.TryGetValue(name, out var trouble))
        {
            return trouble switch
            {
                Silent => null,
                Garbage => [query[0], query[1], 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xC0, 0xFF, 1, 2],
                _ => Packet(query, at + 5, trouble, []),
            };
        }

        var (found, kind) =
            _records.TryGetValue((name, type), out var records) ? (records, type)
            : _records.TryGetValue((name, CName), out var alias) ? (alias, (ushort)CName)
            : ([], type);
        var exists = _records.Keys.Any(known => known.Name == name || known.Name.EndsWith('.' + name, StringComparison.Ordinal));
        return Packet(query, at + 5, exists ? (byte)0 : NxDomain, [.. found.Select(data => (kind, data))]);
    }

    private static byte[] Truncated(byte[] query)
    {
        byte[] answer = [.. query];
        (answer[2], answer[3]) = (0x83, 0x80);
        (answer[10], answer[11]) = (0, 0);
        var at = 12;
        while (answer[at] > 0)
        {
            at += answer[at] + 1;
        }

        return answer[..(at + 5)];
    }

    /// <summary>RFC 1035, section 4.1: header, the question as it came, and records whose name is the question's.</summary>
    private static byte[] Packet(byte[] query, int questionEnds, byte rcode, (ushort Type, byte[] Data)[] records)
    {
        byte[] header =
        [
            query[0],
            query[1],
            0x81,
            (byte)(0x80 | rcode),
            0,
            1,
            (byte)(records.Length >> 8),
            (byte)records.Length,
            0,
            0,
            0,
            0,
        ];
        var answers = records.SelectMany(one =>
            (byte[])
                [
                    0xC0,
                    12,
                    (byte)(one.Type >> 8),
                    (byte)one.Type,
                    0,
                    1,
                    0,
                    0,
                    0,
                    60,
                    (byte)(one.Data.Length >> 8),
                    (byte)one.Data.Length,
                    .. one.Data,
                ]
        );
        return [.. header, .. query[12..questionEnds], .. answers];
    }

    private static byte[] NameOf(string host) =>
        host.Length == 0 ? [0] : [.. host.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
