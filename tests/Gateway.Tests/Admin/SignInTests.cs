using System.Net;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Signing in by a link, and out again.</summary>
[Collection(MovesTheClock.Name)]
public sealed class SignInTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_link_signs_in_by_its_button()
    {
        var browser = new AdminBrowser(gateway);
        var link = await gateway.AdminLinkAsync("Ann <b>");

        var page = await browser.OpenAsync(link);
        var pressed = await browser.PressAsync(page, "Sign in");
        var overview = await browser.OpenAsync("/admin");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Ann <b> (operator)", page.Text);
        Assert.Equal(HttpStatusCode.SeeOther, pressed.Status);
        Assert.Equal(HttpStatusCode.OK, overview.Status);
        Assert.Equal("Ann <b>", overview.Document.QuerySelector(".me bdi")!.TextContent);
    }

    [Fact]
    public async Task Looking_at_the_link_signs_nobody_in_and_uses_nothing_up()
    {
        var scanner = new AdminBrowser(gateway);
        var link = await gateway.AdminLinkAsync();

        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Get, HttpMethod.Head, HttpMethod.Get })
        {
            Assert.Equal(HttpStatusCode.OK, (await scanner.SendAsync(new(method, link))).Status);
        }

        Assert.True((await scanner.OpenAsync("/admin")).IsSentToSignIn());
        var person = new AdminBrowser(gateway);
        Assert.Equal(HttpStatusCode.SeeOther, (await person.PressAsync(await person.OpenAsync(link), "Sign in")).Status);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_link_works_once_also_when_ten_press_at_once()
    {
        var link = await gateway.AdminLinkAsync("Once");
        var browsers = Enumerable.Range(0, 10).Select(_ => new AdminBrowser(gateway)).ToList();
        var pages = new List<Tests.OptIn.ShownPage>();
        foreach (var browser in browsers)
        {
            pages.Add(await browser.OpenAsync(link));
        }

        var answers = await Task.WhenAll(browsers.Zip(pages, (browser, page) => browser.PressAsync(page, "Sign in")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(9, answers.Count(answer => answer.Status == HttpStatusCode.NotFound));
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.AdminSessions.CountAsync(session => session.Name == "Once")));
        Assert.Equal("This link no longer works", (await browsers[0].OpenAsync(link)).Heading);
    }

    [Fact]
    public async Task After_a_quarter_of_an_hour_a_link_is_worth_nothing()
    {
        var browser = new AdminBrowser(gateway);
        var link = await gateway.AdminLinkAsync();
        var page = await browser.OpenAsync(link);

        gateway.Advance(AdminLinks.Lifetime);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PressAsync(page, "Sign in")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/sign-in/" + new string('a', 32))).Status);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_way_in_and_learns_of_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var browser = new AdminBrowser(gateway);

        var overview = await browser.OpenAsync("/admin");
        var known = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed");
        var unknown = await browser.OpenAsync("/admin/sites/site_00000000000000000000000000000000/failed");
        var posted = await browser.PostAsync("/admin/sign-out");
        var jobs = await browser.OpenAsync("/hangfire");

        Assert.Equal("/admin/sign-in?to=%2Fadmin", overview.Response.Headers.Location!.ToString());
        Assert.All(
            [overview, known, unknown, posted, jobs],
            answer =>
            {
                Assert.Equal(HttpStatusCode.Found, answer.Status);
                Assert.True(answer.IsSentToSignIn());
                Assert.Empty(answer.Html);
            }
        );
        Assert.Contains("Ask your administrator", (await browser.OpenAsync("/admin/sign-in")).Text);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_every_copy_of_its_cookie()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Leaver");
        var copy = new HttpRequestMessage(HttpMethod.Get, "/admin");
        var overview = await browser.OpenAsync("/admin");
        copy.Headers.Add("Cookie", overview.Response.RequestMessage!.Headers.GetValues("Cookie"));

        var out_ = await browser.PressAsync(overview, "Sign out");

        Assert.Equal("/admin/sign-in", out_.Response.Headers.Location!.ToString());
        Assert.True((await browser.OpenAsync("/admin")).IsSentToSignIn());
        Assert.True((await new AdminBrowser(gateway).SendAsync(copy)).IsSentToSignIn());
        var audit = await gateway.InDatabaseAsync(db =>
            db.Audit.Where(entry => entry.Actor == "admin:Leaver").OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync()
        );
        Assert.Equal(["admin.signed_in", "admin.signed_out"], audit.Order());
    }

    [Fact]
    public async Task Whoever_is_revoked_is_out_at_once_and_their_unused_links_are_worth_nothing()
    {
        var one = await AdminBrowser.SignedInAsync(gateway, "Revoked");
        var other = await AdminBrowser.SignedInAsync(gateway, "Staying");
        var link = await gateway.AdminLinkAsync("Revoked");

        var ended = await gateway.InScopeAsync<AdminSessions, int>(sessions => sessions.RevokeAsync("Revoked", CancellationToken.None));

        Assert.Equal(2, ended);
        Assert.True((await one.OpenAsync("/admin")).IsSentToSignIn());
        Assert.Equal(HttpStatusCode.NotFound, (await one.OpenAsync(link)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.OpenAsync("/admin")).Status);
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_of_rest_and_after_a_day_of_work()
    {
        var resting = await AdminBrowser.SignedInAsync(gateway, "Resting");
        var working = await AdminBrowser.SignedInAsync(gateway, "Working");

        for (var hours = 5; hours <= 20; hours += 5)
        {
            gateway.Advance(TimeSpan.FromHours(5));
            Assert.Equal(HttpStatusCode.OK, (await working.OpenAsync("/admin")).Status);
        }

        Assert.True((await resting.OpenAsync("/admin")).IsSentToSignIn());
        gateway.Advance(TimeSpan.FromHours(5));
        Assert.True((await working.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task A_page_that_lies_open_keeps_nobody_signed_in()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Resting");
        gateway.Advance(TimeSpan.FromHours(5));

        var refreshed = await AskAsync(browser, HttpMethod.Get, "/admin", "X-Gateway-Refresh", "1");
        var stream = await AskAsync(browser, HttpMethod.Head, "/admin/live", "Accept", "text/event-stream");
        Assert.All([refreshed, stream], page => Assert.Equal(HttpStatusCode.OK, page.Status));

        Assert.DoesNotContain(Cookies(refreshed), cookie => cookie.StartsWith("gateway-admin=", StringComparison.Ordinal));
        Assert.DoesNotContain(Cookies(stream), cookie => cookie.StartsWith("gateway-admin=", StringComparison.Ordinal));
        Assert.Contains(
            Cookies(await browser.OpenAsync("/admin")),
            cookie => cookie.StartsWith("gateway-admin=", StringComparison.Ordinal)
        );
    }

    private static Task<Tests.OptIn.ShownPage> AskAsync(AdminBrowser browser, HttpMethod method, string path, string header, string value)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(header, value);
        return browser.SendAsync(request);
    }

    private static IEnumerable<string> Cookies(Tests.OptIn.ShownPage page) =>
        page.Response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    [Fact]
    public async Task Signing_in_again_ends_the_session_before()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Twice");

        await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Twice")), "Sign in");

        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/admin")).Status);
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.AdminSessions.CountAsync(session => session.Name == "Twice" && session.EndedAt == null)
            )
        );
    }

    [Fact]
    public async Task A_forged_cookie_opens_nothing()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/admin");
        request.Headers.Add("Cookie", "gateway-admin=CfDJ8AAAAAAAAAAAAAAAAAAAAAA");

        Assert.True((await new AdminBrowser(gateway).SendAsync(request)).IsSentToSignIn());
    }
}
