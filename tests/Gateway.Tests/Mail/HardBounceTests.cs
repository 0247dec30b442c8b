using Gateway.Features.Mail;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Smtp;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail;

/// <summary>Refusals as servers give them, and whether they say that nobody is there.</summary>
public sealed class HardBounceTests
{
    private readonly TestClock clock = new();
    private readonly BounceWitnesses witnesses;

    public HardBounceTests() => witnesses = new(clock);

    [Theory]
    [InlineData(550, "5.1.1 <ada@example.org>: Recipient address rejected: User unknown in virtual mailbox table")]
    [InlineData(550, "5.1.1 <spam@blocked.example>: Recipient address rejected: User unknown in relay recipient table")]
    [InlineData(
        550,
        "5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for "
            + "typos or unnecessary spaces. See https://support.example/policy"
    )]
    [InlineData(550, "5.1.2 <ada@nowhere.example>: Recipient address rejected: Domain not found")]
    [InlineData(501, "5.1.3 Bad recipient address syntax")]
    [InlineData(551, "5.1.6 User has moved")]
    [InlineData(556, "5.1.10 Recipient address has null MX")]
    [InlineData(550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")]
    [InlineData(550, "5.2.1 The email account that you tried to reach is disabled")]
    [InlineData(550, "sorry, no mailbox here by that name (#5.1.1)")]
    [InlineData(550, "no such user here")]
    [InlineData(552, "Requested mail action aborted, mailbox not found")]
    public void Nobody_is_there(int code, string said)
    {
        Assert.True(Of(SmtpStep.Recipient, code, said));
        Assert.False(Of(SmtpStep.Sender, code, said));
        Assert.False(Of(SmtpStep.Content, code, said));
        Assert.False(Of(SmtpStep.Recipient, code - 100, said));
    }

    [Theory]
    [InlineData(550, "4.1.1 no such user, perhaps")]
    [InlineData(550, "5.0.0 no such user")]
    [InlineData(550, "5.1.0 Address rejected")]
    [InlineData(501, "5.1.7 Bad sender address syntax")]
    [InlineData(550, "5.1.8 Sender address does not exist")]
    [InlineData(552, "5.2.2 mailbox is over quota")]
    [InlineData(552, "5.3.4 Message size exceeds fixed limit")]
    [InlineData(550, "5.4.1 Recipient address rejected: Access denied")]
    [InlineData(550, "5.4.4 Unable to route")]
    [InlineData(550, "5.7.1 Recipient refused by policy")]
    [InlineData(550, "5.7.27 Sender address has null MX")]
    [InlineData(550, "5.1.1 Your message was blocked as spam")]
    [InlineData(550, "5.1.1 Recipient rejected by local policy")]
    [InlineData(550, "5.1.1 Poor reputation of the sending server")]
    [InlineData(550, "5.1.1 Relay access denied")]
    [InlineData(550, "5.1.1 Mailbox full")]
    [InlineData(550, "5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages")]
    [InlineData(550, "Sender verify failed: no such user")]
    [InlineData(550, "Callout verification failed: 550 User unknown")]
    [InlineData(550, "rejected: 5.7.1 user unknown")]
    [InlineData(550, "Access denied")]
    public void Somebody_may_be_there(int code, string said) => Assert.False(Of(SmtpStep.Recipient, code, said));

    [Fact]
    public void A_server_is_believed_of_four_in_a_row_and_again_once_it_took_a_mail()
    {
        string[] few = ["ada@a.example", "bob@b.example", "carl@c.example", "dora@d.example"];

        Assert.All(few, address => Assert.True(witnesses.Believe("mail", address)));
        Assert.False(witnesses.Believe("mail", "eve@e.example"));
        Assert.True(witnesses.Believe("mail", few[^1]));
        Assert.True(witnesses.Believe("other", "eve@e.example"));

        witnesses.Took("mail", "fred@f.example");
        Assert.True(witnesses.Believe("mail", "eve@e.example"));
    }

    [Fact]
    public void At_a_domain_that_it_takes_for_its_own_a_server_is_believed_of_four_a_day()
    {
        Assert.Equal([true, true, true, true, false], Enumerable.Range(0, 5).Select(number => AfterAnother($"p{number}@shop.example")));
        Assert.True(AfterAnother("p4@elsewhere.example"));

        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal([true, true, true, true, false], Enumerable.Range(4, 5).Select(number => AfterAnother($"p{number}@shop.example")));

        witnesses.Took("mail", "gina@shop.example");
        Assert.True(AfterAnother("p8@shop.example"));

        bool AfterAnother(string address)
        {
            witnesses.Took("mail", "eve@fine.example");
            return witnesses.Believe("mail", address);
        }
    }

    private static bool Of(SmtpStep step, int code, string said) =>
        SmtpAnswers.Judge(step, code, said) is MailOutcome.Refused { IsHardBounce: true };
}
