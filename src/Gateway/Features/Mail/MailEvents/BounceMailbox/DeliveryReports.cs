using System.Text;
using System.Text.RegularExpressions;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Smtp;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// What a mail says of one of ours: that it came back, late or for good (DSN, RFC 3464), that somebody called it spam (ARF, RFC 5965), or
/// nothing, as out-of-office answers do. Mail servers that write no report are understood by the address the mail went to
/// (<see cref="ReturnPath"/>) and the code or the words in it.
/// <para>
/// Anybody can write such mails. So an event needs the Message-ID or the return path of the mail it is about, which nobody but those who
/// handled that mail knows; an address in it counts for nothing.
/// </para>
/// </summary>
internal static partial class DeliveryReports
{
    private const int MaxText = 16 * 1024;

    /// <summary>
    /// Of a mailbox or a domain that does not exist, as reports have it: here 5.4.4 is a domain that cannot be found, and 5.1.0 what
    /// Exchange says of a recipient.
    /// </summary>
    private static readonly HashSet<string> Gone = [.. HardBounce.Codes, "5.1.0", "5.4.4"];

    /// <param name="returned">The message that the return path names.</param>
    public static IReadOnlyList<ReportedEvent> Read(MimeMessage mail, string? returned)
    {
        if (mail.Body is MultipartReport report)
        {
            return report.ReportType?.ToLowerInvariant() switch
            {
                "delivery-status" => OfStatus(mail, report, returned),
                "feedback-report" => OfFeedback(mail, report, returned),
                _ => [],
            };
        }

        return returned is not null && IsBounce(mail) ? [OfWords(mail, returned)] : [];
    }

    private static List<ReportedEvent> OfStatus(MimeMessage mail, MultipartReport report, string? returned)
    {
        if (report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status || Original(report, returned) is not { } original)
        {
            return [];
        }

        // The first group is about the report, the others each about a recipient; a mail of ours has one.
        return
        [
            .. Groups(status)
                .Skip(1)
                .Select(fields =>
                {
                    var code = fields["Status"];
                    var detail = AfterSemicolon(fields["Diagnostic-Code"]) ?? code;
                    return Event(mail, original, TypeOf(fields["Action"], MailEventRules.CodeIn(code), detail ?? ""), fields) with
                    {
                        Code =
                            MailEventRules.CodeIn(detail) is { } said && code?.EndsWith(".0.0", StringComparison.Ordinal) != false
                                ? said
                                : code,
                        Detail = detail,
                    };
                })
                .Take(1),
        ];
    }

    private static List<ReportedEvent> OfFeedback(MimeMessage mail, MultipartReport report, string? returned)
    {
        if (report.OfType<MessageFeedbackReport>().FirstOrDefault() is not { } feedback || Original(report, returned) is not { } original)
        {
            return [];
        }

        return feedback.Fields["Feedback-Type"]?.Trim().ToLowerInvariant() switch
        {
            "not-spam" => [],
            "opt-out" or "opt-out-list" => [Event(mail, original, MailEventType.Unsubscribed, feedback.Fields)],
            "virus" => [],
            _ => [Event(mail, original, MailEventType.Complained, feedback.Fields) with { Detail = feedback.Fields["Feedback-Type"] }],
        };
    }

    /// <summary>Such as qmail's "Hi. This is the qmail-send program", or an old Exchange.</summary>
    private static ReportedEvent OfWords(MimeMessage mail, string returned)
    {
        var text = mail.TextBody ?? "";
        var said = Clean(text.Length > MaxText ? text[..MaxText] : text);
        var line = said.Split('\n', StringSplitOptions.TrimEntries)
            .FirstOrDefault(one => MailEventRules.CodeIn(one) is not null || Answer().IsMatch(one));
        var code = MailEventRules.CodeIn(line);
        return Event(mail, (returned, null), TypeOf("failed", code, line ?? said), []) with { Code = code, Detail = line };
    }

    private static MailEventType TypeOf(string? action, string? code, string words) =>
        action?.Trim().ToLowerInvariant() switch
        {
            "delivered" or "relayed" or "expanded" => MailEventType.Delivered,
            "delayed" => MailEventType.Deferred,
            "failed" => Failed(code, SmtpErrors.Clean(words)),
            _ => MailEventType.Other,
        };

