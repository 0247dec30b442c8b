using Gateway.Features.Mail;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Connections;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>Answers as servers give them, and whom each concerns.</summary>
public sealed class SmtpAnswersTests
{
    [Theory]
    [InlineData(550, "5.4.5 daily limit exceeded", "sending_limit")]
    [InlineData(550, "5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to", "sending_limit")]
    [InlineData(550, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients", "sending_limit")]
    [InlineData(450, "4.7.1 Error: too many messages from 192.0.2.1, limit exceeded", "sending_limit")]
    [InlineData(454, "4.7.0 Throttling failure: Maximum sending rate exceeded.", "sending_limit")]
    [InlineData(454, "4.7.0 Throttling failure: Daily message quota exceeded.", "sending_limit")]
    [InlineData(
        550,
        "Domain shop.example has exceeded the max emails per hour (500/500 (100%)) allowed. Message discarded.",
        "sending_limit"
    )]
    [InlineData(552, "5.7.0 You have used up your credits; credit limit reached", "sending_limit")]
    [InlineData(
        550,
        "5.7.232 RESTRICT-TRE; Your message can't be sent because your trial tenant has exceeded its limit",
        "sending_limit"
    )]
    [InlineData(530, "5.7.0 Authentication required", "sign_in_refused")]
    [InlineData(530, "5.7.57 Client not authenticated to send mail.", "sign_in_refused")]
    [InlineData(535, "5.7.8 Username and Password not accepted", "sign_in_refused")]
    [InlineData(550, "5.7.30 Basic authentication is not supported for Client Submission.", "sign_in_refused")]
    [InlineData(550, "SMTP AUTH is required for message submission on port 587", "sign_in_refused")]
    [InlineData(550, "Please turn on SMTP Authentication in your mail client", "sign_in_refused")]
    [InlineData(553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "relay_refused")]
    [InlineData(504, "5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", "account_blocked")]
    [InlineData(550, "Access denied - Invalid HELO name", "account_blocked")]
    [InlineData(554, "5.7.1 Relay access denied", "relay_refused")]
    [InlineData(550, "relay not permitted", "relay_refused")]
    [InlineData(550, "5.7.64 TenantAttribution; Relay Access Denied", "relay_refused")]
    [InlineData(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "account_blocked")]
    [InlineData(550, "5.7.606 Access denied, banned sending IP [192.0.2.1]", "account_blocked")]
    [InlineData(550, "5.7.1 Your account has been suspended", "account_blocked")]
    [InlineData(550, "5.1.8 Access denied, bad outbound sender.", "account_blocked")]
    public void What_concerns_the_account_holds_the_connection_wherever_it_is_said(int code, string said, string expected)
    {
        foreach (var step in Enum.GetValues<SmtpStep>())
        {
            var held = Assert.IsType<MailOutcome.Held>(SmtpAnswers.Judge(step, code, said));
            Assert.Equal((expected, Concern.Account, false), (held.Error.Code, held.Error.Concern, held.IsSender));
            Assert.Equal(step != SmtpStep.Sender, held.Error.MayBePerson);
        }
    }

    [Theory]
    [InlineData(553, "5.7.1 <news@shop.example>: Sender address rejected: not owned by user ann")]
    [InlineData(550, "5.7.60 SMTP; Client does not have permissions to send as this sender")]
    [InlineData(554, "5.2.252 SendAsDenied; ann@shop.example not allowed to send as news@shop.example")]
    [InlineData(550, "5.1.8 <news@shop.example>: Sender address rejected: Domain not found")]
    [InlineData(450, "4.1.8 <news@shop.example>: Sender address rejected: Domain not found")]
    [InlineData(501, "5.1.7 Invalid address")]
    [InlineData(550, "Access denied")]
    [InlineData(550, "5.7.1 not today")]
    public void A_refusal_of_the_sender_holds_that_sender(int code, string said)
    {
        var held = Assert.IsType<MailOutcome.Held>(SmtpAnswers.Judge(SmtpStep.Sender, code, said));
        Assert.Equal(("sender_refused", Concern.Account, true), (held.Error.Code, held.Error.Concern, held.IsSender));
        Assert.DoesNotContain("@", held.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(550, "5.7.26 This mail has been blocked because the sender is unauthenticated.")]
    [InlineData(550, "5.7.515 Access denied, sending domain shop.example does not meet the required authentication level.")]
    [InlineData(554, "Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1")]
    [InlineData(554, "5.7.9 Message not accepted for policy reasons: DMARC policy reject")]
    public void A_sender_that_lacks_what_providers_ask_for_holds_that_sender(int code, string said)
    {
        var held = Assert.IsType<MailOutcome.Held>(SmtpAnswers.Judge(SmtpStep.Content, code, said));
        Assert.True(held.IsSender);
    }

    [Theory]
    [InlineData(SmtpStep.Sender, 451, "4.3.0 Temporary lookup failure")]
    [InlineData(SmtpStep.Sender, 452, "4.3.1 Insufficient system storage")]
    [InlineData(SmtpStep.Recipient, 452, "4.3.1 Insufficient system storage")]
    [InlineData(SmtpStep.Content, 451, "4.3.2 System not accepting network messages")]
    [InlineData(SmtpStep.Sender, 450, "try again later")]
    [InlineData(SmtpStep.Sender, 554, "5.3.2 System not accepting network messages")]
    internal void A_server_in_trouble_is_waited_for_as_a_whole(SmtpStep step, int code, string said)
    {
        var held = Assert.IsType<MailOutcome.Held>(SmtpAnswers.Judge(step, code, said));
        Assert.Equal((Concern.Server, false), (held.Error.Concern, held.IsSender));
    }

    [Theory]
    [InlineData(SmtpStep.Recipient, 550, "5.1.1 <ada@example.org>: Recipient address rejected: User unknown")]
    [InlineData(SmtpStep.Recipient, 550, "no such user here")]
    [InlineData(SmtpStep.Recipient, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found")]
    [InlineData(SmtpStep.Recipient, 552, "5.2.2 mailbox is over quota, limit exceeded")]
    [InlineData(SmtpStep.Recipient, 550, "5.2.1 The email account that you tried to reach is disabled")]
    [InlineData(SmtpStep.Recipient, 550, "5.7.1 Recipient refused by policy")]
    [InlineData(SmtpStep.Recipient, 552, "mailbox full, quota exceeded")]
    [InlineData(SmtpStep.Recipient, 550, "This account has been disabled")]
    [InlineData(SmtpStep.Recipient, 550, "5.7.1 Recipient account has been suspended")]
    [InlineData(SmtpStep.Recipient, 552, "user over quota")]
    [InlineData(SmtpStep.Recipient, 550, "Callout verification failed: 550 Authentication required")]
    [InlineData(SmtpStep.Content, 552, "5.3.4 Message size exceeds fixed limit")]
    [InlineData(SmtpStep.Sender, 552, "5.3.4 Message size exceeds fixed limit")]
    [InlineData(SmtpStep.Content, 554, "5.7.1 Message contains spam or a virus")]
    [InlineData(SmtpStep.Content, 554, "5.6.0 Malformed message")]
    internal void What_concerns_one_recipient_or_one_mail_is_final_for_it_alone(SmtpStep step, int code, string said) =>
        Assert.IsType<MailOutcome.Refused>(SmtpAnswers.Judge(step, code, said));

    [Theory]
    [InlineData(550, "5.7.0 Local Policy Violation", "550 5.7.0")]
    [InlineData(550, "Votre quota d'envoi journalier est atteint", "550 Votre quota d'envoi journalier est atteint")]
    [InlineData(554, "Too many nondelivery reports from 192.0.2.1, id 4711", "554 Too many nondelivery reports from id")]
    public void What_nobody_knows_is_alike_by_its_codes_or_its_words(int code, string said, string kind)
    {
        foreach (var step in new[] { SmtpStep.Recipient, SmtpStep.Content })
        {
            var refused = Assert.IsType<MailOutcome.Refused>(SmtpAnswers.Judge(step, code, said));
            Assert.Equal((kind, step == SmtpStep.Content, false), (refused.Kind, refused.Read, refused.IsHardBounce));
        }
    }

    public static TheoryData<string> Wordings =>
        [
            "Unknown user {0}",
            "5.1.1 <{0}>: Recipient address rejected: User unknown in virtual mailbox table",
            "5.1.1 {0}... User unknown",
            "{0}... User unknown",
            "Message was not accepted -- invalid mailbox.  Local mailbox {0} is unavailable: user not found",
            "I cannot deliver mail for {0}",
            "Invalid recipient: {0}",
            "<{0}>, Recipient unknown",
            "5.0.0 <{0}> mailbox unavailable",
            "no mailbox {1} here",
            "unrouteable domain {2} of {1}",
        ];

    [Theory]
    [MemberData(nameof(Wordings))]
    public void Words_that_stand_in_the_recipients_address_hold_nobody(string wording)
    {
        string[] chosen =
        [
            "spamhaus",
            "barracuda",
            "dnsbl",
            "rbl",
            "spf",
            "sender",
            "relay.denied",
            "relay denied",
            "account suspended",
            "is suspended",
            "authentication required",
            "limit exceeded",
            "too many connections",
            "helo",
            "rcpthosts",
            "(#5.7.8)",
            "spamhaus+x",
        ];
        var addresses = chosen
            .SelectMany(word =>
                new[]
                {
                    (word.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '+') ? word : $"\"{word}\"") + "@shop.example",
                    $"ada@{string.Concat(word.Where(char.IsLetter))}.example",
                }
            )
            .Where(address => !address.Contains("@.", StringComparison.Ordinal));

        foreach (var address in addresses)
        {
            var to = new MailboxAddress("", address);
            foreach (var code in new[] { 550, 450 })
            {
                var words = wording.Replace("5.", $"{code / 100}.", StringComparison.Ordinal);
                var said = string.Format(null, words, address, to.LocalPart.Trim('"'), to.Domain);
                var outcome = SmtpAnswers.Judge(SmtpStep.Recipient, code, SmtpErrors.Without(said, to));
                Assert.False(outcome is MailOutcome.Held, $"{said}: {outcome}");
            }
        }
    }

    [Theory]
    [InlineData(SmtpStep.Recipient, 450, "4.2.0 <ada@example.org>: Recipient address rejected: Greylisted")]
    [InlineData(SmtpStep.Recipient, 452, "4.2.2 The recipient's inbox is over quota limit, exceeded")]
    [InlineData(SmtpStep.Recipient, 451, "greylisted, try again in 5 minutes")]
    [InlineData(SmtpStep.Recipient, 451, "Greylisted, sender/recipient/ip triplet")]
    [InlineData(SmtpStep.Recipient, 450, "4.4.3 MX lookup for evil.example failed")]
    [InlineData(SmtpStep.Recipient, 451, "4.3.0 Temporary lookup failure")]
    [InlineData(SmtpStep.Recipient, 452, "user is over quota (#4.2.2)")]
    [InlineData(SmtpStep.Content, 450, "4.7.0 content not yet known")]
    internal void What_will_pass_is_tried_again_by_itself(SmtpStep step, int code, string said) =>
        Assert.IsType<MailOutcome.Later>(SmtpAnswers.Judge(step, code, said));
}
