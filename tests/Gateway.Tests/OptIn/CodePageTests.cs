using System.Net;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.OptIn;

public sealed class CodePageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    public async Task Address_and_code_confirm_however_the_digits_are_grouped(string between)
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var code = reader.Links.Code![..4] + between + reader.Links.Code[4..];

        var thanks = await TypeAsync(reader.Site, " " + reader.Address.ToUpperInvariant(), code);

        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Equal(SubscriptionState.Confirmed, await reader.StateAsync());
    }

    [Fact]
    public async Task Pressing_twice_does_not_end_on_a_refusal()
    {
        var reader = await Subscriber.SignUpAsync(gateway);

        var pages = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TypeAsync(reader.Site, reader.Address, reader.Links.Code!)));

        Assert.Single(pages, page => page.Heading == "Thank you, you’re in!");
        Assert.Equal(2, pages.Count(page => page.Heading == "Already confirmed"));
        Assert.Single(await reader.LedgerAsync());
    }

    [Fact]
    public async Task Whatever_does_not_fit_gets_the_same_answer()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var wrong = reader.Links.Code == "00000000" ? "00000001" : "00000000";

        var answers = new List<(ShownPage Page, string Typed)>
        {
            (await TypeAsync(reader.Site, reader.Address, wrong), reader.Address),
            (await TypeAsync(reader.Site, "nobody@pages.example", reader.Links.Code!), "nobody@pages.example"),
            (await TypeAsync(reader.Site, "-", "abc"), "value=\"-\""),
        };
        for (var tries = 1; tries < 5; tries++)
        {
            await TypeAsync(reader.Site, reader.Address, wrong);
        }

        answers.Add((await TypeAsync(reader.Site, reader.Address, reader.Links.Code!), reader.Address));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Page.Status));
        Assert.StartsWith("That didn’t work.", answers[0].Page.Alert);
        Assert.Single(answers.Select(answer => answer.Page.Comparable($"value=\"{answer.Typed}\"").Replace(answer.Typed, "")).Distinct());
        Assert.Equal(SubscriptionState.Pending, await reader.StateAsync());
    }

    [Fact]
    public async Task After_five_wrong_codes_the_link_still_works()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        for (var tries = 0; tries < 5; tries++)
        {
            await TypeAsync(reader.Site, reader.Address, "123");
        }

        Assert.Equal("Thank you, you’re in!", (await reader.Site.ConfirmAsync(reader.Confirm)).Heading);
    }

    [Fact]
    public async Task A_missing_field_or_an_unreadable_form_shows_the_page_again()
    {
        var site = await gateway.NewSiteAsync();

        var empty = await site.SendFormAsync("/c");
        var unreadable = await site.PostAsync("/c", new StringContent("[]", Encoding.UTF8, "application/json"));

        Assert.StartsWith("That didn’t work.", empty.Alert);
        Assert.StartsWith("Your answer did not reach us", unreadable.Alert);
    }

    [Theory]
    [InlineData("de-AT,de;q=0.9,en;q=0.5", "de")]
    [InlineData("nl,fr;q=0.4,it;q=0.8", "it")]
    [InlineData("en;q=0,pt", "en")]
    [InlineData(null, "en")]
    public async Task Without_a_link_the_browser_tells_the_language(string? languages, string expected)
    {
        var site = await gateway.NewSiteAsync();

        Assert.Equal(expected, (await site.OpenAsync("/c", languages)).Document.DocumentElement.GetAttribute("lang"));
    }

    private static Task<ShownPage> TypeAsync(SiteUnderTest site, string address, string code) =>
        site.SendFormAsync("/c", ("email", address), ("code", code));
}
