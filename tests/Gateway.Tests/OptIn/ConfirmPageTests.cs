using System.Net;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

[Trait("Database", "both")]
public sealed class ConfirmPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Looking_changes_nothing(string method)
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var member = await Subscriber.JoinAsync(gateway);
        var before = await reader.RowsAsync() + await member.RowsAsync();

        foreach (var path in new[] { reader.Confirm, reader.Confirm + "/cancel", "/c", member.Confirm, member.Leave, member.Preferences })
        {
            using var answer = await reader.Site.Browser.SendAsync(new HttpRequestMessage(new(method), path));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(before, await reader.RowsAsync() + await member.RowsAsync());
    }

    [Fact]
    public async Task One_button_confirms_and_leads_on_to_the_preferences()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var page = await reader.Site.OpenAsync(reader.Confirm);

        Assert.Equal(reader.Confirm, page.Form.GetAttribute("action"));
        Assert.Single(page.Document.QuerySelectorAll("button"));
        Assert.Contains("Newsletter", page.Text);
        Assert.Contains("Ann's Shop", page.Text);

        var thanks = await reader.Site.PressAsync(page, "Yes, subscribe me");

        Assert.Equal(HttpStatusCode.OK, thanks.Status);
        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.NotNull(thanks.Document.QuerySelector("[role=status]"));
        Assert.Equal(SubscriptionState.Confirmed, await reader.StateAsync());
        var preferences = await reader.Site.OpenAsync(thanks.Document.QuerySelector("main a")!.GetAttribute("href")!);
        Assert.Equal("Your subscriptions", preferences.Heading);
    }

    [Fact]
    public async Task Thirty_presses_at_once_make_one_ledger_entry()
    {
        var reader = await Subscriber.SignUpAsync(gateway);

        var pages = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => reader.Site.ConfirmAsync(reader.Confirm)));

        Assert.Single(pages, page => page.Heading == "Thank you, you’re in!");
        Assert.Equal(29, pages.Count(page => page.Heading == "Already confirmed"));
        Assert.Equal(ConsentKind.Confirmed, Assert.Single(await reader.LedgerAsync()).Kind);
    }

    [Fact]
    public async Task A_later_press_is_told_kindly_that_all_is_done()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.Site.ConfirmAsync(reader.Confirm);

        var again = await reader.Site.ConfirmAsync(reader.Confirm);
        var opened = await reader.Site.OpenAsync(reader.Confirm);

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal("Already confirmed", again.Heading);
        Assert.Equal("Already confirmed", opened.Heading);
        Assert.Null(opened.Form);
    }

    [Theory]
    [InlineData(SubscriptionState.Unsubscribed, "You have unsubscribed from Newsletter from Ann's Shop since.")]
    [InlineData(SubscriptionState.Removed, "You are no longer subscribed to Newsletter from Ann's Shop.")]
    public async Task Who_is_not_on_the_list_any_more_is_not_told_that_they_are(object state, string sentence)
    {
        var reader = await Subscriber.SignUpAsync(gateway, list: list => list.Welcome = true);
        await gateway.InDatabaseAsync(db =>
            db.Subscriptions.Where(row => row.SiteId == reader.Site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastMailAt, (DateTime?)null))
        );
        await reader.Site.SubmitAsync(email: reader.Address);
        var other = await reader.Site.LinksForAsync(reader.Address, mails: 2);
        await reader.Site.ConfirmAsync(reader.Confirm);
        var links = await reader.Site.LinksForAsync(reader.Address, mails: 3);
        if ((SubscriptionState)state == SubscriptionState.Unsubscribed)
        {
            await reader.Site.SendFormAsync("/u/" + links.Unsubscribe);
        }
        else
        {
            await gateway.InDatabaseAsync(db =>
                db.Subscriptions.Where(row => row.SiteId == reader.Site.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Removed))
            );
        }

        foreach (var path in new[] { reader.Confirm, "/c/" + other.Confirm })
        {
            var pages = new[] { await reader.Site.OpenAsync(path), await reader.Site.ConfirmAsync(path) };
            Assert.All(
                pages,
                page =>
                {
                    Assert.Equal((HttpStatusCode.OK, "You are unsubscribed"), (page.Status, page.Heading));
                    Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
                    Assert.Contains("To receive it again, sign up on the website.", page.Text, StringComparison.Ordinal);
                    Assert.Empty(page.Document.QuerySelectorAll("form"));
                }
            );
        }
    }

    [Fact]
    public async Task An_expired_link_offers_nothing_to_who_confirmed_by_another_one()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromDays(8));
        await reader.Site.PressAsync(await reader.Site.OpenAsync(reader.Confirm), "Send me a new email");
        var links = await reader.Site.LinksForAsync(reader.Address, mails: 2);
        await reader.Site.ConfirmAsync("/c/" + links.Confirm);

        var page = await reader.Site.OpenAsync(reader.Confirm);

        Assert.Equal("Already confirmed", page.Heading);
        Assert.Empty(page.Document.QuerySelectorAll("form"));
    }

    [Fact]
    public async Task This_wasnt_me_takes_a_second_page_and_cancels()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var page = await reader.Site.OpenAsync(reader.Confirm);
        var ask = await reader.Site.OpenAsync(Assert.Single(page.Document.QuerySelectorAll("main a")).GetAttribute("href")!);

        var cancelled = await reader.Site.PressAsync(ask, "Cancel this sign-up");
        var late = await reader.Site.ConfirmAsync(reader.Confirm);

        Assert.Equal("The sign-up is cancelled", cancelled.Heading);
        Assert.Equal("The sign-up is cancelled", late.Heading);
        Assert.Equal(SubscriptionState.Cancelled, await reader.StateAsync());
        Assert.Equal(ConsentKind.Cancelled, Assert.Single(await reader.LedgerAsync()).Kind);
    }

    [Fact]
    public async Task An_expired_link_offers_one_new_mail_whose_link_works_and_promises_no_second_one()
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        await reader.PassAsync(TimeSpan.FromDays(8));

        var late = await reader.Site.ConfirmAsync(reader.Confirm);
        Assert.Equal("This link has expired", late.Heading);
        Assert.Single(late.Document.QuerySelectorAll("button"));
        var renewed = await reader.Site.PressAsync(late, "Send me a new email");
        var again = await reader.Site.PressAsync(late, "Send me a new email");
        var opened = await reader.Site.OpenAsync(reader.Confirm);
        var links = await reader.Site.LinksForAsync(reader.Address, mails: 2);
        var thanks = await reader.Site.ConfirmAsync("/c/" + links.Confirm);

        Assert.Contains("a new email is on its way", renewed.Text);
        Assert.All(
            [again, opened],
            page =>
            {
                Assert.Contains("You have asked for a new email lately already.", page.Text, StringComparison.Ordinal);
                Assert.Contains("You can ask for another email from", page.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("is on its way", page.Text, StringComparison.Ordinal);
                Assert.Empty(page.Document.QuerySelectorAll("button"));
            }
        );
        Assert.NotEqual(reader.Links.Confirm, links.Confirm);
        Assert.Equal("Thank you, you’re in!", thanks.Heading);
        Assert.Equal(2, (await gateway.MailsToAsync(reader.Address, 2)).Count);
    }

    [Fact]
    public async Task A_link_that_is_unknown_altered_or_for_something_else_gets_a_friendly_page()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var reader = await Subscriber.SignUpAsync(gateway);
        var before = await member.RowsAsync() + await reader.RowsAsync();
        var altered = reader.Confirm[..^1] + (reader.Confirm[^1] == 'A' ? 'B' : 'A');

        foreach (
            var path in new[]
            {
                altered,
                "/c/x",
                "/c/%FF%20",
                "/c/x/cancel",
                "/c/" + member.Links.Unsubscribe,
                "/c/" + member.Links.Preferences,
                "/c/x/renew",
            }
        )
        {
            var page = await reader.Site.SendFormAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
            Assert.Equal("This link isn’t valid", page.Heading);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await reader.Site.OpenAsync(altered)).Status);
        Assert.Equal(before, await member.RowsAsync() + await reader.RowsAsync());
    }

    [Theory]
    [InlineData("application/json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "do=confirm", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded; charset=\"no such\"", "do=confirm", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data", "do=confirm", HttpStatusCode.BadRequest)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken", HttpStatusCode.BadRequest)]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Disposition: form-data; name=do\r\n\r\nconfirm\r\n--x--\r\n",
        HttpStatusCode.UnsupportedMediaType
    )]
    [InlineData("application/x-www-form-urlencoded", "long", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("application/x-www-form-urlencoded", "do=cancel", HttpStatusCode.BadRequest)]
    [InlineData("application/x-www-form-urlencoded", "a=b", HttpStatusCode.BadRequest)]
    [InlineData("application/x-www-form-urlencoded", "", HttpStatusCode.BadRequest)]
    [InlineData(null, "", HttpStatusCode.BadRequest)]
    public async Task Whoever_posts_without_the_buttons_own_field_confirms_nothing_and_sees_the_button(
        string? type,
        string text,
        HttpStatusCode status
    )
    {
        var reader = await Subscriber.SignUpAsync(gateway);
        var before = await reader.RowsAsync();
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text == "long" ? "do=confirm&a=" + new string('a', 9000) : text));
        if (type is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var page = await reader.Site.PostAsync(reader.Confirm, body);

        Assert.Equal(status, page.Status);
        Assert.Equal("Confirm your subscription", page.Heading);
        Assert.StartsWith("Your answer did not reach us", page.Alert);
        Assert.Equal(before, await reader.RowsAsync());
        Assert.Equal("Thank you, you’re in!", (await reader.Site.PressAsync(page, "Yes, subscribe me")).Heading);
    }
}
