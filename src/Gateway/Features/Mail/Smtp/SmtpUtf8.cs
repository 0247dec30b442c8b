using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>
/// Addresses with letters beyond ASCII before the @ need a server with SMTPUTF8 (RFC 6531); after it they are written in ASCII, which
/// every server takes.
/// </summary>
internal static class SmtpUtf8
{
    /// <summary>Writes such a mail, and asks the server for SMTPUTF8.</summary>
    public static readonly FormatOptions Format = MakeFormat();

    /// <returns>What needs it, for a sentence; null when nothing does.</returns>
    public static string? NeededFor(MimeMessage message) =>
        NeedsIt(message.To) ? "letters beyond ASCII before the @"
        : NeedsIt(message.From) ? "letters beyond ASCII before the @, and the sender's has some"
        : NeedsIt(message.ReplyTo) ? "letters beyond ASCII before the @, and the one for replies has some"
        : null;

    /// <returns>How the mail goes over the wire.</returns>
    public static FormatOptions FormatOf(MimeMessage message) => NeededFor(message) is null ? FormatOptions.Default : Format;

    private static bool NeedsIt(InternetAddressList addresses) =>
        addresses.Mailboxes.Any(mailbox => mailbox.LocalPart.Any(letter => letter > 127));

    private static FormatOptions MakeFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.International = true;
        return format;
    }
}
