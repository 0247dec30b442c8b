using System.Net.Sockets;
using Gateway.Features.Mail.Smtp;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Security;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>What came of opening a mailbox.</summary>
/// <param name="Mailbox">Null when it could not be opened.</param>
/// <param name="Error">Then why, as a sentence.</param>
internal sealed record OpenedMailbox(IBounceMailbox? Mailbox, string? Error);

/// <summary>Opens the mailbox, and says in a sentence why it cannot be opened.</summary>
internal static class BounceMailboxLine
{
    /// <summary>Reports bring the mail back; nobody sends a longer one.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <param name="leftAlone">The unique ids of mails that were looked at and stay, where the mailbox does not mark them itself.</param>
    public static async Task<OpenedMailbox> OpenAsync(
        BounceMailboxOptions options,
        HashSet<string> leftAlone,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var trust = new SmtpTrust(options.Host!, options.CaFile);
        using var limit = Limited(ct);
        MailService client = options.Speaks == MailboxProtocol.Pop3 ? new Pop3Client() : new ImapClient();
        client.ServerCertificateValidationCallback = trust.IsTrusted;
        client.CheckCertificateRevocation = false;
        client.Timeout = (int)TimeLimit.TotalMilliseconds;
        try
        {
            await client.ConnectAsync(options.Host!, options.PortOrUsual, SecurityOf(options), limit.Token);
            await client.AuthenticateAsync(options.User!, options.Password!, limit.Token);
            return new(
                client is Pop3Client pop
                    ? await Pop3BounceMailbox.OpenAsync(pop, options, leftAlone, clock, limit.Token)
                    : await ImapBounceMailbox.OpenAsync((ImapClient)client, options, clock, limit.Token),
                null
            );
        }
        catch (Exception lost) when (SentenceOf(lost, client, options, trust, ct) is { } sentence)
        {
            client.Dispose();
            return new(null, sentence);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>What a server may take for one step.</summary>
    public static CancellationTokenSource Limited(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        return limit;
    }

    private static string? SentenceOf(
        Exception lost,
        MailService client,
        BounceMailboxOptions options,
        SmtpTrust trust,
        CancellationToken ct
    )
    {
        var mailbox = $"The mailbox at {options.Host}:{options.PortOrUsual}";
        var protocol = options.Speaks == MailboxProtocol.Pop3 ? "POP3" : "IMAP";
        return lost switch
        {
            AuthenticationException when IsInUse(lost) =>
                $"{mailbox} is open elsewhere, and POP3 lets in one at a time; it is tried again.",
            AuthenticationException =>
                $"{mailbox} refuses the user or password: check Mail__BounceMailbox__User and Mail__BounceMailbox__Password.",
            FolderNotFoundException => $"{mailbox} has no folder \"{options.Folder}\": check Mail__BounceMailbox__Folder.",
            SslHandshakeException => $"No safe connection to the mailbox at {options.Host}:{options.PortOrUsual}: "
                + (
                    trust.Error?.Replace("Mail__Smtp__", "Mail__BounceMailbox__", StringComparison.Ordinal)
                    ?? "the port speaks no TLS, or not from the start. Check Mail__BounceMailbox__Port and __Security."
                ),
            NotSupportedException when client.IsAuthenticated =>
                $"{mailbox} cannot tell its mails apart, since it lacks UIDL: set Mail__BounceMailbox__Protocol to imap.",
            NotSupportedException =>
                $"{mailbox} offers no encryption on this port, and the password is not sent in clear. Take port {options.UsualPort}.",
            SocketException unreached => $"{mailbox} cannot be reached: {unreached.SocketErrorCode}.",
            IOException or ProtocolException or CommandException =>
                $"{mailbox} hung up or speaks no {protocol}: check Mail__BounceMailbox__Protocol, __Port and __Security.",
            OperationCanceledException when !ct.IsCancellationRequested => $"{mailbox} did not answer in time.",
            _ => null,
        };
    }

    /// <summary>RFC 2449, section 8.1.1: the password was right, but somebody else holds the mailbox.</summary>
    private static bool IsInUse(Exception refused) =>
        $"{refused.Message} {refused.InnerException?.Message}".Contains("[IN-USE]", StringComparison.OrdinalIgnoreCase);

    private static SecureSocketOptions SecurityOf(BounceMailboxOptions options) =>
        options.Mode switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.Auto when options.PortOrUsual == options.UsualPort => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        };
}
