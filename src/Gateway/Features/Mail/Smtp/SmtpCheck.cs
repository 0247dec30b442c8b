using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Gateway.Features.Mail.Smtp;

/// <summary>What one port of a mail server has to offer.</summary>
/// <param name="Error">Why it cannot be used, in a sentence; null when it can.</param>
/// <param name="Greeting">The server's first line.</param>
/// <param name="IsSecure">Whether the line is encrypted, from the start or by STARTTLS.</param>
/// <param name="Certificate">Null without encryption.</param>
/// <param name="SignIn">The ways to sign in that are offered once the line is as safe as it gets.</param>
internal sealed record SmtpPortReport(
    int Port,
    bool Reachable,
    string? Error,
    string? Greeting,
    bool OffersStartTls,
    bool IsSecure,
    SmtpCertificate? Certificate,
    IReadOnlyList<string> SignIn
);

/// <summary>The certificate a server showed.</summary>
/// <param name="Error">Why it is not to be trusted; null when it is.</param>
internal sealed record SmtpCertificate(string Subject, DateTime ExpiresAt, string? Error);

/// <summary>Looks, without sending anything, at which ports of a server this machine can hand over mail.</summary>
internal static class SmtpCheck
{
    /// <summary>Every port that providers listen on: relay, TLS, submission, and those for networks that block it.</summary>
    public static readonly IReadOnlyList<int> Ports = [25, 465, 587, 588, 2525, 80];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <param name="caFile">As <see cref="SmtpOptions.CaFile"/>.</param>
    public static async Task<IReadOnlyList<SmtpPortReport>> TryAllAsync(string host, string? caFile, CancellationToken ct) =>
        await Task.WhenAll(Ports.Select(port => TryAsync(host, port, port == SmtpOptions.TlsPort, caFile, ct)));

    public static async Task<SmtpPortReport> TryAsync(string host, int port, bool tls, string? caFile, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        var look = new Look();
        var trust = new SmtpTrust(host, caFile);
        using var client = new SmtpClient(look)
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = trust.IsTrusted,
        };

        var error = await SmtpErrors.OfOpeningAsync(
            $"{host}:{port}",
            async () =>
            {
                await client.ConnectAsync(
                    host,
                    port,
                    tls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
                    limit.Token
                );
                return null;
            },
            ct
        );
        var report = new SmtpPortReport(
            port,
            look.Connected || client.IsConnected,
            trust.Error ?? error,
            look.Greeting,
            look.OffersStartTls,
            client.IsConnected && client.IsSecure,
            trust.Shown is { } shown ? new(shown.Subject, shown.Until, trust.Error) : null,
            [.. client.AuthenticationMechanisms.Order()]
        );
        if (client.IsConnected)
        {
            await SmtpErrors.OfOpeningAsync(
                host,
                async () =>
                {
                    await client.DisconnectAsync(quit: true, limit.Token);
                    return null;
                },
                ct
            );
        }

        return report;
    }

    /// <summary>Listens in on the conversation: MailKit keeps neither the greeting nor what was offered before STARTTLS.</summary>
    private sealed class Look : IProtocolLogger
    {
        public bool Connected { get; private set; }

        public string? Greeting { get; private set; }

        public bool OffersStartTls { get; private set; }

        public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

        public void LogConnect(Uri uri) => Connected = true;

        public void LogClient(byte[] buffer, int offset, int count) { }

        public void LogServer(byte[] buffer, int offset, int count)
        {
            var said = System.Text.Encoding.UTF8.GetString(buffer, offset, count);
            Greeting ??= SmtpErrors.Clean(said);
            OffersStartTls |= said.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase);
        }

        public void Dispose() { }
    }
}
