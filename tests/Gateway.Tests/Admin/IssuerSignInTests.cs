using System.Net;
using System.Web;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Signing in at an OpenID Connect issuer: code with PKCE, and groups that say what is opened.</summary>
public sealed class IssuerSignInTests
{
    private static readonly string[] Groups = ["staff", "gateway-operators"];
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly IssuerUnderTest issuer = new(GatewayUnderTest.Shared.Network);

    [Fact]
    public async Task A_member_of_the_operators_group_is_signed_in_and_sees_what_they_came_for()
    {
        var browser = new AdminBrowser(gateway);

        var start = await browser.OpenAsync(
            (await browser.OpenAsync("/admin/sign-in?to=%2Fadmin%2Ffailed")).Document.QuerySelector("a.button")!.GetAttribute("href")!
        );
        var back = await BackAsync(browser, start, ("groups", Groups), ("preferred_username", "ann@agency.example"));
        var page = await browser.OpenAsync(back.Response.Headers.Location!.ToString());

        Assert.StartsWith(IssuerUnderTest.Authority + "/authorize?", start.Response.Headers.Location!.ToString());
        Assert.Equal("/admin/failed", back.Response.Headers.Location!.ToString());
        Assert.Equal("ann@agency.example", page.Document.QuerySelector(".me bdi")!.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/hangfire")).Status);
        Assert.Equal(
            "oidc",
            await gateway.InDatabaseAsync(db =>
                db.AdminSessions.Where(session => session.Name == "ann@agency.example").Select(session => session.Means).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task A_site_managers_group_opens_its_sites_alone()
    {
        var other = await gateway.NewSiteAsync();
        var browser = new AdminBrowser(gateway);

        await BackAsync(browser, await browser.OpenAsync("/admin/sign-in/oidc"), ("groups", "shop-team"));
        var overview = await browser.OpenAsync("/admin");

        Assert.Equal("site manager", overview.Document.QuerySelector(".me small")!.TextContent);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"/admin/sites/{other.PublicId}")).Status);
    }

    [Theory]
    [InlineData("shop-readers", "viewer")]
    [InlineData("shop-privacy", "privacy")]
    public async Task Other_groups_open_less(string group, string role)
    {
        var browser = new AdminBrowser(gateway);

        await BackAsync(browser, await browser.OpenAsync("/admin/sign-in/oidc"), ("groups", group));

        Assert.Equal(role, (await browser.OpenAsync("/admin")).Document.QuerySelector(".me small")!.TextContent);
    }

    [Fact]
    public async Task Who_is_in_none_of_the_groups_stays_outside()
    {
        var browser = new AdminBrowser(gateway);

        var back = await BackAsync(browser, await browser.OpenAsync("/admin/sign-in/oidc"), ("groups", "visitors"));

        Assert.Equal(HttpStatusCode.Forbidden, back.Status);
        Assert.Equal("You are not signed in", back.Heading);
        Assert.True((await browser.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_signs_nobody_in()
    {
        var (attacker, victim) = (new AdminBrowser(gateway), new AdminBrowser(gateway));
        var asked = await attacker.OpenAsync("/admin/sign-in/oidc");
        var answer = issuer.Authorize(asked.Response.Headers.Location!, claims => claims["groups"] = "gateway-operators");

        var planted = await victim.OpenAsync(answer.PathAndQuery);
        var wrongNonce = await BackAsync(attacker, asked, ("groups", "gateway-operators"), ("nonce", "another"));

        Assert.All(
            [planted, wrongNonce, await victim.OpenAsync("/admin/sign-in/oidc/callback?code=x&state=y")],
            page =>
            {
                Assert.Equal(HttpStatusCode.Forbidden, page.Status);
                Assert.Equal("You are not signed in", page.Heading);
            }
        );
        Assert.True((await victim.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task Somebody_is_the_same_under_another_name_and_nobody_becomes_them_by_taking_it()
    {
        var (first, renamed, other) = (new AdminBrowser(gateway), new AdminBrowser(gateway), new AdminBrowser(gateway));
        var subject = Guid.CreateVersion7().ToString("N");
        await SignInAsync(first, subject, $"{subject}@agency.example");
        await SignInAsync(renamed, subject, "married-" + subject);
        await SignInAsync(other, "other-" + subject, $"{subject}@agency.example");

        Assert.Equal(2, (await first.OpenAsync("/admin/sessions")).Document.QuerySelectorAll("tbody tr").Length);
        var theirs = await other.OpenAsync("/admin/sessions");
        Assert.Single(theirs.Document.QuerySelectorAll("tbody tr"));
        Assert.DoesNotContain(theirs.Document.QuerySelectorAll("button"), button => button.TextContent == "Sign out everywhere else");
        await renamed.PressAsync(await renamed.OpenAsync("/admin/sessions"), "Sign out everywhere else");

        Assert.True((await first.OpenAsync("/admin")).IsSentToSignIn());
        Assert.Equal(HttpStatusCode.OK, (await other.OpenAsync("/admin")).Status);
        Assert.Equal(
            2,
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.Actor.StartsWith($"admin:{subject}@agency.example ("))
                    .Select(row => row.Actor)
                    .Distinct()
                    .CountAsync()
            )
        );
    }

    private async Task SignInAsync(AdminBrowser browser, string subject, string name) =>
        await BackAsync(
            browser,
            await browser.OpenAsync("/admin/sign-in/oidc"),
            ("groups", "gateway-operators"),
            ("sub", subject),
            ("preferred_username", name)
        );

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/admin")]
    [InlineData("/admin/../../evil")]
    [InlineData("/adminevil")]
    [InlineData("/\\evil.example")]
    public async Task Nobody_is_sent_to_a_foreign_place_afterwards(string to)
    {
        var browser = new AdminBrowser(gateway);

        var back = await BackAsync(
            browser,
            await browser.OpenAsync("/admin/sign-in/oidc?to=" + Uri.EscapeDataString(to)),
            ("groups", "gateway-operators")
        );

        Assert.StartsWith("/admin", back.Response.Headers.Location!.ToString());
        Assert.Equal("localhost", new Uri(new Uri("http://localhost"), back.Response.Headers.Location).Host);
    }

    [Fact]
    public async Task What_is_dangerous_asks_the_issuer_to_ask_and_believes_only_what_it_says()
    {
        var site = await gateway.NewSiteAsync();
        var (browser, subject) = (new AdminBrowser(gateway), Guid.CreateVersion7().ToString("N"));
        var export = $"/admin/sites/{site.PublicId}/export/contacts";
        var now = gateway.Clock.GetUtcNow();
        (string, object)[] person = [("groups", "gateway-operators"), ("sub", subject)];

        // Somebody whom the issuer knew from before, so that it asked them nothing.
        await BackAsync(
            browser,
            await browser.OpenAsync("/admin/sign-in/oidc"),
            [.. person, ("auth_time", (now.AddHours(-8)).ToUnixTimeSeconds())]
        );
        var asked = await browser.OpenAsync(export);
        var start = await browser.OpenAsync(asked.Document.QuerySelector("a.button")!.GetAttribute("href")!);
        var query = HttpUtility.ParseQueryString(start.Response.Headers.Location!.Query);
        var silent = await BackAsync(browser, start, person);
        var old = await BackAsync(browser, await AgainAsync(), [.. person, ("auth_time", now.AddMinutes(-20).ToUnixTimeSeconds())]);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.OpenAsync(export)).Status);
        var back = await BackAsync(browser, await AgainAsync(), [.. person, ("auth_time", now.ToUnixTimeSeconds())]);

        Assert.Equal((HttpStatusCode.Forbidden, "Sign in again to do this"), (asked.Status, asked.Heading));
        Assert.Equal(("login", "900"), (query["prompt"], query["max_age"]));
        Assert.All([silent, old], page => Assert.Contains("auth_time", page.Text, StringComparison.Ordinal));
        Assert.Equal($"/admin/sites/{site.PublicId}/contacts", back.Location());
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(export)).Status);
        var session = await gateway.InDatabaseAsync(db => db.AdminSessions.SingleAsync(one => one.Subject!.EndsWith(subject)));
        Assert.InRange(session.EndsAt - session.StartedAt, TimeSpan.FromHours(24), TimeSpan.FromHours(25));

        async Task<ShownPage> AgainAsync() =>
            await browser.OpenAsync((await browser.OpenAsync(export)).Document.QuerySelector("a.button")!.GetAttribute("href")!);
    }

    private Task<ShownPage> BackAsync(AdminBrowser browser, ShownPage start, params (string Name, object Value)[] claims) =>
        browser.OpenAsync(
            issuer
                .Authorize(
                    start.Response.Headers.Location!,
                    person =>
                    {
                        foreach (var (name, value) in claims)
                        {
                            person[name] = value;
                        }
                    }
                )
                .PathAndQuery
        );
}
