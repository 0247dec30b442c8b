using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Connecting;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>A WordPress is connected by one press: what its plugin gets, and what an attacker in between does not.</summary>
[Collection(MovesTheClock.Name)]
public sealed class ConnectWordPressTests
{
    private const string Page = "https://shop.example/wp-admin/admin.php?page=gateway-connector";
    private const string State = "sT-4te_1";
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    [Trait("Database", "both")]
    public async Task One_press_connects_and_what_worked_before_goes_on_working()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Mona Connects", site);
        var verifier = Secrets.Random(32);

        var entry = await new AdminBrowser(gateway).OpenAsync("/connect" + Query(verifier));
        var ask = await browser.OpenAsync(OnwardOf(entry));
        var answer = Answered(await browser.PressAsync(ask, "Connect"));
        var keys = await ExchangeAsync(answer["code"]!, verifier);

        Assert.Contains(Page, ask.Text);
        Assert.Equal((State, "http://localhost"), (answer["state"], answer["iss"]));
        Assert.StartsWith(Page + "&code=", answer["whole"], StringComparison.Ordinal);
        var key = JsonDocument.Parse(Base64Url.DecodeFromChars(keys.Json["connection_key"]!.GetValue<string>().AsSpan(4))).RootElement;
        Assert.Equal(site.PublicId, key.GetProperty("site").GetString());
        Assert.Equal("http://localhost", key.GetProperty("url").GetString());
        var signed = await site.SignedAsync(HttpMethod.Get, "lists", secret: key.GetProperty("secret").GetString());
        Assert.Equal(HttpStatusCode.OK, signed.Status);
        Assert.Equal(HttpStatusCode.OK, (await site.SignedAsync(HttpMethod.Get, "lists")).Status);
        Assert.Equal(
            ["site.connect_allowed", "site.connected"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(entry => entry.SiteId == site.Id && entry.Actor == "admin:Mona Connects")
                    .OrderBy(entry => entry.Id)
                    .Select(entry => entry.Action)
                    .ToListAsync()
            )
        );
        Assert.Equal("invalid_grant", (string?)(await ExchangeAsync(answer["code"]!, verifier)).Json["error"]);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Of_ten_who_come_with_one_code_at_once_one_gets_the_key()
    {
        var site = await gateway.NewSiteAsync();
        var verifier = Secrets.Random(32);
        var code = await CodeAsync(site, verifier);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ExchangeAsync(code, verifier)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => (string?)answer.Json["error"] == "invalid_grant"));
    }

    [Theory]
    [InlineData("another plugin", Page, true)]
    [InlineData("", "https://evil.example/wp-admin/admin.php?page=gateway-connector", false)]
    public async Task Who_caught_the_code_gets_nothing_and_has_used_it_up(string prefix, string redirect, bool isOtherVerifier)
    {
        var site = await gateway.NewSiteAsync();
        var verifier = Secrets.Random(32);
        var code = await CodeAsync(site, verifier);

        var caught = await ExchangeAsync(code, isOtherVerifier ? Secrets.Random(32) + prefix.Length : verifier, redirect);
        var own = await ExchangeAsync(code, verifier);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (caught.Status, (string?)caught.Json["error"]));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (own.Status, (string?)own.Json["code"]));
        Assert.Equal(1, await LiveSecretsAsync(site));
    }

    [Fact]
    public async Task A_code_is_worth_nothing_after_ten_minutes_and_is_deleted_then()
    {
        var site = await gateway.NewSiteAsync();
        var verifier = Secrets.Random(32);
        var code = await CodeAsync(site, verifier);

        gateway.Advance(ConnectCodes.Lifetime);

        Assert.Equal("invalid_grant", (string?)(await ExchangeAsync(code, verifier)).Json["error"]);
        gateway.Advance(TimeSpan.FromSeconds(1));
        await CodeAsync(await gateway.NewSiteAsync(), verifier);
        Assert.False(await gateway.InDatabaseAsync(db => db.ConnectCodes.AnyAsync(row => row.SiteId == site.Id)));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task What_somebody_allowed_who_is_revoked_connects_nobody()
    {
        var site = await gateway.NewSiteAsync();
        var (verifier, name) = (Secrets.Random(32), "Revoked " + site.PublicId);
        var code = await CodeAsync(site, verifier, name);

        await gateway.InScopeAsync<AdminSessions, int>(sessions => sessions.RevokeAsync(name, CancellationToken.None));

        Assert.Equal("invalid_grant", (string?)(await ExchangeAsync(code, verifier)).Json["error"]);
    }

    [Theory]
    [InlineData("ends the session")]
    [InlineData("signs out")]
    [InlineData("signs out elsewhere")]
    public async Task What_somebody_allowed_ends_with_their_session(string how)
    {
        var site = await gateway.NewSiteAsync();
        var (verifier, name) = (Secrets.Random(32), $"Ends {how} {site.PublicId}");
        var code = await CodeAsync(site, verifier, name);

        await gateway.InScopeAsync<AdminSessions, int>(async sessions =>
        {
            var session = (await sessions.ListAsync(CancellationToken.None)).Single(one => one.Name == name);
            var user = new AdminUser(session.Id, name, session.Access, session.PersonId, session.Subject);
            await (
                how switch
                {
                    "signs out" => sessions.SignOutAsync(user, CancellationToken.None),
                    "signs out elsewhere" => sessions.SignOutElsewhereAsync(user, CancellationToken.None),
                    _ => sessions.RevokeAsync(Infrastructure.Http.PublicId.Format("ses", session.Id), CancellationToken.None),
                }
            );
            return 0;
        });

        Assert.Equal("invalid_grant", (string?)(await ExchangeAsync(code, verifier)).Json["error"]);
    }

    [Fact]
    public async Task The_name_that_a_stranger_wrote_chooses_no_site()
    {
        var name = "Named " + Guid.CreateVersion7();
        var (first, second) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(site => site.Name = name));
        var query = Query(Secrets.Random(32), ("site_name", name));
        var manager = await AdminBrowser.SignedInAsync(gateway, "Chooses", first, second);
        var one = await AdminBrowser.SignedInAsync(gateway, "Has one", first);

        var ask = await manager.OpenAsync("/admin/connect" + query);
        var refused = await manager.PressAsync(ask, "Connect");
        var only = await one.OpenAsync("/admin/connect" + query);

        Assert.Equal("", ask.Document.QuerySelector("#site option[selected]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(first.PublicId, only.Document.QuerySelector("#site option[selected]")!.GetAttribute("value"));
        Assert.True(ask.Document.QuerySelector("button[value=connect]")!.HasAttribute("formnovalidate"));
    }

    [Fact]
    public async Task A_question_that_was_left_does_not_come_back_at_a_later_sign_in()
    {
        var site = await gateway.NewSiteAsync();
        var browser = new AdminBrowser(gateway);
        await browser.OpenAsync("/admin/sign-in?to=" + Uri.EscapeDataString("/admin/connect" + Query(Secrets.Random(32))));

        await browser.OpenAsync("/admin/sign-in");
        var signedIn = await browser.PressAsync(await browser.OpenAsync(await gateway.AdminLinkAsync("Later", site)), "Sign in");

        Assert.Equal("/admin", signedIn.Response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_key_that_another_process_made_is_known_at_once()
    {
        var site = await gateway.NewSiteAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.SignedAsync(HttpMethod.Get, "lists")).Status);

        // As another process does it: nobody here is told.
        var secret = await gateway.InScopeAsync<IServiceProvider, string>(scope =>
        {
            var db = scope.GetRequiredService<GatewayDb>();
            return db.WriteAsync(
                async () =>
                {
                    var made = scope.GetRequiredService<SigningSecrets>().Add(site.Id, 2);
                    await db.SaveChangesAsync();
                    return made;
                },
                CancellationToken.None
            );
        });

        Assert.Equal(HttpStatusCode.OK, (await site.SignedAsync(HttpMethod.Get, "lists", secret: secret)).Status);
    }

    [Fact]
    public async Task A_manager_connects_no_site_of_others_and_adds_none()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(site => site.Name = "Not Mine"));
        var browser = await AdminBrowser.SignedInAsync(gateway, "Mallory", mine);
        var ask = await browser.OpenAsync("/admin/connect" + Query(Secrets.Random(32)));

        ShownPage[] answers =
        [
            await browser.PressAsync(ask, "Connect", ("site", other.PublicId)),
            await browser.PressAsync(ask, "Connect", ("site", "new"), ("name", "Mallory's")),
            await browser.PressAsync(ask, "Connect", ("site", "")),
            await browser.PostAsync("/admin/connect", ("site", mine.PublicId), ("do", "connect")),
        ];

        Assert.DoesNotContain("Not Mine", ask.Html);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.False(await gateway.InDatabaseAsync(db => db.ConnectCodes.AnyAsync(row => row.Actor == "admin:Mallory")));
        Assert.False(await gateway.InDatabaseAsync(db => db.Sites.AnyAsync(site => site.Name == "Mallory's")));
    }

    [Fact]
    public async Task An_operator_adds_the_site_in_the_same_press()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Operator Connects");
        var (verifier, name) = (Secrets.Random(32), "Blog " + Guid.CreateVersion7());
        var ask = await browser.OpenAsync("/admin/connect" + Query(verifier, ("site_name", name)));

        var answer = Answered(await browser.PressAsync(ask, "Connect", ("site", "new"), ("from", "news@blog.example")));
        var keys = await ExchangeAsync(answer["code"]!, verifier);

        var site = await gateway.InDatabaseAsync(db => db.Sites.SingleAsync(one => one.Name == name));
        Assert.Equal("news@blog.example", site.FromEmail);
        Assert.Equal(Infrastructure.Http.PublicId.Format("site", site.Id), (string?)keys.Json["site"]);
    }

    [Fact]
    public async Task Who_cancels_goes_back_without_a_code()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Hesitant", site);
        var ask = await browser.OpenAsync("/admin/connect" + Query(Secrets.Random(32)));

        var answer = Answered(await browser.PressAsync(ask, "Cancel"));

        Assert.Equal(("access_denied", State, null), (answer["error"], answer["state"], answer["code"]));
    }

    [Fact]
    public async Task Who_is_not_signed_in_comes_back_to_the_question_by_the_link_that_signs_in()
    {
        var site = await gateway.NewSiteAsync();
        var browser = new AdminBrowser(gateway);
        var path = "/admin/connect" + Query(Secrets.Random(32));

        var sent = await browser.OpenAsync(path);
        var signIn = await browser.OpenAsync(sent.Response.Headers.Location!.ToString());
        var link = await browser.OpenAsync(await gateway.AdminLinkAsync("Returning", site));
        var signedIn = await browser.PressAsync(link, "Sign in");

        Assert.Contains("Sign in to connect your WordPress", signIn.Text);
        Assert.Equal(path, signedIn.Response.Headers.Location!.ToString());
        Assert.Equal("Connect WordPress", (await browser.OpenAsync(path)).Heading);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("redirect_uri", "http://shop.example@evil.example/wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "https://evil.example/wp-admin/admin.php?page=gateway-connector&x=1")]
    [InlineData("redirect_uri", "https://evil.example/wp-admin/admin.php?page=gateway-connector#x")]
    [InlineData("redirect_uri", "https://evil.example\\@shop.example/wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "javascript:alert(1)//wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "/wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "ftp://evil.example/wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "https://ev\u0456l.example/wp-admin/admin.php?page=gateway-connector")]
    [InlineData("redirect_uri", "")]
    [InlineData("response_type", "token")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge", "short")]
    [InlineData("state", "a\"><b")]
    [InlineData("state", "")]
    public async Task A_request_that_is_none_of_the_plugin_leads_nowhere(string name, string value)
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Careful");
        var query = Query(Secrets.Random(32), (name, value));

        foreach (var path in new[] { "/connect", "/admin/connect" })
        {
            var page = await browser.OpenAsync(path + query);

            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.Equal("This WordPress cannot be connected", page.Heading);
            Assert.DoesNotContain("evil.example", page.Html);
            Assert.Null(page.Document.QuerySelector("meta[http-equiv]"));
        }
    }

    [Theory]
    [InlineData("application/json", "{}", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=password", "unsupported_grant_type")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=authorization_code&code=a", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=authorization_code&code=a&code=b", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "", "unsupported_grant_type")]
    public async Task A_malformed_exchange_is_refused_as_oauth_says(string type, string body, string error)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await gateway.CreateClient().PostAsync("/oauth/connection", content);

        var json = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((HttpStatusCode.BadRequest, error, error), (response.StatusCode, (string?)json["error"], (string?)json["code"]));
    }

    private async Task<string> CodeAsync(SiteUnderTest site, string verifier, string name = "Mona")
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, name, site);
        return Answered(await browser.PressAsync(await browser.OpenAsync("/admin/connect" + Query(verifier)), "Connect"))["code"]!;
    }

    private async Task<Answer> ExchangeAsync(string code, string verifier, string redirect = Page)
    {
        using var form = AdminBrowser.Form(
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier)
        );
        using var response = await gateway.CreateClient().PostAsync("/oauth/connection", form);
        return await Answer.ReadAsync(response);
    }

    private Task<int> LiveSecretsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db =>
            db.Credentials.CountAsync(one => one.SiteId == site.Id && one.Kind == CredentialKind.Signing && one.RevokedAt == null)
        );

    /// <summary>Where a page leads by itself.</summary>
    private static string OnwardOf(ShownPage page)
    {
        var target = page.Document.QuerySelector("meta[http-equiv=refresh]")!.GetAttribute("content")!["0;url=".Length..];
        Assert.Equal(target, page.Document.QuerySelector("main a.main")!.GetAttribute("href"));
        return target;
    }

    private static System.Collections.Specialized.NameValueCollection Answered(ShownPage page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var target = OnwardOf(page);
        var query = HttpUtility.ParseQueryString(new Uri(target).Query);
        query["whole"] = target;
        return query;
    }

    private static string Query(string verifier, params (string Name, string Value)[] changed)
    {
        var all = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["redirect_uri"] = Page,
            ["state"] = State,
            ["code_challenge"] = Base64Url.EncodeToString(Secrets.Hash(verifier)),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changed)
        {
            all[name] = value;
        }

        return "?" + string.Join('&', all.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
    }
}
