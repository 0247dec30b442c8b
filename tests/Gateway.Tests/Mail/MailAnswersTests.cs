using Gateway.Features.Mail;

namespace Gateway.Tests.Mail;

/// <summary>What servers answer is told in plain words, where it is known.</summary>
public sealed class MailAnswersTests
{
    [Theory]
    [InlineData("550 5.1.1 User unknown", "This mailbox does not exist; probably mistyped.")]
    [InlineData("550-5.1.1 The email account that you tried to reach does not exist.", "This mailbox does not exist; probably mistyped.")]
    [InlineData("550 No such user here", "This mailbox does not exist; probably mistyped.")]
    [InlineData("550 Requested action not taken: mailbox not found", "This mailbox does not exist; probably mistyped.")]
    [InlineData("556 5.1.10 Recipient address has null MX", "The domain of this address takes no mail; probably mistyped.")]
    [InlineData("552 5.2.2 Over quota", "This mailbox is full.")]
    [InlineData("552 Mailbox is full", "This mailbox is full.")]
    [InlineData("550 5.7.1 Blocked by policy", null)]
    [InlineData("450 4.1.1 User unknown", null)]
    [InlineData("No sender is configured.", null)]
    [InlineData(null, null)]
    public void A_refusal_is_told_in_plain_words_where_they_are_known(string? answer, string? meaning) =>
        Assert.Equal(meaning, MailAnswers.MeaningOf(answer));
}
