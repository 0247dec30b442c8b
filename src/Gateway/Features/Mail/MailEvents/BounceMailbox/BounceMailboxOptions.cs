using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>The mailbox that mails come back to, read by IMAP or POP3; section <c>Mail:BounceMailbox</c>.</summary>
internal sealed class BounceMailboxOptions
{
    private const string Inbox = "INBOX";
    private const int MaxPollSeconds = 3600;

    public string? Host { get; set; }

    /// <summary>
    /// <c>imap</c> hears at once when something arrives, and marks what it has read as seen. <c>pop3</c> looks now and then
    /// (<see cref="PollSeconds"/>), and deletes what said something of our mails.
    /// </summary>
    public string Protocol { get; set; } = "imap";

    /// <summary>Null is the port that speaks TLS from the start: 993 of IMAP, 995 of POP3. Every other port begins in clear.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// As <see cref="SmtpOptions.Security"/>: <c>auto</c> takes TLS on the usual port and else insists on STARTTLS; <c>none</c> does
    /// without, for a server on the same machine.
    /// </summary>
    public string Security { get; set; } = "auto";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Of IMAP; POP3 knows no folders.</summary>
    public string Folder { get; set; } = Inbox;

    /// <summary>How often a server is looked at that does not say by itself when something arrives: every one of POP3.</summary>
    public int PollSeconds { get; set; } = 15;

    /// <summary>A PEM file with authorities to trust beside those of this machine, or with the server's own certificate.</summary>
    public string? CaFile { get; set; }

    public bool IsConfigured => Host is { Length: > 0 };

    public SmtpSecurity Mode => Enum.Parse<SmtpSecurity>(Security, ignoreCase: true);

    public MailboxProtocol Speaks => Enum.Parse<MailboxProtocol>(Protocol, ignoreCase: true);

    /// <summary>The port that speaks TLS from the start.</summary>
    public int UsualPort => Speaks == MailboxProtocol.Pop3 ? 995 : 993;

    public int PortOrUsual => Port ?? UsualPort;

    public TimeSpan Pause => TimeSpan.FromSeconds(PollSeconds);

    /// <param name="returnPath">The setting <c>Mail__ReturnPath</c>.</param>
    /// <returns>A sentence for each setting that cannot work.</returns>
    public IEnumerable<string> Errors(string? returnPath)
    {
        if (
            returnPath is { Length: > 0 }
            && (EmailAddress.Parse(returnPath) is not { } address || address.Key.IndexOf('@') > ReturnPath.MaxLocal)
        )
        {
            yield return "Mail__ReturnPath must be one address with a short part before the @, such as bounces@example.org: mails that "
                + "come back go to bounces+…@example.org.";
        }

        if (!IsConfigured)
        {
            yield break;
        }

        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown || Port is < 1 or > 65_535)
        {
            yield return "Mail__BounceMailbox__Host and __Port must be the name and the port of an IMAP or POP3 server, such as "
                + "imap.example.org and 993.";
        }

        if (!Enum.GetNames<MailboxProtocol>().Contains(Protocol, StringComparer.OrdinalIgnoreCase))
        {
            yield return "Mail__BounceMailbox__Protocol must be imap or pop3.";
        }
        else if (Speaks == MailboxProtocol.Pop3 && Folder != Inbox)
        {
            yield return "Mail__BounceMailbox__Folder is for IMAP alone: POP3 knows no folders. Take the setting away, or read by IMAP.";
        }

        if (PollSeconds is < 1 or > MaxPollSeconds)
        {
            yield return $"Mail__BounceMailbox__PollSeconds must be from 1 to {MaxPollSeconds}.";
        }

        if (User is not { Length: > 0 } || Password is not { Length: > 0 })
        {
            yield return "Mail__BounceMailbox__User and Mail__BounceMailbox__Password must be set: nobody reads a mailbox without.";
        }

        if (!Enum.GetNames<SmtpSecurity>().Contains(Security, StringComparer.OrdinalIgnoreCase))
        {
            yield return "Mail__BounceMailbox__Security must be auto, none, starttls or tls.";
        }

        if (CaFile is { Length: > 0 } && SmtpTrust.ErrorOf(CaFile) is { } unreadable)
        {
            yield return unreadable.Replace("Mail__Smtp__CaFile", "Mail__BounceMailbox__CaFile", StringComparison.Ordinal);
        }
    }
}

/// <summary>How a mailbox is read.</summary>
internal enum MailboxProtocol
{
    Imap,
    Pop3,
}
