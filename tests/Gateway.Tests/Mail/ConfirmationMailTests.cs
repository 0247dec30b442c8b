using Gateway.Features.Mail;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Mail;

public sealed class ConfirmationMailTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_submission_makes_one_mail_with_link_and_code_and_the_row_forgets_both()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: "first@mail.example");

        var mail = await gateway.MailToAsync("first@mail.example");
        var row = await site.MessageAsync(message => message.State == MessageState.Sent);

        Assert.Equal("Please confirm: Newsletter of Ann's Shop", mail.Subject);
        Assert.Matches(@"http://localhost/c/[\w-]{32}\s", mail.TextBody);
        Assert.Matches(@"http://localhost/c/[\w-]{32}/cancel\s", mail.TextBody);
        Assert.Matches(@"\b\d{8}\b", mail.TextBody);
        Assert.Null(row.Secrets);
        Assert.Null(row.DueAt);
        Assert.NotNull(row.SentAt);
        Assert.StartsWith("250 ", row.Answer);
        Assert.Equal($"{row.MessageId}@shop.example", mail.MessageId);
    }
}
