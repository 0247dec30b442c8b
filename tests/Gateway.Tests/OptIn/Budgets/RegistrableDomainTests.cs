using Gateway.Features.OptIn.Budgets;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Whose a domain is.</summary>
public sealed class RegistrableDomainTests
{
    [Theory]
    [InlineData("shop.example", "shop.example")]
    [InlineData("a.b.shop.example", "shop.example")]
    [InlineData("mail.shop.com", "shop.com")]
    [InlineData("mail.shop.co.uk", "shop.co.uk")]
    [InlineData("mail.shop.com.au", "shop.com.au")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("a.b.shop.kawasaki.jp", "b.shop.kawasaki.jp")]
    [InlineData("mail.city.kawasaki.jp", "city.kawasaki.jp")]
    [InlineData("mail.shop.uk.com", "shop.uk.com")]
    [InlineData("mail.shop.xn--55qx5d.cn", "shop.xn--55qx5d.cn")]
    [InlineData("example", "example")]
    public void It_is_what_stands_before_a_public_suffix(string domain, string registered) =>
        Assert.Equal(registered, RegistrableDomain.Of(domain));
}
