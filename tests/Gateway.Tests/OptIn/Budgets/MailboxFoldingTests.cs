using Gateway.Features.Mail.Budgets;
using Gateway.Infrastructure.Text;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Which writings of an address lead to one mailbox, as budgets count it.</summary>
public sealed class MailboxFoldingTests
{
    [Theory]
    [InlineData("Ada.B+x@Gmail.com", "adab@gmail.com")]
    [InlineData("a.d.a.b@googlemail.com", "adab@gmail.com")]
    [InlineData("ada.b+x@shop.example", "ada.b@shop.example")]
    [InlineData("+ada@shop.example", "+ada@shop.example")]
    [InlineData("ada++b+c@shop.example", "ada@shop.example")]
    [InlineData("\"ada\"@shop.example", "ada@shop.example")]
    [InlineData("\"a\\da+y\"@shop.example", "ada@shop.example")]
    [InlineData("ada_b-c.d@protonmail.com", "adabcd@proton.me")]
    [InlineData("adabcd@pm.me", "adabcd@proton.me")]
    [InlineData("ada.b@me.com", "ada.b@icloud.com")]
    [InlineData("ada-b@yandex.com", "adab@yandex.ru")]
    [InlineData("ada.b@yandex.com.tr", "adab@yandex.ru")]
    [InlineData("ada-b@narod.ru", "adab@yandex.ru")]
    [InlineData("anything@ada.fastmail.com", "ada@fastmail.com")]
    [InlineData("any+thing@ada-b.fastmail.co.uk", "ada-b@fastmail.co.uk")]
    [InlineData("ada_b+x@fastmail.co.uk", "ada-b@fastmail.co.uk")]
    [InlineData("ada-shop@yahoo.com", "ada@yahoo.com")]
    [InlineData("ada-news@yahoo.co.uk", "ada@yahoo.co.uk")]
    [InlineData("ada-x@rocketmail.com", "ada@rocketmail.com")]
    [InlineData("ada@münchen.example", "ada@xn--mnchen-3ya.example")]
    public void Writings_of_one_mailbox_are_one(string address, string mailbox) =>
        Assert.Equal(mailbox, MailboxFolding.Of(EmailAddress.Parse(address)!));

    [Theory]
    [InlineData("ada-b@shop.example", "adab@shop.example")]
    [InlineData("ada.b@outlook.com", "adab@outlook.com")]
    [InlineData("ada@gmail.com", "ada@gmail.example")]
    [InlineData("ada@fastmail.com", "ada@fastmail.fm")]
    [InlineData("x@ada.shop.example", "ada@shop.example")]
    [InlineData("ada-b@yahoo.example.org", "ada@yahoo.example.org")]
    [InlineData("ada@yahoo.com", "ada@yahoo.fr")]
    public void Mailboxes_that_may_be_two_stay_two(string one, string other) =>
        Assert.NotEqual(MailboxFolding.Of(EmailAddress.Parse(one)!), MailboxFolding.Of(EmailAddress.Parse(other)!));
}
