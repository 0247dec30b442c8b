using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Features.Mail.Bounces;
using Gateway.Infrastructure.Connections;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Gateway.Features.Mail.Smtp;

/// <summary>How far a mail had come when the server answered.</summary>
internal enum SmtpStep
{
    /// <summary>MAIL FROM: nothing was said yet of the recipient, so it cannot be about them.</summary>
    Sender,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA, or the end of the mail.</summary>
    Content,
}

/// <summary>
/// Whom a server's 4xx or 5xx answer concerns: this recipient or this mail, our sender, our account, or the server itself. Servers follow
/// RFC 3463 in part and add codes and words of their own, so both count; what nobody knows is about this mail alone.
/// </summary>
internal static partial class SmtpAnswers
{
    private const string SenderRefused = "sender_refused";

    /// <summary>What is wrong and what to do, before the server's own words, which may be a stranger's.</summary>
    private static readonly Dictionary<string, string> Sentences = new()
    {
        ["sign_in_refused"] = "The mail server wants a sign-in, or another one: check Mail__Smtp__User and Mail__Smtp__Password.",
        ["sending_limit"] = "The mail server says that a sending limit of this account is reached: wait, or have it raised.",
        ["relay_refused"] = "The mail server does not pass on mail of this account: sign in, or have it allowed there.",
        ["account_blocked"] = "The mail server blocks this account or this machine: look there for the reason.",
        [SenderRefused] = "The mail server does not take mail from this sender: have the address or its domain confirmed there.",
        ["server_busy"] = "The mail server takes no mail at the moment.",
    };

    /// <summary>What to do where passwords have come to an end, as at Microsoft 365.</summary>
    public const string TakeTokens =
        "sign in by OAuth (Mail__Smtp__OAuth__TokenUrl, __ClientId, __ClientSecret, __Scope), or have SMTP AUTH with a password "
        + "allowed there "
        + "for this mailbox, as long as that can be had.";

    /// <summary>Whether a server says that it takes no passwords any more, or not of this mailbox: Exchange Online's 5.7.30 and
    /// 5.7.139.</summary>
    public static bool IsPasswordEnded(string said) => PasswordEnded().IsMatch(said);

    /// <summary>Whether a server that has not seen us before asks us to come again: that is no fault.</summary>
    public static bool IsGreylisted(int code, string said) => code is >= 400 and < 500 && Greylisted().IsMatch(said);

    /// <param name="code">The reply code, such as 550.</param>
    /// <param name="said">The server's words, which begin with the enhanced code where there is one, without those of the recipient's
    /// address (<see cref="SmtpErrors.Without"/>).</param>
    public static MailOutcome Judge(SmtpStep step, int code, string said)
    {
        var answer = SmtpErrors.Clean($"{code} {said}");
        var found = Enhanced().Match(said);
        var (status, enhanced) = (found.Groups[1].Value, found.Groups[2].Value);
        var mayBePerson = step != SmtpStep.Sender;
        var isHardBounce = HardBounce.Is(step, code, status, answer);
        if (isHardBounce || IsAboutMessage(enhanced, said) || (mayBePerson && (IsAboutRecipient(enhanced) || Recipient().IsMatch(said))))
        {
            return Own();
        }

        if (AccountCode(code, enhanced, said) is { } account)
        {
            return Hold(Concern.Account, account);
        }

        if (IsAboutSender(enhanced, said, step))
        {
            return Hold(Concern.Account, SenderRefused);
        }

        if (IsAboutServer(code, enhanced))
        {
            return Hold(Concern.Server, "server_busy");
        }

        return step != SmtpStep.Sender && code >= 500
                ? new MailOutcome.Refused(answer, KindOf(code, enhanced, answer), Read: step == SmtpStep.Content)
            : step != SmtpStep.Sender ? Own()
            : code < 500 ? Hold(Concern.Server, "server_busy")
            : Hold(Concern.Account, SenderRefused);

        MailOutcome Own() => code >= 500 ? new MailOutcome.Refused(answer, IsHardBounce: isHardBounce) : new MailOutcome.Later(answer);

        string SentenceOf(string error) =>
            error == "sign_in_refused" && IsPasswordEnded(said) ? $"The mail server takes no passwords: {TakeTokens}" : Sentences[error];

        MailOutcome.Held Hold(Concern concern, string error) =>
            new(
                new(concern, error, $"{SentenceOf(error)} It said: {answer}", MayBePerson: mayBePerson),
                IsSender: error == SenderRefused,
                IsFinal: code >= 500
            );
    }

