using System.Net;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.OptIn;

public sealed class UnsubscribePageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task One_button_leaves_and_leaving_again_says_the_same()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var page = await member.Site.OpenAsync(member.Leave);

        var left = await member.Site.PressAsync(page, "Yes, unsubscribe me");
        var again = await member.Site.SendFormAsync(member.Leave);

        Assert.Equal("You are unsubscribed", left.Heading);
        Assert.Equal("You are unsubscribed", again.Heading);
        Assert.Equal("You are unsubscribed", (await member.Site.OpenAsync(member.Leave)).Heading);
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Equal([ConsentKind.Confirmed, ConsentKind.Unsubscribed], (await member.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Contains("\"by\":\"page\"", await LastEntryAsync(member));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mail_program_leaves_with_one_click(bool multipart)
    {
        var member = await Subscriber.JoinAsync(gateway);
        HttpContent body = multipart
            ? new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } }
            : new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);

        var answer = await member.Site.PostAsync(member.Leave, body);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(answer.Response.Headers.Contains("Set-Cookie"));
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Contains("\"by\":\"one-click\"", await LastEntryAsync(member));
    }

    [Fact]
    public async Task Thirty_clicks_at_once_make_one_ledger_entry()
    {
        var member = await Subscriber.JoinAsync(gateway);

        var pages = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => member.Site.SendFormAsync(member.Leave, ("List-Unsubscribe", "One-Click")))
        );

        Assert.All(pages, page => Assert.Equal(HttpStatusCode.OK, page.Status));
        Assert.Equal(2, (await member.LedgerAsync()).Count);
    }

    [Theory]
    [InlineData("text/plain", "List-Unsubscribe=One-Click")]
    [InlineData("text/plain; charset=utf-7", "List-Unsubscribe=One-Click")]
    [InlineData("application/x-www-form-urlencoded; charset=no-such-charset", "List-Unsubscribe=One-Click")]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken")]
    [InlineData("nonsense", "")]
    [InlineData(null, "")]
    public async Task A_mail_program_leaves_with_whatever_it_posts(string? type, string text)
    {
        var member = await Subscriber.JoinAsync(gateway);
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (type is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var page = await member.Site.PostAsync(member.Leave, body);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("You are unsubscribed", page.Heading);
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Contains("\"by\":\"one-click\"", await LastEntryAsync(member));
    }

    [Fact]
    public async Task A_link_for_something_else_or_past_its_time_does_not_unsubscribe()
    {
        var member = await Subscriber.JoinAsync(gateway);

        var preferences = await member.Site.SendFormAsync("/u/" + member.Links.Preferences);
        await member.PassAsync(TimeSpan.FromDays(401));
        var late = await member.Site.SendFormAsync(member.Leave);

        Assert.All([preferences, late], page => Assert.Equal(HttpStatusCode.NotFound, page.Status));
        Assert.Contains("ask to be unsubscribed", late.Text);
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
    }

    private static async Task<string> LastEntryAsync(Subscriber member) =>
        Encoding.UTF8.GetString((await member.LedgerAsync())[^1].Entry);
}
