using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.Benchmarks.Serving;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Benchmarks.Mail;

/// <summary>
/// The ceiling for mail: MailKit with four kept connections that does nothing but hand the same message over again and again.
/// </summary>
internal static class MailKitAlone
{
    public const string Command = "mailkit";
    private const int Connections = 4;

    /// <summary>Asked for a number of messages, it answers how many seconds they took.</summary>
    public static async Task<int> ServeAsync(string port)
    {
        await Child.AnswerAsync(
            "ready",
            async line =>
            {
                var order = JsonSerializer.Deserialize<Order>(line)!;
                var clients = new List<SmtpClient>();
                for (var at = 0; at < Connections; at++)
                {
                    clients.Add(await ConnectAsync(int.Parse(port, CultureInfo.InvariantCulture)));
                }

                var started = Stopwatch.GetTimestamp();
                await Task.WhenAll(clients.Select(client => SendAsync(client, order.Message, order.Count / Connections)));
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                clients.ForEach(client => client.Dispose());
                return seconds.ToString(CultureInfo.InvariantCulture);
            }
        );
        return 0;
    }

    private static async Task<SmtpClient> ConnectAsync(int port)
    {
        // MailKit's own socket has Nagle's algorithm on: the end of each mail over 4 KB then waits 40 ms for an acknowledgement.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var client = new SmtpClient();
        await client.ConnectAsync(socket, "localhost", port, SecureSocketOptions.None);
        return client;
    }

    private static async Task SendAsync(SmtpClient client, byte[] message, int count)
    {
        var mime = await MimeMessage.LoadAsync(new MemoryStream(message));
        for (var sent = 0; sent < count; sent++)
        {
            await client.SendAsync(mime);
        }
    }

    /// <param name="Message">A whole mail as the gateway sends it.</param>
    internal sealed record Order(byte[] Message, int Count);
}