    /// <summary>The codes; without an enhanced one also the words, apart from those of one mail: numbers, names, addresses.</summary>
    private static string KindOf(int code, string enhanced, string answer) =>
        enhanced.Length > 0 ? $"{code} 5.{enhanced}" : $"{code} {string.Join(' ', Words().Matches(answer).Take(8))}";

    /// <summary>The line was closed by a 421, or lost, or nobody answered.</summary>
    public static MailOutcome.Held Unavailable(HungUp lost) =>
        new(new(Concern.Server, "server_unreachable", lost.Answer, MayBePerson: lost.MayBePerson));

    /// <param name="thrown">What ended the opening of a connection; null when the settings and what the server offers do not fit.</param>
    /// <param name="why">The same as a sentence.</param>
    public static ConnectionError OfOpening(Exception? thrown, string why) =>
        thrown switch
        {
            // A server that cannot look the password up at the moment says 454; that refuses nobody.
            AuthenticationException { InnerException: SmtpCommandException { StatusCode: var code } } when (int)code < 500 => new(
                Concern.Server,
                "server_busy",
                why
            ),
            AuthenticationException => new(Concern.Account, "sign_in_refused", why),
            SslHandshakeException or NotSupportedException => new(Concern.Account, "tls_failed", why),
            SmtpCommandException { StatusCode: var code, Message: var said } when (int)code >= 500 => new(
                Concern.Account,
                AccountCode((int)code, "", said) ?? "account_blocked",
                why
            ),
            SmtpCommandException => new(Concern.Server, "server_busy", why),
            null => new(Concern.Account, "mail_settings", why),
            _ => new(Concern.Server, "server_unreachable", why),
        };

    /// <summary>Size, syntax of the mail, an address that needs SMTPUTF8: another mail may well pass.</summary>
    private static bool IsAboutMessage(string enhanced, string said) =>
        enhanced is "3.4" or "2.3" || enhanced.StartsWith("6.", StringComparison.Ordinal) || Size().IsMatch(said);

    /// <summary>No such user, disabled, full, moved, no such domain: RFC 3463 sections 3.2 and 3.3, RFC 7505.</summary>
    private static bool IsAboutRecipient(string enhanced) =>
        enhanced is "1.1" or "1.2" or "1.3" or "1.4" or "1.5" or "1.6" or "1.10" or "2.0" or "2.1" or "2.2" or "2.4" or "4.1" or "4.4";

    private static string? AccountCode(int code, string enhanced, string said) =>
        code is 530 or 534 or 535 or 538 || enhanced is "7.8" or "7.57" or "7.139" || SignIn().IsMatch(said) ? "sign_in_refused"
        : enhanced is "4.5" or "1.90" or "7.232" or "7.233" or "7.705" || (Limit().IsMatch(said) && !Mailbox().IsMatch(said))
            ? "sending_limit"
        : enhanced is "7.54" or "7.64" || Relay().IsMatch(said) ? "relay_refused"
        : enhanced is "7.25" or "7.511" or "7.708" or "7.750" || IsBanned(enhanced) || Blocked().IsMatch(said) ? "account_blocked"
        : null;

    /// <summary>
    /// The domain in From is not ours to send from, or lacks what mailbox providers ask of it: SPF, DKIM, DMARC (Gmail 5.7.26 and
    /// 5.7.27, Yahoo 5.7.9, Outlook 5.7.515).
    /// </summary>
    private static bool IsAboutSender(string enhanced, string said, SmtpStep step) =>
        enhanced is "1.7" or "1.8" or "7.9" or "7.20" or "7.21" or "7.22" or "7.23" or "7.26" or "7.27" or "7.30" or "7.60" or "7.515"
        || (step == SmtpStep.Content ? ContentSender() : Sender()).IsMatch(said);

    /// <summary>RFC 3463 sections 3.4 and 3.5: the system is full, shut down, badly configured, or overloaded.</summary>
    private static bool IsAboutServer(int code, string enhanced) =>
        code == 421 || enhanced is "3.0" or "3.1" or "3.2" or "3.3" or "3.5" or "4.2" or "4.3";

    /// <summary>Exchange Online: this address of ours is on its list, 5.7.606 to 5.7.649.</summary>
    private static bool IsBanned(string enhanced) =>
        enhanced.Length == 5
        && enhanced.StartsWith("7.6", StringComparison.Ordinal)
        && int.Parse(enhanced.AsSpan(2), CultureInfo.InvariantCulture) is >= 606 and <= 649;

