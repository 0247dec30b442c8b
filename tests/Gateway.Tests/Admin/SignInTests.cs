using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task A_session_ends_thirty_days_after_signing_in_however_busy()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Working");

        for (var days = 6; days < 30; days += 6)
        {
            gateway.Advance(TimeSpan.FromDays(6));
            Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/admin")).Status);
        }

        gateway.Advance(TimeSpan.FromDays(6));
        Assert.True((await browser.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task How_long_a_session_lasts_is_a_setting_and_the_cookie_lasts_as_long()
    {
        using var database = new TestDatabase();
        var clock = new TestClock();
        await using var replica = await Replica.StartAsync(database, clock, ("Gateway__Admin__SessionDays", "2"));
        await using var scope = replica.Services.CreateAsyncScope();
        var (token, _) = await scope
            .ServiceProvider.GetRequiredService<AdminLinks>()
            .MakeAsync("Short", AdminRoles.Operator, CancellationToken.None);
        var browser = new AdminBrowser(replica.NewBrowser());

        var page = await browser.OpenAsync(AdminLinks.Path(token));
        var pressed = await browser.PressAsync(page, "Sign in");
        var cookie = pressed
            .Response.Headers.GetValues("Set-Cookie")
            .Single(one => one.Contains("gateway-admin", StringComparison.Ordinal));

        Assert.Contains("for 2 days", page.Text, StringComparison.Ordinal);
        var ends = DateTimeOffset.Parse(Regex.Match(cookie, "expires=([^;]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(ends - clock.GetUtcNow(), TimeSpan.FromDays(1.9), TimeSpan.FromDays(2));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.True((await browser.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task Signing_in_again_goes_on_with_the_session_and_as_somebody_else_ends_it()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Twice");
        gateway.Advance(TimeSpan.FromDays(20));

        await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Twice")), "Sign in");
        gateway.Advance(TimeSpan.FromDays(20));
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/admin")).Status);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.AdminSessions.CountAsync(session => session.Name == "Twice")));

        // The same name with other rights is somebody else.
        await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Twice", await gateway.NewSiteAsync())), "Sign in");
        Assert.Equal("site manager", (await browser.OpenAsync("/admin")).Document.QuerySelector(".me small")!.TextContent);
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.AdminSessions.CountAsync(session => session.Name == "Twice" && session.EndedAt == null)
            )
        );
    }

    [Fact]
    public async Task The_way_in_speaks_the_language_of_the_browser()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/admin/sign-in");
        request.Headers.Add("Accept-Language", "fr-CH, en;q=0.5");

        var page = await new AdminBrowser(gateway).SendAsync(request);

        Assert.Equal("Se connecter", page.Heading);
        Assert.Contains(page.Document.QuerySelectorAll("button"), button => button.TextContent == "Se connecter avec une clé d’accès");
    }

    [Fact]
    public async Task A_forged_cookie_opens_nothing()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/admin");
        request.Headers.Add("Cookie", "gateway-admin=CfDJ8AAAAAAAAAAAAAAAAAAAAAA");

        Assert.True((await new AdminBrowser(gateway).SendAsync(request)).IsSentToSignIn());
    }
}
