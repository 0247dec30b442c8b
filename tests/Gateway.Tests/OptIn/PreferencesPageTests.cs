using System.Net;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.OptIn;

public sealed class PreferencesPageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Only_the_unticked_list_is_left()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var offers = await member.JoinAnotherAsync("Offers");
        var page = await member.Site.OpenAsync(member.Preferences);

        var saved = await member.Site.PressAsync(page, "Save my choice", untick: "Newsletter");

        Assert.Equal("Your choice is saved.", saved.Document.QuerySelector("[role=status]")!.TextContent.Trim());
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync(offers.Id));
        Assert.Equal(
            "Offers",
            Assert.Single(saved.Document.QuerySelectorAll("fieldset bdi"), name => name.ParentElement!.TagName == "SPAN").TextContent
        );
    }

    [Fact]
    public async Task A_list_joined_since_the_page_was_opened_stays()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var page = await member.Site.OpenAsync(member.Preferences);
        var offers = await member.JoinAnotherAsync("Offers");

        await member.Site.PressAsync(page, "Save my choice");

        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync(offers.Id));
    }

    [Fact]
    public async Task Everything_can_be_left_at_once_and_nobody_writes_again()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var offers = await member.JoinAnotherAsync("Offers");
        var page = await member.Site.OpenAsync(member.Preferences);

        var left = await member.Site.PressAsync(page, "Unsubscribe from everything");

        Assert.Contains("You are not subscribed to any list", left.Text);
        Assert.Equal("Send me a link to my data", Assert.Single(left.Document.QuerySelectorAll("button")).TextContent);
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync(offers.Id));
        Assert.Equal(
            [Guid.Empty, member.Site.List.Id, offers.Id],
            (
                await gateway.InDatabaseAsync(db =>
                    db.Suppressions.Where(row => row.SiteId == member.Site.Id).Select(row => row.ListId).ToListAsync()
                )
            ).Order()
        );
    }

    [Fact]
    public async Task Nobody_joins_or_changes_another_here()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var other = await Subscriber.JoinAsync(gateway);
        await member.Site.SendFormAsync(member.Leave);

        await member.Site.SendFormAsync(
            member.Preferences,
            ("do", "save"),
            ("keep", member.Site.ListId),
            ("shown", other.Site.ListId),
            ("shown", "lst_x"),
            ("keep", "'")
        );

        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync());
        Assert.Equal(SubscriptionState.Confirmed, await other.StateAsync());
    }

    [Fact]
    public async Task A_form_without_one_of_the_buttons_changes_nothing()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var before = await member.RowsAsync();

        var empty = await member.Site.SendFormAsync(member.Preferences);
        var halved = await member.Site.SendFormAsync(member.Preferences, ("shown", member.Site.ListId));
        var unreadable = await member.Site.PostAsync(member.Preferences, new ByteArrayContent(new byte[9000]));

        Assert.All([empty, halved, unreadable], page => Assert.NotNull(page.Alert));
        Assert.Equal(before, await member.RowsAsync());
    }

    [Fact]
    public async Task A_sign_up_that_waits_for_its_confirmation_is_marked_and_can_be_left()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var offers = await member.SignUpForAnotherAsync("Offers");
        var page = await member.Site.OpenAsync(member.Preferences);
        Assert.Contains("not confirmed yet", page.Text);

        await member.Site.PressAsync(page, "Save my choice", untick: "Offers");

        Assert.Equal(SubscriptionState.Unsubscribed, await member.StateAsync(offers.List.Id));
        Assert.Equal("The sign-up is cancelled", (await member.Site.ConfirmAsync("/c/" + offers.Token)).Heading);
    }

    [Fact]
    public async Task An_unsubscribe_link_opens_no_preferences()
    {
        var member = await Subscriber.JoinAsync(gateway);

        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.OpenAsync("/p/" + member.Links.Unsubscribe)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await member.Site.SendFormAsync("/p/" + member.Links.Unsubscribe, ("do", "all"))).Status);
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());
    }
}
