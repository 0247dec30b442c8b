using System.Net.Sockets;
using System.Text;
using Gateway.Infrastructure.Connections;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>One line to the server, signed in. It turns what can happen to a mail into an outcome.</summary>
internal sealed class SmtpConnection : IDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly SmtpClient _client;
    private readonly string _server;
    private readonly SmtpOptions _options;

    private readonly BoundedReads? _reads;

    private SmtpConnection(SmtpClient client, string server, SmtpOptions options, BoundedReads? reads) =>
        (_client, _server, _options, _reads) = (client, server, options, reads);

    public DateTimeOffset LastUsed { get; set; }

    public bool IsUsable => _client.IsConnected;

    /// <summary>Connects and signs in. Where that fails no mail is at fault, so all of them wait.</summary>
    /// <param name="tokens">Where the options ask for sign-in by OAuth.</param>
    /// <param name="reach">How the server is reached.</param>
    public static async Task<OpenedSmtp> OpenAsync(
        SmtpOptions options,
        string localDomain,
        SmtpAccessTokens? tokens,
        SmtpReach reach,
        CancellationToken ct
    )
    {
        var server = $"{options.Host}:{options.Port}";
        var trust = new SmtpTrust(options.Host!, options.CaFile, options.Fingerprint);
        BoundedReads? reads = null;
        var client = new SizingClient
        {
            LocalDomain = localDomain,
            ServerCertificateValidationCallback = trust.IsTrusted,

            // The limits here are shorter. This one would cut off a server that is slow to answer to a mail.
            Timeout = (int)options.TimeLimit.TotalMilliseconds,

            // Asking the authority's server at each connection makes mail depend on a third party's; browsers have given it up as well.
            CheckCertificateRevocation = false,
        };
        var isFull = false;
        Exception? thrown = null;
        ConnectionError? noToken = null;
        var why = await SmtpErrors.OfOpeningAsync(server, ConnectOrSeeAsync, ct);
        if (why is null)
        {
            return new OpenedSmtp(new(client, server, options, reads), null, IsFull: false);
        }

        if (trust.Error is { } untrusted)
        {
            why = $"No safe connection to the server at {server}: {untrusted}";
        }

        client.Dispose();
        return new OpenedSmtp(null, noToken ?? SmtpAnswers.OfOpening(thrown, why), isFull);

        async Task<string?> ConnectOrSeeAsync()
        {
            try
            {
                var signIn = options.OAuth.IsConfigured ? SignInByTokenAsync : (Func<CancellationToken, Task<string?>>?)null;
                return await ConnectAsync(client, options, server, reach.Dial, GreetAsync, signIn, ct);
            }
            catch (Exception error)
            {
                thrown = error;
                isFull = error is SmtpCommandException answer && SmtpErrors.IsFull((int)answer.StatusCode, answer.Message);
                throw;
            }
        }

        async Task GreetAsync(Socket socket, CancellationToken limit)
        {
            if (reach.IsTrusted)
            {
                await client.ConnectAsync(socket, options.Host!, options.Port, SocketOptions(options), limit);
                return;
            }

            reads = new BoundedReads(new NetworkStream(socket, ownsSocket: true));
            await client.ConnectAsync(reads, options.Host!, options.Port, SocketOptions(options), limit);

            // The server says how often a password is hashed for SCRAM: one could have us compute for hours.
            client.AuthenticationMechanisms.RemoveWhere(way => way.StartsWith("SCRAM", StringComparison.OrdinalIgnoreCase));
        }

        async Task<string?> SignInByTokenAsync(CancellationToken limit)
        {
            string? refused = null;
            while (true)
            {
                var (token, error) = await tokens!.GetAsync(refused, limit);
                if (token is null)
                {
                    noToken = error;
                    return error!.Reason;
                }

                try
                {
                    await client.AuthenticateAsync(new SaslMechanismOAuth2(options.User!, token), limit);
                    return null;
                }
                catch (AuthenticationException) when (refused is null && client.IsConnected)
                {
                    // It may have been revoked before its time. With a new one it is tried once more.
                    refused = token;
                }
            }
        }
    }

    /// <param name="returnPath">Where it comes back to; null is its sender.</param>
    public async Task<MailOutcome> SendAsync(MimeMessage message, MailboxAddress? returnPath, CancellationToken ct)
    {
        var beyondAscii = SmtpUtf8.NeededFor(message);
        if (beyondAscii is not null && !_client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
        {
            return new MailOutcome.Refused($"The server at {_server} takes no addresses with {beyondAscii} (SMTPUTF8, RFC 6531).");
        }

        _reads?.Reset();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.Timeout);
        var content = new Handed(() => limit.CancelAfter(_options.AnswerTimeout));
        try
        {
            var format = SmtpUtf8.FormatOf(message);
            var said = returnPath is null
                ? await _client.SendAsync(format, message, limit.Token, content)
                : await _client.SendAsync(format, message, returnPath, message.To.Mailboxes, limit.Token, content);
            return new MailOutcome.Sent(SmtpErrors.Clean($"250 {said}"));
        }
        catch (SmtpCommandException answer)
        {
            return OutcomeOf(answer, message.To.Mailboxes.First());
        }
        catch (ServiceNotAuthenticatedException)
        {
            return new MailOutcome.Held(
                new(
                    Concern.Account,
                    "sign_in_refused",
                    $"The server at {_server} takes no mail without a user and password: set Mail__Smtp__User and Mail__Smtp__Password."
                )
            );
        }
        catch (Exception lost)
            when (lost is IOException or SocketException or SmtpProtocolException
                || (lost is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            _client.Dispose();
            var what = lost is OperationCanceledException ? "did not answer in time" : "hung up";
            return content.Begun
                ? new MailOutcome.Unknown($"The server at {_server} {what} after the mail was handed over.")
                : new HungUp($"The server at {_server} {what} before the mail was handed over.", MayBePerson: true);
        }
    }

    /// <summary>Says goodbye, and hangs up even if nobody answers.</summary>
    public async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await _client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception lost) when (lost is IOException or SocketException or ProtocolException or OperationCanceledException)
        {
            // It hung up first.
        }

        Dispose();
    }

    public void Dispose() => _client.Dispose();

    private MailOutcome OutcomeOf(SmtpCommandException answer, MailboxAddress recipient)
    {
        var code = (int)answer.StatusCode;
        var said = SmtpErrors.Without(answer.Message, recipient);
        if (code == 421)
        {
            // The server closes the line with this answer, at times only because it was open for long.
            _client.Dispose();
            return new HungUp(
                SmtpErrors.Clean($"{code} {said}"),
                IsFull: answer.ErrorCode == SmtpErrorCode.SenderNotAccepted || SmtpErrors.IsCrowded(said),
                MayBePerson: answer.ErrorCode != SmtpErrorCode.SenderNotAccepted
            );
        }

        var step = answer.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => SmtpStep.Sender,
            SmtpErrorCode.RecipientNotAccepted => SmtpStep.Recipient,
            _ => SmtpStep.Content,
        };
        return SmtpAnswers.Judge(step, code, said);
    }

    /// <param name="signIn">In place of the password; it may return the sentence of an error.</param>
    private static async Task<string?> ConnectAsync(
        SmtpClient client,
        SmtpOptions options,
        string server,
        SmtpDial dial,
        Func<Socket, CancellationToken, Task> greet,
        Func<CancellationToken, Task<string?>>? signIn,
        CancellationToken ct
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        var socket = await dial(options.Host!, options.Port, limit.Token);
        try
        {
            await greet(socket, limit.Token);
        }
        catch (OperationCanceledException)
            when (!ct.IsCancellationRequested && SocketOptions(options) != SecureSocketOptions.SslOnConnect)
        {
            return $"The server at {server} did not answer in time. If this port speaks TLS from the start, set Mail__Smtp__Security to "
                + "tls.";
        }

        if (!options.SignsIn)
        {
            return null;
        }

        if (!client.IsSecure && options.Mode != SmtpSecurity.None)
        {
            return $"The server at {server} offers no encryption, and the password is not sent in clear. Take another port, or set "
                + "Mail__Smtp__Security to none if the way to it is safe.";
        }

        if (!client.Capabilities.HasFlag(SmtpCapabilities.Authentication))
        {
            return $"The server at {server} lets nobody sign in on this port, but Mail__Smtp__User is set.";
        }

        if (signIn is not null && !client.AuthenticationMechanisms.Contains("XOAUTH2"))
        {
            return $"The server at {server} takes no tokens (it offers {string.Join(", ", client.AuthenticationMechanisms.Order())}). Set "
                + "Mail__Smtp__Password in place of Mail__Smtp__OAuth, or take another port.";
        }

        if (signIn is not null)
        {
            return await signIn(limit.Token);
        }

        try
        {
            await client.AuthenticateAsync(Encoding.UTF8, options.User!, options.Password!, limit.Token);
            return null;
        }
        catch (NotSupportedException)
        {
            return $"The server at {server} offers no way to sign in that we know.";
        }
    }

    /// <summary>
    /// A socket of ours, since MailKit's own keeps Nagle's algorithm: the end of each mail would wait 40 ms for an acknowledgement.
    /// </summary>
    public static async Task<Socket> DialAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SecureSocketOptions SocketOptions(SmtpOptions options) =>
        options.Mode switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => options.Port == SmtpOptions.TlsPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
        };

    /// <summary>Takes a mail's size in one go, which is much less work than waiting for each of its pieces.</summary>
    private sealed class SizingClient : SmtpClient
    {
        protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(GetSize(options, message, cancellationToken));
    }

    /// <summary>Notices when the mail's content begins to leave: from then on the server may have it, whatever we hear.</summary>
    private sealed class Handed(Action begins) : ITransferProgress
    {
        public bool Begun { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => Report(bytesTransferred);

        public void Report(long bytesTransferred)
        {
            if (!Begun)
            {
                Begun = true;
                begins();
            }
        }
    }
}

/// <summary>Makes a connection to a host and port.</summary>
internal delegate Task<Socket> SmtpDial(string host, int port, CancellationToken ct);

/// <summary>How a server is reached.</summary>
/// <param name="IsTrusted">Whether an operator named it. Any other may do its worst: it is not let make us compute or keep much.</param>
internal sealed record SmtpReach(SmtpDial Dial, bool IsTrusted)
{
    /// <summary>The server of the installation's settings.</summary>
    public static readonly SmtpReach Installation = new(SmtpConnection.DialAsync, IsTrusted: true);
}

/// <summary>What came of opening a connection.</summary>
/// <param name="Connection">Null when there is none.</param>
/// <param name="Error">Then why.</param>
/// <param name="IsFull">Whether the server turned it away because it has too many.</param>
internal sealed record OpenedSmtp(SmtpConnection? Connection, ConnectionError? Error, bool IsFull);
