using System.Net;
using System.Text;
using Gateway.Infrastructure.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Gateway.Features.Mail.Smtp;

/// <summary>What is to be tried of a mail server.</summary>
internal sealed record SmtpProbe(string Host)
{
    /// <summary>As <see cref="SmtpOptions.CaFile"/>.</summary>
    public string? CaFile { get; init; }

    /// <summary>As <see cref="SmtpOptions.Fingerprint"/>.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Who signs in; null leaves that out.</summary>
    public string? User { get; init; }

    /// <summary>The password, or an access token.</summary>
    public string? Secret { get; init; }

    public bool IsToken { get; init; }

    /// <summary>A sender, for asking whether mail would be taken; null leaves that out.</summary>
    public EmailAddress? From { get; init; }

    /// <summary>The recipient of that mail, which is never sent.</summary>
    public EmailAddress? To { get; init; }

    /// <summary>Whether what is said can be heard by nobody on the way.</summary>
    public bool IsOnThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Without the secret, which belongs in no log.</summary>
    public override string ToString() => Host;
}

/// <summary>What one port of a mail server has to offer.</summary>
/// <param name="Error">Why it cannot be used, in a sentence; null when it can.</param>
/// <param name="Greeting">The server's first line.</param>
/// <param name="IsSecure">Whether the line is encrypted, from the start or by STARTTLS.</param>
/// <param name="Certificate">Null without encryption.</param>
/// <param name="SignIn">The ways to sign in that are offered once the line is as safe as it gets.</param>
/// <param name="SignedIn">Whether the sign-in succeeded; null when it was not tried.</param>
/// <param name="Note">What is worth knowing and hinders nothing; null when there is nothing.</param>
internal sealed record SmtpPortReport(
    int Port,
    bool Reachable,
    string? Error,
    string? Greeting,
    bool OffersStartTls,
    bool IsSecure,
    SmtpCertificate? Certificate,
    IReadOnlyList<string> SignIn,
    bool? SignedIn = null,
    string? Note = null
)
{
    /// <summary>The value of <c>Mail__Smtp__Security</c> that goes with it.</summary>
    public string Security =>
        !IsSecure ? "none"
        : OffersStartTls ? "starttls"
        : "tls";
}

/// <summary>The certificate a server showed.</summary>
/// <param name="Error">Why it is not to be trusted; null when it is.</param>
/// <param name="Fingerprint">SHA-256, for <c>Mail__Smtp__Fingerprint</c>.</param>
internal sealed record SmtpCertificate(string Subject, DateTime ExpiresAt, string? Error, string? Fingerprint);

/// <summary>Looks, without sending anything, at which ports of a server this machine can hand over mail.</summary>
internal static class SmtpCheck
{
    /// <summary>Every port that providers listen on: relay, TLS, submission, and those for networks that block it.</summary>
    public static readonly IReadOnlyList<int> Ports = [25, 465, 587, 588, 2525, 80];

    /// <summary>Which of those that work is best: submission, with TLS from the start or not (RFC 8314), and then what replaces
    /// it.</summary>
    private static readonly int[] Preferred = [465, 587, 2525, 588, 25, 80];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<SmtpPortReport>> TryAllAsync(SmtpProbe probe, CancellationToken ct) =>
        await Task.WhenAll(Ports.Select(port => TryAsync(probe, port, port == SmtpOptions.TlsPort, ct)));

    /// <returns>The one to take; null when none works.</returns>
    public static SmtpPortReport? Best(IEnumerable<SmtpPortReport> ports) =>
        ports
            .Where(port => port.Error is null)
            .OrderByDescending(port => port.IsSecure)
            .ThenBy(port => Array.IndexOf(Preferred, port.Port) is >= 0 and var at ? at : Preferred.Length)
            .FirstOrDefault();

    /// <param name="tls">Whether the port speaks TLS from the first byte.</param>
    public static async Task<SmtpPortReport> TryAsync(SmtpProbe probe, int port, bool tls, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var look = new Look();
        var trust = new SmtpTrust(probe.Host, probe.CaFile, probe.Fingerprint);
        using var client = new AskingClient(look)
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = trust.IsTrusted,
        };

        var hasAnswered = false;
        var server = $"{probe.Host}:{port}";
        var error = await SmtpErrors.OfOpeningAsync(
            server,
            async () =>
            {
                try
                {
                    await client.ConnectAsync(
                        probe.Host,
                        port,
                        tls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
                        limit.Token
                    );
                    return null;
                }
                catch (Exception answered) when (answered is SslHandshakeException or SmtpCommandException or SmtpProtocolException)
                {
                    // Whoever shows a certificate that is refused, or turns us away, was reached.
                    hasAnswered = true;
                    throw;
                }
            },
            ct
        );
        var isOpen = client.IsConnected;
        var isSecure = isOpen && client.IsSecure;
        var offers = client.AuthenticationMechanisms.Order().ToList();
        error = trust.Error ?? error;
        bool? signedIn = null;
        string? note = null;
        if (error is null)
        {
            (error, signedIn) = await SignInAsync(client, probe, server, look, offers, ct);
        }

        if (error is null && probe is { From: not null, To: not null })
        {
            (error, note) = await AskAsync(client, probe, server, ct);
        }

        if (client.IsConnected)
        {
            await SmtpErrors.OfOpeningAsync(
                probe.Host,
                async () =>
                {
                    using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
                    soon.CancelAfter(TimeSpan.FromSeconds(2));
                    await client.DisconnectAsync(quit: true, soon.Token);
                    return null;
                },
                ct
            );
        }

