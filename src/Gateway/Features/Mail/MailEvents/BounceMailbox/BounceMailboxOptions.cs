using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>The mailbox that mails come back to, read by IMAP; section <c>Mail:BounceMailbox</c>.</summary>
internal sealed class BounceMailboxOptions
{
    public string? Host { get; set; }

    /// <summary>993 speaks TLS from the start; every other port begins in clear.</summary>
    public int Port { get; set; } = 993;

    /// <summary>
    /// As <see cref="SmtpOptions.Security"/>: <c>auto</c> takes TLS on port 993 and else insists on STARTTLS; <c>none</c> does without, for
    /// a server on the same machine.
    /// </summary>
    public string Security { get; set; } = "auto";

    public string? User { get; set; }

    public string? Password { get; set; }

    public string Folder { get; set; } = "INBOX";

    /// <summary>A PEM file with authorities to trust beside those of this machine, or with the server's own certificate.</summary>
    public string? CaFile { get; set; }

    public bool IsConfigured => Host is { Length: > 0 };

    public SmtpSecurity Mode => Enum.Parse<SmtpSecurity>(Security, ignoreCase: true);

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
            yield return "Mail__BounceMailbox__Host and __Port must be the name and the port of an IMAP server, such as imap.example.org "
                + "and 993.";
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
