using System.Text.RegularExpressions;
using Gateway.Features.Contacts;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>
/// What an event means, whoever told it. Only a hard bounce, a complaint and an unsubscribe end that somebody is written to; in doubt an
/// event is none of these, since a subscription that ended cannot be undone.
/// <para>
/// A message only gets further: sent, delivered, bounced. So events end in the same state in whatever order they come.
/// </para>
/// </summary>
internal static partial class MailEventRules
{
    /// <summary>
    /// What a provider calls a hard bounce is none where the receiving server's own code says otherwise: a mailbox that is full (5.2.2) or
    /// takes no such long mail (5.2.3), the system (5.3), protocol and content (5.5, 5.6), policy and reputation (5.7), the sender (5.1.7,
    /// 5.1.8), or what passes (4). Source: RFC 3463 and the IANA registry of enhanced status codes.
    /// </summary>
    public static MailEventType Judge(MailEventType said, string? code) =>
        said != MailEventType.HardBounced || code is null || !IsAboutSomethingElse().IsMatch(code) ? said
        : code.StartsWith("5.7.", StringComparison.Ordinal) ? MailEventType.Blocked
        : MailEventType.SoftBounced;

    /// <summary>Why nobody writes to the recipient any more; null when they may be written to.</summary>
    public static SuppressionReason? Suppresses(MailEventType type) =>
        type switch
        {
            MailEventType.HardBounced => SuppressionReason.Bounced,
            MailEventType.Complained => SuppressionReason.Complained,
            MailEventType.Unsubscribed => SuppressionReason.Unsubscribed,
            _ => null,
        };

    /// <summary>What the event makes of its message; null when it stays as it is.</summary>
    public static MessageState? Moves(MailEventType type) =>
        type switch
        {
            MailEventType.HardBounced or MailEventType.SoftBounced or MailEventType.Blocked => MessageState.Bounced,

            // Who opened, clicked or complained has got it.
            MailEventType.Delivered
            or MailEventType.Opened
            or MailEventType.Clicked
            or MailEventType.Complained
            or MailEventType.Unsubscribed => MessageState.Delivered,
            _ => null,
        };

    /// <returns>The first enhanced status code in a text; null when it holds none.</returns>
    public static string? CodeIn(string? text) =>
        text is { Length: > 0 } && Code().Match(text) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(4\.|5\.1\.[78]$|5\.2\.[23]$|5\.[3567]\.)")]
    private static partial Regex IsAboutSomethingElse();
}
