using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Features.OptIn.Budgets;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Whether a domain takes mail, as a name server on this machine tells it in real packets.</summary>
[Trait("Database", "none")]
public sealed class DnsMailServersTests : IDisposable
{
    private const int Mx = 15;
    private const int A = 1;

    private readonly UdpClient _server = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly DnsMailServers _servers;

    public DnsMailServersTests()
    {
        var options = new ConfirmationOptions();
        options.Domains.NameServer = _server.Client.LocalEndPoint!.ToString();
        _servers = new(Options.Create(options), new(), NullLogger<DnsMailServers>.Instance);
        _ = ServeAsync();
    }

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("mail.test", true)]
    [InlineData("address.test", true)] // RFC 5321, section 5.1: without an MX the address counts
    [InlineData("null.test", false)] // RFC 7505
    [InlineData("nothing.test", false)]
    [InlineData("gone.test", false)]
    [InlineData("broken.test", null)]
    [InlineData("silent.test", null)]
    public async Task A_domain_takes_mail_unless_its_name_servers_say_otherwise(string domain, bool? takesMail)
    {
        using var limit = new CancellationTokenSource(domain == "silent.test" ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromMinutes(1));

        // On a busy machine an answer may come too late, which counts as none.
        var seen = await Eventually.BecomesAsync(
            async () => (TakesMail: await _servers.TakesMailAsync(domain, limit.Token), Tried: true),
            answer => takesMail is null || answer.TakesMail is not null
        );

        Assert.Equal(takesMail, seen.TakesMail);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var asked = await _server.ReceiveAsync();
                if (AnswerTo(asked.Buffer) is { } answer)
                {
                    await _server.SendAsync(answer, asked.RemoteEndPoint);
                }
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private static byte[]? AnswerTo(byte[] query)
    {
        var at = 12;
        var name = new StringBuilder();
        for (; query[at] > 0; at += query[at] + 1)
        {
            name.Append(name.Length == 0 ? "" : ".").Append(Encoding.ASCII.GetString(query, at + 1, query[at]));
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(at + 1));
        byte[] toMail = [0, 10, 4, .. "mail"u8, 4, .. "test"u8, 0];
        return (name.ToString(), type) switch
        {
            ("silent.test", _) => null,
            ("mail.test", Mx) => Packet(query, at + 5, rcode: 0, Mx, toMail),
            ("null.test", Mx) => Packet(query, at + 5, rcode: 0, Mx, [0, 0, 0]),
            ("address.test", A) => Packet(query, at + 5, rcode: 0, A, [192, 0, 2, 1]),
            ("gone.test", _) => Packet(query, at + 5, rcode: 3),
            ("broken.test", _) => Packet(query, at + 5, rcode: 2),
            _ => Packet(query, at + 5, rcode: 0),
        };
    }

    /// <summary>RFC 1035, section 4.1: header, the question as it came, and at most one record, whose name is the question's.</summary>
    private static byte[] Packet(byte[] query, int questionEnds, byte rcode, ushort type = 0, byte[]? data = null)
    {
        byte count = data is null ? (byte)0 : (byte)1;
        byte[] header = [query[0], query[1], 0x81, (byte)(0x80 | rcode), 0, 1, 0, count, 0, 0, 0, 0];
        byte[] record = data is null ? [] : [0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];
        return [.. header, .. query[12..questionEnds], .. record];
    }
}
