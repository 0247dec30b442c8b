using System.Net;
using System.Text.RegularExpressions;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>A session lasts for weeks; what is dangerous asks whoever does it to prove anew who they are, and leads them back.</summary>
[Collection(MovesTheClock.Name)]
public sealed class RecentSignInTests
{
    private static readonly TimeSpan Enough = new AdminOptions().SignInAgainAfter;

    /// <summary>What is dangerous, and the page that it is asked from. A reviewer sees each new one.</summary>
    private static readonly Dictionary<string, string> Dangerous = new()
    {
        ["POST /admin/people"] = "/admin/people",
        ["POST /admin/people/{person}/remove"] = "/admin/people",
        ["POST /admin/people/{person}/passkeys/remove"] = "/admin/people",
        ["POST /admin/sessions/passkeys"] = "/admin/sessions",
        ["POST /admin/sessions/passkeys/options"] = "/admin/sessions",
        ["POST /admin/sessions/passkeys/{passkey}/remove"] = "/admin/sessions",
        ["GET /admin/connect"] = "/admin/connect?state=1",
        ["POST /admin/connect"] = "/admin/connect",
        ["POST /admin/sites/{site}/connect"] = "/admin/sites/{site}/connect",
        ["POST /admin/sites/{site}/keys"] = "/admin/sites/{site}/keys",
        ["POST /admin/sites/{site}/keys/connection"] = "/admin/sites/{site}/keys",
        ["POST /admin/sites/{site}/keys/{key}/revoke"] = "/admin/sites/{site}/keys",
        ["POST /admin/sites/{site}/hooks/new"] = "/admin/sites/{site}/hooks/new",
        ["POST /admin/sites/{site}/hooks/{hook}"] = "/admin/sites/{site}/hooks/{hook}",
        ["POST /admin/sites/{site}/hooks/{hook}/secret"] = "/admin/sites/{site}/hooks/{hook}",
        ["POST /admin/sites/{site}/hooks/{hook}/delete"] = "/admin/sites/{site}/hooks/{hook}",
        ["POST /admin/sites/{site}/connections/new/{kind}/{provider}"] = "/admin/sites/{site}/connections/new/{kind}/{provider}",
        ["POST /admin/sites/{site}/connections/{connection}"] = "/admin/sites/{site}/connections/{connection}",
        ["POST /admin/sites/{site}/connections/{connection}/delete"] = "/admin/sites/{site}/connections/{connection}",
        ["POST /admin/sites/{site}/contacts/{contact}/erase"] = "/admin/sites/{site}/contacts/{contact}",
        ["GET /admin/sites/{site}/lists/{list}/members.csv"] = "/admin/sites/{site}/lists/{list}/members",
        ["GET /admin/sites/{site}/export/{what}"] = "/admin/sites/{site}/contacts",
        ["GET /admin/sites/{site}/hygiene.csv"] = "/admin/sites/{site}/hygiene",
    };

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public void What_is_dangerous_says_so()
    {
        var declared =
            from endpoint in gateway
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
            where endpoint.Metadata.GetMetadata<RecentSignIn>() is not null
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
            where method != HttpMethods.Head
            select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

        Assert.Equal(Dangerous.Keys.Order(), declared.Distinct().Order());
    }

    [Fact]
    public async Task Whatever_is_dangerous_asks_again_after_a_while_and_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Late");
        var token = TokenOf(await browser.OpenAsync("/admin"));
        gateway.Advance(Enough);
        var wrong = new List<string>();