        return new(
            port,
            look.Connected || isOpen || hasAnswered,
            error,
            look.Greeting,
            look.OffersStartTls,
            isSecure,
            trust.Shown is { } shown ? new(shown.Subject, shown.Until, trust.Error, trust.ShownFingerprint) : null,
            offers,
            signedIn,
            note
        );
    }

    private static async Task<(string? Error, bool? SignedIn)> SignInAsync(
        SmtpClient client,
        SmtpProbe probe,
        string server,
        Look look,
        List<string> offers,
        CancellationToken ct
    )
    {
        var isSafe = client.IsSecure || probe.IsOnThisMachine;
        if (offers.Count > 0 && !isSafe)
        {
            return (
                $"The server at {server} offers to sign in only without encryption, where everybody on the way can read the "
                    + "password. Do not sign "
                    + "in on this port; take another, or have STARTTLS switched on there.",
                probe.User is null ? null : false
            );
        }

        if (offers.Count == 0 && look.OffersSignIn)
        {
            return (
                $"The server at {server} offers to sign in before the line is encrypted, but not afterwards, so nobody can sign "
                    + "in safely. Take "
                    + "another port, or have that put right there.",
                probe.User is null ? null : false
            );
        }

        if (probe.User is not { } user)
        {
            return (null, null);
        }

        if (offers.Count == 0)
        {
            return ($"The server at {server} lets nobody sign in on this port.", false);
        }

        if (probe.IsToken && !offers.Contains("XOAUTH2"))
        {
            return ($"The server at {server} takes no tokens (XOAUTH2) on this port; it offers {string.Join(", ", offers)}.", false);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var refusal = await SmtpErrors.OfOpeningAsync(
            server,
            async () =>
            {
                try
                {
                    await (
                        probe.IsToken
                            ? client.AuthenticateAsync(new SaslMechanismOAuth2(user, probe.Secret!), limit.Token)
                            : client.AuthenticateAsync(Encoding.UTF8, user, probe.Secret!, limit.Token)
                    );
                    return null;
                }
                catch (AuthenticationException refused)
                    when (refused.InnerException is SmtpCommandException answer && !SmtpAnswers.IsPasswordEnded(answer.Message))
                {
                    var what = probe.IsToken ? "user or token" : "user or password";
                    return SmtpErrors.Clean(
                        $"The server at {server} refuses the {what}. It said: {(int)answer.StatusCode} {answer.Message}"
                    );
                }
                catch (NotSupportedException)
                {
                    return $"The server at {server} offers no way to sign in that we know: {string.Join(", ", offers)}.";
                }
            },
            ct
        );
        return (refusal, refusal is null);
    }

    /// <summary>Goes as far as the recipient, and takes it back.</summary>
    private static async Task<(string? Error, string? Note)> AskAsync(
        AskingClient client,
        SmtpProbe probe,
        string server,
        CancellationToken ct
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        string? note = null;
        var error = await SmtpErrors.OfOpeningAsync(
            server,
            async () =>
            {
                foreach (
                    var (step, command) in new[]
                    {
                        (SmtpStep.Sender, $"MAIL FROM:<{probe.From!.OnTheWire}>"),
                        (SmtpStep.Recipient, $"RCPT TO:<{probe.To!.OnTheWire}>"),
                    }
                )
                {
                    var answer = await client.AskAsync(command, limit.Token);
                    var code = (int)answer.StatusCode;
                    if (code < 300)
                    {
                        continue;
                    }

                    if (SmtpAnswers.IsGreylisted(code, answer.Response))
                    {
                        note =
                            "It does not know us yet and asks to come again later (greylisting): that is no fault, mails are "
                            + "tried again by "
                            + "themselves and arrive some minutes late.";
                        break;
                    }

                    var said = SmtpErrors.Without(answer.Response, new("", probe.To!.OnTheWire));
                    return SmtpAnswers.Judge(step, code, said) switch
                    {
                        MailOutcome.Held held => held.Error.Reason,
                        var other => $"The server at {server} would not take this mail. It said: {other.Answer}",
                    };
                }

                note ??= "It would take this mail.";
                await client.AskAsync("RSET", limit.Token);
                return null;
            },
            ct
        );
        return (error, note);
    }

    /// <summary>MailKit says these commands only with a mail that follows.</summary>
    private sealed class AskingClient(IProtocolLogger look) : SmtpClient(look)
    {
        public Task<SmtpResponse> AskAsync(string command, CancellationToken ct) => SendCommandAsync(command, ct);
    }

    /// <summary>Listens in on the conversation: MailKit keeps neither the greeting nor what was offered before STARTTLS.</summary>
    private sealed class Look : IProtocolLogger
    {
        public bool Connected { get; private set; }

        public string? Greeting { get; private set; }

        public bool OffersStartTls { get; private set; }

        /// <summary>At any time, also before the line was encrypted.</summary>
        public bool OffersSignIn { get; private set; }

        public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

        public void LogConnect(Uri uri) => Connected = true;

        public void LogClient(byte[] buffer, int offset, int count) { }

        public void LogServer(byte[] buffer, int offset, int count)
        {
            var said = Encoding.UTF8.GetString(buffer, offset, count);
            Greeting ??= SmtpErrors.Clean(said);
            OffersStartTls |= said.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase);
            OffersSignIn |=
                said.Contains("250-AUTH", StringComparison.OrdinalIgnoreCase)
                || said.Contains("250 AUTH", StringComparison.OrdinalIgnoreCase);
        }

        public void Dispose() { }
    }
}