    [GeneratedRegex(@"(?<=^|\s)[\p{L}']+(?=[\s,;:.!?]|$)")]
    private static partial Regex Words();

    /// <summary>At the beginning, or in brackets at the end as qmail writes it: <c>(#4.2.2)</c>.</summary>
    [GeneratedRegex(@"(?:^\s*|\(#?)([245]\.(\d{1,3}\.\d{1,3}))\b")]
    private static partial Regex Enhanced();

    /// <summary>What servers say of one recipient or their server, with codes that say something else or none.</summary>
    [GeneratedRegex(
        @"^\W*([245]\.\d+\.\d+ )?(<[^>]*>\S* )?recipient\b|\bthis (e-?mail )?(account|mailbox|address|user)\b|recipient (account|mailbox)"
            + @"|(user|mailbox|account) (is )?(full\b|over (its |the )?quota)|call-?out|grey-?list|(mx|dns|domain|host) (lookup|name)\b"
            + @"|temporary lookup failure|no such (user|mailbox|recipient)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Recipient();

    [GeneratedRegex(@"^\s*5\.7\.(30|139)\b|basic authentication is (not supported|disabled)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordEnded();

    [GeneratedRegex(@"gr[ea]y-?list|^\s*4\.7\.1\b.*(try|come|again|later|delay|minutes|seconds)|postgrey", RegexOptions.IgnoreCase)]
    private static partial Regex Greylisted();

    [GeneratedRegex(@"\b(message|mail) (size|too (big|large))|size (limit|exceeds)|too large|SMTPUTF8", RegexOptions.IgnoreCase)]
    private static partial Regex Size();

    [GeneratedRegex(
        @"\bauth(enticat\w*)? (is )?(required|failed|needed)|must (first )?(authenticate|log ?in|sign ?in)|not (authenticated|logged in)"
            + @"|(turn on|enable|use) smtp auth|(invalid|bad|wrong) (credentials|user(name)?|password|login)|basic authentication",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SignIn();

    [GeneratedRegex(
        @"\b(limit|quota|rate|credits?|allowance)\b.{0,60}\b(exceed(ed|s)?|reached|hit|used up|exhausted)\b"
            + @"|\b(exceed(ed|s)?|reached|over|hit|exhausted)\b.{0,60}\b(limit|quota|rate|max(imum)?|threshold|credits?)\b"
            + @"|too many (e-?mails|messages|mails) (sent|from|per|this)|insufficient (credits?|funds)|no (more )?credits",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Limit();

    /// <summary>The recipient's own quota, which is no limit of ours.</summary>
    [GeneratedRegex(
        @"mailbox|inbox|(account|user|recipient) (that )?you tried to reach|recipient'?s? (is )?(over|receiving|storage)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Mailbox();

    [GeneratedRegex(
        @"relay(ing)?\b.{0,40}(denied|not (permitted|allowed|authori[sz]ed|available)|prohibited|disabled|refused|rejected)"
            + @"|(unable|not (permitted|allowed|authori[sz]ed)|cannot|will not|do not|don't) (to )?relay|relay access|no relaying"
            + "|rcpthosts",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Relay();

    [GeneratedRegex(
        @"(your|sending|sender|smtp) (account|ip|ip address|server|host|network|user)\b.{0,60}(suspended|disabled|blocked|blacklisted"
            + @"|banned|deactivated|restricted|locked)"
            + @"|\bis (temporarily )?(suspended|blacklisted|block-?listed)\b|spamhaus|\b(dns|rb|b)l\b|barracuda|bad outbound sender"
            + @"|(account|service) (has been |is )(temporarily )?(suspended|disabled|blocked|locked)"
            + @"|listed (in|on|at|by)\b|\b(helo|ehlo)\b|client host .{0,60}(blocked|rejected)|poor reputation|unusual rate",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Blocked();

    [GeneratedRegex(
        @"\bsender\b|mail ?from|from[- ]address|envelope from|send ?as\b|return[- ]path|not owned by|unverified|not verified"
            + @"|(spf|dkim|dmarc)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Sender();

    /// <summary>At the end of a mail many words stand in the answer, so only plain ones count.</summary>
    [GeneratedRegex(
        @"(sender|from)( address| domain)?( is|:)? (not (verified|allowed|authori[sz]ed|permitted|owned|valid)|rejected|refused|unverified)"
            + @"|not (allowed|authori[sz]ed|permitted) to (send|use)|send ?as\b|address is not verified|unauthenticated"
            + @"|\b(spf|dkim|dmarc)\b.{0,60}\b(fail|not pass|reject|required|policy)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex ContentSender();
}
