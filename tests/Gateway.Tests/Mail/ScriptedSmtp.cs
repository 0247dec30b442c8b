using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Tests.Mail;

/// <summary>A mail server that does as a test says: it serves well unless <see cref="Script"/> has an answer of its own.</summary>
internal sealed class ScriptedSmtp : IAsyncDisposable
{
    /// <summary>In place of an answer: closes the line, or says nothing more.</summary>
    public const string Drop = "drop";
    public const string Hang = "hang";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _lines = [];
    private readonly Task _accepting;

    public ScriptedSmtp()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>What to answer to a command; "" is the connection, "." the end of a mail. Null answers as a good server does.</summary>
    public Func<string, string?> Script { get; set; } = _ => null;

    /// <summary>Whether to close the line when this mail came in whole, instead of an answer.</summary>
    public Func<string, bool> DropsAfter { get; set; } = _ => false;

    /// <summary>What to wait for before an answer.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Extensions it names after EHLO.</summary>
    public string[] Offers { get; init; } = ["PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME"];

    /// <summary>For STARTTLS, or for TLS from the start.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool TlsFromStart { get; init; }

    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Every mail whose content came in whole, whatever was answered then.</summary>
    public ConcurrentQueue<string> Mails { get; } = new();

    public int Connections => Commands.Count(command => command.Length == 0);

    public int Open => _lines.Count(line => !line.IsCompleted);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll([_accepting, .. _lines]);
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptTcpClientAsync(_end.Token);
                _lines.Add(ServeQuietlyAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeQuietlyAsync(TcpClient socket)
    {
        using (socket)
        {
            try
            {
                await ServeAsync(socket);
            }
            catch (Exception ended)
                when (ended is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    private async Task ServeAsync(TcpClient socket)
    {
        Stream stream = socket.GetStream();
        if (TlsFromStart)
        {
            stream = await SecureAsync(stream);
        }

        // Read byte by byte: what follows STARTTLS must not end up in a buffer.
        if (!await SayAsync(stream, "", "220 test.example ESMTP"))
        {
            return;
        }

        while (await ReadLineAsync(stream) is { } command)
        {
            var verb = command.Split(' ')[0].ToUpperInvariant();
            var usual = verb switch
            {
                "EHLO" => string.Join(
                    "\r\n",
                    Offers.Prepend("test.example").Select((line, at) => at == Offers.Length ? "250 " + line : "250-" + line)
                ),
                "DATA" => "354 go ahead",
                "STARTTLS" => "220 go ahead",
                "AUTH" => "235 2.7.0 welcome",
                "QUIT" => "221 2.0.0 bye",
                _ => "250 2.0.0 Ok",
            };
            if (!await SayAsync(stream, command, usual) || verb == "QUIT")
            {
                return;
            }

            if (verb == "STARTTLS")
            {
                stream = await SecureAsync(stream);
            }
            else if (verb == "DATA" && Script(command) is null && !await TakeMailAsync(stream))
            {
                return;
            }
        }
    }

    private async Task<bool> TakeMailAsync(Stream stream)
    {
        var mail = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line and not ".")
        {
            mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        Mails.Enqueue(mail.ToString());
        return !DropsAfter(mail.ToString()) && await SayAsync(stream, ".", $"250 2.0.0 Ok: queued as {Mails.Count}");
    }

    /// <returns>False when the line is to be closed.</returns>
    private async Task<bool> SayAsync(Stream stream, string command, string usual)
    {
        Commands.Enqueue(command);
        var answer = Script(command) ?? usual;
        await Before(command).WaitAsync(_end.Token);
        if (answer == Hang)
        {
            await Task.Delay(Timeout.Infinite, _end.Token);
        }

        if (answer == Drop)
        {
            return false;
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), _end.Token);
        return true;
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _end.Token);
        return secure;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _end.Token) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