    /// <summary>What is said after the code counts here as it does at RCPT TO: some servers say 5.1.1 of spam as well.</summary>
    private static MailEventType Failed(string? code, string words)
    {
        var known = MailEventRules.CodeIn(words) ?? code;
        var isGone =
            known is null || known.EndsWith(".0.0", StringComparison.Ordinal) ? MailAnswers.SaysNoMailbox(words) : Gone.Contains(known);
        return known?.StartsWith("5.7.", StringComparison.Ordinal) == true ? MailEventType.Blocked
            : !isGone ? MailEventType.SoftBounced
            : HardBounce.SaysOtherwise(words) ? MailEventType.Blocked
            : MailEventType.HardBounced;
    }

    /// <summary>An answer of a person's mailbox comes to the return path too.</summary>
    private static bool IsBounce(MimeMessage mail) =>
        !mail.Headers.Any(header =>
            header.Field.Equals("Auto-Submitted", StringComparison.OrdinalIgnoreCase)
            && header.Value.StartsWith("auto-replied", StringComparison.OrdinalIgnoreCase)
            && mail.Headers["X-Failed-Recipients"] is null
        )
        && (
            mail.Headers["X-Failed-Recipients"] is not null
            || mail.From.Mailboxes.Any(from => Daemon().IsMatch(from.Address ?? ""))
            || mail.Headers["Return-Path"]?.Trim() == "<>"
        );

    /// <returns>What the mail was that it is about; null when nothing says so.</returns>
    private static (string? Correlation, string? MimeId)? Original(MultipartReport report, string? returned)
    {
        var mimeId = report
            .Select(part =>
                part switch
                {
                    TextRfc822Headers headers => headers.Message?.MessageId,
                    MessagePart whole => whole.Message?.MessageId,
                    TextPart text when text.ContentType.IsMimeType("text", "rfc822-headers") => InHeaders(text.Text),
                    _ => null,
                }
            )
            .FirstOrDefault(id => id is { Length: > 0 });
        return returned is null && mimeId is null ? null : (returned, mimeId);
    }

    /// <summary>A report that cannot be read is none.</summary>
    private static List<HeaderList> Groups(MessageDeliveryStatus status)
    {
        try
        {
            return [.. status.StatusGroups];
        }
        catch (FormatException)
        {
            return [];
        }
    }

    /// <param name="said">What the report says for programs. It is kept beside the report's headers; the mail that came back is not, since
    /// its links are secrets.</param>
    private static ReportedEvent Event(
        MimeMessage mail,
        (string? Correlation, string? MimeId) original,
        MailEventType type,
        IEnumerable<Header> said
    )
    {
        var key = $"{type} {original.Correlation ?? original.MimeId} {mail.MessageId}";
        var kept = mail.Headers.Concat(said).Select(header => $"{header.Field}: {header.Value}");
        return new(type, key, Encoding.UTF8.GetBytes(string.Join('\n', kept)))
        {
            Correlation = original.Correlation,
            MimeId = original.MimeId,
            At = mail.Date == default ? null : mail.Date,
        };
    }

    private static string? InHeaders(string headers) =>
        MessageIdLine().Match(headers) is { Success: true } found ? found.Groups[1].Value : null;

    /// <summary><c>smtp; 550 5.1.1 …</c></summary>
    private static string? AfterSemicolon(string? field) =>
        field is null ? null
        : field.IndexOf(';', StringComparison.Ordinal) is >= 0 and var at ? field[(at + 1)..].Trim()
        : field.Trim();

    private static string Clean(string text) => text.ReplaceLineEndings("\n");

    [GeneratedRegex(@"^message-id:\s*<?([^>\s]+)>?", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex MessageIdLine();

    [GeneratedRegex(@"\b5\d\d[ -]|no (such|mailbox)|unknown|does(n't| not) exist|undeliverable", RegexOptions.IgnoreCase)]
    private static partial Regex Answer();

    [GeneratedRegex("^(mailer-daemon|postmaster|mail-daemon|mailerdaemon)@", RegexOptions.IgnoreCase)]
    private static partial Regex Daemon();
}
