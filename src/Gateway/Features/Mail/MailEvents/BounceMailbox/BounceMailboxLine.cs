using System.Net.Sockets;
using Gateway.Features.Mail.Smtp;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>What came of opening a mailbox.</summary>
/// <param name="Client">Null when it could not be opened.</param>
/// <param name="Error">Then why, as a sentence.</param>
internal sealed record OpenedMailbox(ImapClient? Client, IMailFolder? Folder, string? Error);

/// <summary>Opens the mailbox, and says in a sentence why it cannot be opened.</summary>
internal static class BounceMailboxLine
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    /// <returns>The open line with its folder, or what is wrong.</returns>
    public static async Task<OpenedMailbox> OpenAsync(BounceMailboxOptions options, CancellationToken ct)
    {
        var server = $"{options.Host}:{options.Port}";
        var trust = new SmtpTrust(options.Host!, options.CaFile);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeLimit);
        var client = new ImapClient
        {
            ServerCertificateValidationCallback = trust.IsTrusted,
            CheckCertificateRevocation = false,
            Timeout = (int)TimeLimit.TotalMilliseconds,
        };
        try
        {
            await client.ConnectAsync(options.Host!, options.Port, SecurityOf(options), limit.Token);
            await client.AuthenticateAsync(options.User!, options.Password!, limit.Token);
            var folder = await client.GetFolderAsync(options.Folder, limit.Token);
            await folder.OpenAsync(FolderAccess.ReadWrite, limit.Token);
            return new(client, folder, null);
        }
        catch (Exception lost) when (SentenceOf(lost, server, options, trust, ct) is { } sentence)
        {
            client.Dispose();
            return new(null, null, sentence);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static string? SentenceOf(
        Exception lost,
        string server,
        BounceMailboxOptions options,
        SmtpTrust trust,
        CancellationToken ct
    ) =>
        lost switch
        {
            AuthenticationException =>
                $"The mailbox at {server} refuses the user or password: check Mail__BounceMailbox__User and Mail__BounceMailbox__Password.",
            FolderNotFoundException => $"The mailbox at {server} has no folder \"{options.Folder}\": check Mail__BounceMailbox__Folder.",
            SslHandshakeException => $"No safe connection to the mailbox at {server}: "
                + (
                    trust.Error?.Replace("Mail__Smtp__", "Mail__BounceMailbox__", StringComparison.Ordinal)
                    ?? "the port speaks no TLS, or not from the start. Check Mail__BounceMailbox__Port and __Security."
                ),
            NotSupportedException =>
                $"The mailbox at {server} offers no encryption on this port, and the password is not sent in clear. Take port 993.",
            SocketException unreached => $"The mailbox at {server} cannot be reached: {unreached.SocketErrorCode}.",
            IOException or ProtocolException or CommandException =>
                $"The mailbox at {server} hung up or speaks no IMAP: check Mail__BounceMailbox__Port and __Security.",
            OperationCanceledException when !ct.IsCancellationRequested => $"The mailbox at {server} did not answer in time.",
            _ => null,
        };

    private static SecureSocketOptions SecurityOf(BounceMailboxOptions options) =>
        options.Mode switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.Auto when options.Port == 993 => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        };
}
