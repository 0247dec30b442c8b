using System.Net;
using System.Text;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>From an empty gateway to the first list, and adding sites later.</summary>
public sealed class SetUpTests
{
    private const string Mailed = "http://localhost/admin/test-mail/";
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task The_first_link_leads_to_the_set_up_and_each_step_is_saved()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, clock: null, ("Gateway__PublicUrl", "http://localhost"));
        var browser = new AdminBrowser(replica.NewBrowser());

        Assert.Equal("/admin/set-up", await SignInAsync(replica, browser));
        Assert.Equal(["open", "open", "open", "open"], await StatesAsync(browser));
        var address = await browser.PressAsync(await browser.OpenAsync("/admin/set-up/address"), "Skip");
        Assert.Equal("/admin/set-up/mail", address.Response.Headers.Location!.ToString());

        await browser.PressAsync(await browser.OpenAsync("/admin/set-up/mail"), "Send the test email", ("to", "olga@agency.example"));
        var mail = Assert.Single(await replica.MailsAsync());
        Assert.Equal(["skipped", "open", "open", "open"], await StatesAsync(browser));
        var value = mail.TextBody!.Split(Mailed)[1].Trim();
        await new AdminBrowser(replica.NewBrowser()).OpenAsync($"/admin/test-mail/{value}");
        Assert.Equal(["skipped", "open", "open", "open"], await StatesAsync(browser));
        var elsewhere = new AdminBrowser(replica.NewBrowser());
        var pressed = await elsewhere.PressAsync(await elsewhere.OpenAsync($"/admin/test-mail/{value}"), "Yes, it arrived");
        Assert.Equal("Your gateway can send emails", pressed.Heading);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.OpenAsync($"/admin/test-mail/{value}")).Status);

        var refused = await browser.PressAsync(await browser.OpenAsync("/admin/set-up/site"), "Add the site", ("name", " "));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        await browser.PressAsync(
            await browser.OpenAsync("/admin/set-up/site"),
            "Add the site",
            ("name", "Ann's Shop"),
            ("from", "news@shop.example")
        );
        Assert.Contains("shop.example", (await browser.OpenAsync("/admin/set-up/site")).Text);
        var list = await browser.PressAsync(await browser.OpenAsync("/admin/set-up/list"), "Add the list", ("name", "Letters"));

        Assert.EndsWith("/connect?said=first-list-added", list.Response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("http://localhost", (await browser.OpenAsync(list.Response.Headers.Location!.ToString())).Text);
        Assert.Equal(["skipped", "done", "done", "done"], await StatesAsync(browser));
        Assert.Equal("/admin", await SignInAsync(replica, new AdminBrowser(replica.NewBrowser())));
        Assert.Equal(
            ["setup.skipped", "setup.done", "site.added", "list.added"],
            await replica.InDatabaseAsync(db =>
                db.Audit.Where(entry => entry.Actor == "admin:Olga" && !entry.Action.StartsWith("admin."))
                    .OrderBy(entry => entry.Id)
                    .Select(entry => entry.Action)
                    .ToListAsync()
            )
        );
    }

    [Fact]
    public async Task The_public_address_is_checked_by_a_request_that_only_this_gateway_can_answer()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Address");
        var page = await browser.OpenAsync("/admin/set-up/address");
        using var self = gateway.CreateClient();

        gateway.Network.Answer("localhost", (request, ct) => self.GetAsync(request.RequestUri!.PathAndQuery + "x", ct));
        var other = await browser.PressAsync(page, "Check the address");
        gateway.Network.Answer("localhost", (_, _) => Task.FromResult(LongPage(HttpStatusCode.OK)));
        var website = await browser.PressAsync(page, "Check the address");
        gateway.Network.Answer("localhost", (_, _) => Task.FromResult(LongPage(HttpStatusCode.BadGateway)));
        var proxy = await browser.PressAsync(page, "Check the address");
        gateway.Network.Answer("localhost", (_, _) => throw new HttpRequestException(HttpRequestError.NameResolutionError));
        var unknown = await browser.PressAsync(page, "Check the address");
        gateway.Network.Answer("localhost", (request, ct) => self.GetAsync(request.RequestUri!.PathAndQuery, ct));
        var right = await browser.PressAsync(page, "Check the address");

        Assert.Contains("Something else answers at localhost (status 404)", other.Text);
        Assert.Contains("Something else answers at localhost (status 200)", website.Text);
        Assert.Contains("the proxy there does not reach this gateway", proxy.Text);
        Assert.Contains("is not known to the name servers", unknown.Text);
        Assert.Equal("/admin/set-up/mail?said=address-works", right.Response.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"{AddressCheck.Path}/{new string('a', 32)}")).Status);
    }

    [Fact]
    public async Task A_test_mail_that_is_not_taken_is_said_at_once()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Mailer");
        var page = await browser.OpenAsync("/admin/set-up/mail");

        var answer = await browser.PressAsync(page, "Send the test email", ("to", "nobody"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("This is not an address that emails can go to", answer.Text);
    }

    [Fact]
    public async Task A_site_is_added_at_any_time_and_gets_a_key_for_zapier()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Adder");
        var name = "Shop " + Guid.CreateVersion7();

        var added = await browser.PressAsync(await browser.OpenAsync("/admin/sites/new"), "Add the site", ("name", name));
        var twice = await browser.PressAsync(
            await browser.OpenAsync("/admin/sites/new"),
            "Add the site",
            ("name", name.ToUpperInvariant())
        );
        var connect = await browser.OpenAsync(added.Response.Headers.Location!.ToString());
        var made = await browser.PressAsync(connect, "Make a key for Zapier");

        Assert.Equal(HttpStatusCode.BadRequest, twice.Status);
        Assert.Contains($"There is a site \"{name}\" already", twice.Text);
        Assert.Contains("The site is added.", connect.Text);
        var shown = made.Document.QuerySelectorAll("dl code").Select(code => code.TextContent).ToList();
        using var form = AdminBrowser.Form(
            ("grant_type", "client_credentials"),
            ("client_id", shown[1]),
            ("client_secret", shown[2]),
            ("scope", "read")
        );
        using var token = await gateway.CreateClient().PostAsync("/oauth/token", form);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        Assert.DoesNotContain(shown[2], (await browser.OpenAsync(connect.Response.RequestMessage!.RequestUri!.PathAndQuery)).Html);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Two_presses_at_once_add_one_site()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Double");
        var name = "Twice " + Guid.CreateVersion7();
        var page = await browser.OpenAsync("/admin/sites/new");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.PressAsync(page, "Add the site", ("name", name))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther || answer.Status == HttpStatusCode.Redirect);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Sites.CountAsync(site => site.Name == name)));
    }

    [Fact]
    public async Task Only_operators_set_up_and_add_sites()
    {
        var site = await gateway.NewSiteAsync();
        var manager = await AdminBrowser.SignedInAsync(gateway, "Manager", site);

        foreach (var path in new[] { "/admin/set-up", "/admin/set-up/address", "/admin/set-up/mail", "/admin/sites/new" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await manager.OpenAsync(path)).Status);
            Assert.True((await new AdminBrowser(gateway).OpenAsync(path)).IsSentToSignIn());
        }

        Assert.DoesNotContain("/admin/set-up", (await manager.OpenAsync("/admin")).Html);
        Assert.Equal(HttpStatusCode.OK, (await manager.OpenAsync($"/admin/sites/{site.PublicId}/connect")).Status);
    }

    /// <summary>Longer than what is read of it, and not kept in memory before.</summary>
    private static HttpResponseMessage LongPage(HttpStatusCode status) =>
        new(status) { Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 10 * 1024)))) };

    private static async Task<string?> SignInAsync(Replica replica, AdminBrowser browser)
    {
        var path = await replica.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync("Olga", AdminRoles.Operator, CancellationToken.None)).Token)
        );
        return (await browser.PressAsync(await browser.OpenAsync(path), "Sign in")).Response.Headers.Location?.ToString();
    }

    private static async Task<IEnumerable<string>> StatesAsync(AdminBrowser browser) =>
        (await browser.OpenAsync("/admin/set-up")).Document.QuerySelectorAll(".steps .badge").Select(badge => badge.TextContent);
}
