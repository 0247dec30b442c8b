using System.Text.RegularExpressions;
using Gateway.Features.Mail.Smtp;

namespace Gateway.Features.Mail.Bounces;

/// <summary>
/// Which refusals say that a mailbox or a domain does not exist, so that nothing is sent there again: permanent ones (5xx) of RCPT TO, with
/// one of a few codes (RFC 3463, sections 3.2 and 3.3; RFC 7505, section 4.2) or, where there is no code, with words that say it.
/// <para>
/// What may pass or be about us never is one, and in doubt it is not: a mail that fails can be sent again, a subscription that ended cannot
/// be undone. So 5.1.0, 5.1.4 and 5.4.x do not count (nothing said, two people of one name, the server's own routing; Microsoft answers
/// 5.4.1 to both), nor 5.1.7 and 5.1.8 (the sender), 5.2.2 (full), 5.3.4 (size) and 5.7.x (policy). Some servers take 5.1.1 for those as
/// well, and Gmail 5.2.1 for a mailbox that gets too much at the moment: their words tell.
/// </para>
/// <para>
/// A server that says it of everybody is none of this class's business: <see cref="BounceWitnesses"/>.
/// </para>
/// </summary>
internal static partial class HardBounce
{
    /// <summary>
    /// No such mailbox, no such domain, no such address, moved with no address left, null MX (Exchange: no such recipient), and 5.2.1: a
    /// mailbox that is disabled, as Gmail and others say of accounts that were closed.
    /// </summary>
    public static readonly IReadOnlyList<string> Codes = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

    /// <param name="code">The reply code, such as 550.</param>
    /// <param name="status">The enhanced code, such as <c>5.1.1</c>; empty where there is none.</param>
    /// <param name="answer">The whole answer as <see cref="SmtpErrors.Clean"/> leaves it: an address in it may hold any word.</param>
    public static bool Is(SmtpStep step, int code, string status, string answer) =>
        step == SmtpStep.Recipient
        && code >= 500
        && (status.Length > 0 ? Codes.Contains(status) : MailAnswers.SaysNoMailbox(answer) && !AnyStatus().IsMatch(answer))
        && !SaysOtherwise(answer);

    /// <summary>Whether words speak of something else than that nobody is there, whatever the code says.</summary>
    /// <inheritdoc cref="Is" path="/param[@name='answer']"/>
    public static bool SaysOtherwise(string answer) => Otherwise().IsMatch(answer);

    [GeneratedRegex(@"\b[245]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex AnyStatus();

    /// <summary>Policy and reputation, our sender, account or address, limits, and what will pass.</summary>
    [GeneratedRegex(
        @"polic(y|ies)|\bspam|\bjunk|unsolicited|reputation|block|black-?list|\bban(ned)?\b|\b(dns|rb|b)l\b|spamhaus|barracuda|abuse"
            + @"|suspicious|virus|malware|filter|content|den(y|ied)|prohibited|restrict|not (allowed|permitted|authori[sz]ed)"
            + @"|\brelay(ing)?\b(?! recipient)|sender|authenti|credential|password|\b(spf|dkim|dmarc|ptr|rdns|ip)\b|reverse|client host"
            + @"|\brate\b|limit|quota|\bfull\b|too (many|much|large|big)|\bsize\b|temporar|try again|later|grey-?list|call-?out",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Otherwise();
}