        foreach (var (route, page) in Dangerous)
        {
            var answer = await AskAsync(browser, route, site, token);
            var back = answer.Document.QuerySelector("main > p:last-child a")?.GetAttribute("href");
            if (answer.Status != HttpStatusCode.Forbidden || back != Filled(page, site))
            {
                wrong.Add($"{route}: {answer.Status}, back to {back}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Audit.CountAsync(entry => entry.Actor == "admin:Late")));
    }

    [Fact]
    public async Task Whoever_has_just_signed_in_is_not_asked()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Early");
        var token = TokenOf(await browser.OpenAsync("/admin"));
        gateway.Advance(Enough - TimeSpan.FromMinutes(1));

        foreach (var route in Dangerous.Keys.Where(one => !one.Contains("/people", StringComparison.Ordinal)))
        {
            var answer = await AskAsync(browser, route, site, token);
            Assert.True(answer.Document.QuerySelector("h1")?.TextContent != "Sign in again to do this", route);
        }
    }

    [Fact]
    public async Task A_link_proves_it_and_leads_back_and_other_windows_go_on()
    {
        var site = await gateway.NewSiteAsync();
        var person = await gateway.PersonAsync(AdminRoles.To([site.Id]));
        var path = $"/admin/sites/{site.PublicId}/keys";
        var page = await person.Browser.OpenAsync(path);
        gateway.Advance(Enough);

        var asked = await person.Browser.PressAsync(page, "Make key", ("name", "Zapier"), ("scope", "read"));
        Assert.Equal((HttpStatusCode.Forbidden, "Sign in again to do this"), (asked.Status, asked.Heading));
        Assert.Equal(person.Address, asked.Document.QuerySelector("input[name=email]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.OK, (await person.Browser.PressAsync(asked, "Send me a link")).Status);
        var mail = Assert.Single(await gateway.MailsToAsync(person.Address, 1));
        var link = Regex.Match(mail.TextBody!, "/admin/sign-in/[A-Za-z0-9_-]+").Value;
        var entered = await person.Browser.PressAsync(await person.Browser.OpenAsync(link), "Sign in");
        Assert.Equal(path, entered.Location());

        // The page from before, as it stands in another window.
        var made = await person.Browser.PressAsync(page, "Make key", ("name", "Zapier"), ("scope", "read"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Contains("Copy this now", made.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_proves_it_and_leads_back()
    {
        var site = await gateway.NewSiteAsync();
        var person = await gateway.PersonAsync(AdminRoles.To([site.Id]));
        var device = await person.AddPasskeyAsync();
        var path = $"/admin/sites/{site.PublicId}/lists/{site.ListId}/members";
        gateway.Advance(Enough);

        var asked = await person.Browser.OpenAsync(path + ".csv");
        var entered = await person.Browser.UsePasskeyAsync(asked, device);

        Assert.Equal(HttpStatusCode.Forbidden, asked.Status);
        Assert.Equal(path, entered.Location());
        Assert.Equal(HttpStatusCode.OK, (await person.Browser.OpenAsync(path + ".csv")).Status);
        Assert.Single(
            (await person.Browser.OpenAsync("/admin/sessions")).Document.QuerySelectorAll(
                "[aria-label='Where you are signed in'] tbody tr"
            )
        );
    }

    [Fact]
    public async Task By_the_passkey_of_another_the_browser_is_theirs()
    {
        var site = await gateway.NewSiteAsync();
        var (one, other) = (await gateway.PersonAsync(), await gateway.PersonAsync(AdminRoles.To([site.Id])));
        await one.AddPasskeyAsync();
        var device = await other.AddPasskeyAsync();
        var page = await one.Browser.OpenAsync("/admin/people");
        gateway.Advance(Enough);

        var asked = await one.Browser.PressAsync(page, "Invite by email", ("email", "x@agency.example"), ("role", "operator"));
        await one.Browser.UsePasskeyAsync(asked, device);

        Assert.Equal(other.Address, (await one.Browser.OpenAsync("/admin")).Document.QuerySelector(".me bdi")!.TextContent);
        Assert.Equal(HttpStatusCode.NotFound, (await one.Browser.OpenAsync("/admin/people")).Status);
        Assert.False(
            await gateway.InDatabaseAsync(db =>
                db.AdminSessions.AnyAsync(session => session.Name == one.Address && session.EndedAt == null)
            )
        );
    }

    [Fact]
    public async Task A_copy_of_the_cookie_does_not_become_as_good_as_the_new_one()
    {
        var person = await gateway.PersonAsync();
        var copied = (await person.Browser.OpenAsync("/admin")).Response.RequestMessage!.Headers.GetValues("Cookie");
        gateway.Advance(Enough);
        await person.Browser.PressAsync(await person.Browser.OpenAsync(await gateway.LinkOfAsync(person)), "Sign in");
        var export = new HttpRequestMessage(HttpMethod.Get, $"/admin/sites/{(await gateway.NewSiteAsync()).PublicId}/export/contacts");
        export.Headers.Add("Cookie", copied);

        var thief = await new AdminBrowser(gateway).SendAsync(export);
        var owner = await person.Browser.OpenAsync(export.RequestUri!.ToString());

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (thief.Status, owner.Status));
    }

    [Fact]
    public async Task Whoever_came_by_a_printed_link_is_told_to_ask_for_another()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Printed twice");
        var page = await browser.OpenAsync("/admin/people");
        gateway.Advance(Enough);

        var asked = await browser.PressAsync(page, "Make a link to hand over", ("email", "x@agency.example"), ("role", "operator"));
        var entered = await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Printed twice")), "Sign in");

        Assert.Equal(HttpStatusCode.Forbidden, asked.Status);
        Assert.Contains("You came by a link from the command line", asked.Text, StringComparison.Ordinal);
        Assert.Empty(asked.Document.QuerySelectorAll("form"));
        Assert.Equal("/admin/people", entered.Location());
    }

    private static Task<ShownPage> AskAsync(AdminBrowser browser, string route, SiteUnderTest site, string token)
    {
        var path = Filled(route.Split(' ')[1], site) + (route == "GET /admin/connect" ? "?state=1" : "");
        return route.StartsWith("GET", StringComparison.Ordinal)
            ? browser.OpenAsync(path)
            : browser.PostAsync(path, ("__RequestVerificationToken", token));
    }

    private static string Filled(string route, SiteUnderTest site) =>
        route
            .Replace("{site}", site.PublicId, StringComparison.Ordinal)
            .Replace("{list}", site.ListId, StringComparison.Ordinal)
            .Replace("{what}", "contacts", StringComparison.Ordinal)
            .Replace("{", "", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal);

    private static string TokenOf(ShownPage page) =>
        page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
}
