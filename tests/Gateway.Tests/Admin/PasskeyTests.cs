using System.Net;
using System.Text.Json.Nodes;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>People who were invited add passkeys and sign in by them; what a device says wrongly opens nothing.</summary>
[Collection(MovesTheClock.Name)]
public sealed class PasskeyTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_passkey_signs_its_owner_in_to_where_they_wanted_to_go()
    {
        var person = await gateway.PersonAsync();
        var device = await person.AddPasskeyAsync("My telephone");
        var browser = new AdminBrowser(gateway);

        var page = await browser.OpenAsync("/admin/sign-in?to=%2Fadmin%2Ffailed");
        var entered = await browser.UsePasskeyAsync(page, device);
        Assert.Equal((HttpStatusCode.SeeOther, "/admin/failed"), (entered.Status, entered.Location()));
        var mine = await browser.OpenAsync("/admin/sessions");

        Assert.Equal(person.Address, mine.Document.QuerySelector(".me bdi")!.TextContent);
        var row = mine.Document.QuerySelector("[aria-label=Passkeys] tbody tr")!;
        Assert.Equal("My telephone", row.QuerySelector("th")!.TextContent);
        Assert.Equal(2, row.QuerySelectorAll("time").Length);
        Assert.Contains("passkey", mine.Document.QuerySelector("tbody tr:last-child td")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["passkey.added", "passkey.used"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(one => one.Actor == "admin:" + person.Address && one.Action.StartsWith("passkey."))
                    .OrderBy(one => one.Id)
                    .Select(one => one.Action)
                    .ToListAsync()
            )
        );
    }

    [Fact]
    public async Task What_a_device_is_asked_names_nobody_and_wants_its_owner_verified()
    {
        var person = await gateway.PersonAsync();
        var page = await person.Browser.OpenAsync("/admin/sessions");
        var made = JsonNode.Parse((await person.Browser.OptionsAsync(page, "/admin/sessions/passkeys")).Html)!;
        var browser = new AdminBrowser(gateway);
        var answer = await browser.OptionsAsync(await browser.OpenAsync("/admin/sign-in"), SignInPages.PasskeyPath);
        var asked = JsonNode.Parse(answer.Html)!;

        Assert.Equal(("localhost", "localhost"), ((string?)made["rp"]!["id"], (string?)asked["rpId"]));
        Assert.Equal("required", (string?)made["authenticatorSelection"]!["residentKey"]);
        Assert.Equal("required", (string?)made["authenticatorSelection"]!["userVerification"]);
        Assert.Equal("required", (string?)asked["userVerification"]);
        Assert.Empty(asked["allowCredentials"]!.AsArray());
        Assert.Equal(16, System.Buffers.Text.Base64Url.DecodeFromChars((string)made["user"]!["id"]!).Length);
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("site")]
    [InlineData("unverified")]
    [InlineData("counter")]
    [InlineData("no counter")]
    [InlineData("no handle")]
    [InlineData("foreign handle")]
    [InlineData("foreign key")]
    public async Task What_a_device_says_wrongly_signs_nobody_in(string wrong)
    {
        var person = await gateway.PersonAsync();
        var device = await person.AddPasskeyAsync();
        var browser = new AdminBrowser(gateway);
        await browser.UsePasskeyAsync(await browser.OpenAsync("/admin/sign-in"), device);
        await browser.PressAsync(await browser.OpenAsync("/admin"), "Sign out");
        switch (wrong)
        {
            case "origin":
                device.Origin = "https://evil.example";
                break;
            case "site":
                device.RpId = "evil.example";
                break;
            case "unverified":
                device.IsVerified = false;
                break;
            case "counter":
                device.Count = 0;
                break;
            case "no counter":
                device.Count = uint.MaxValue;
                break;
            case "no handle":
                device.UserHandle = null;
                break;
            case "foreign handle":
                device.UserHandle = Guid.CreateVersion7().ToByteArray();
                break;
            default:
                device = new()
                {
                    Id = device.Id,
                    UserHandle = device.UserHandle,
                    Count = 10,
                };
                break;
        }

        var refused = await browser.UsePasskeyAsync(await browser.OpenAsync("/admin/sign-in"), device);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("did not prove who you are", refused.Alert, StringComparison.Ordinal);
        Assert.True((await browser.OpenAsync("/admin")).IsSentToSignIn());
        Assert.True(
            await gateway.InDatabaseAsync(db =>
                db.Audit.AnyAsync(one => one.Actor == "admin:" + person.Address && one.Action == "passkey.refused")
            )
        );
    }

    [Fact]
    public async Task A_challenge_is_answered_once_and_within_minutes()
    {
        var person = await gateway.PersonAsync();
        var device = await person.AddPasskeyAsync();
        var browser = new AdminBrowser(gateway);
        var page = await browser.OpenAsync("/admin/sign-in");
        var asked = (await browser.OptionsAsync(page, SignInPages.PasskeyPath)).Html;
        var answer = device.Get(asked);

        var first = await browser.PressAsync(page, "Sign in with a passkey", ("answer", answer));
        var other = new AdminBrowser(gateway);
        var replayed = await other.PressAsync(await other.OpenAsync("/admin/sign-in"), "Sign in with a passkey", ("answer", answer));
        var again = await other.PressAsync(
            await other.OpenAsync("/admin/sign-in"),
            "Sign in with a passkey",
            ("answer", device.Get(asked))
        );
        var late = (await other.OptionsAsync(page = await other.OpenAsync("/admin/sign-in"), SignInPages.PasskeyPath)).Html;
        gateway.Advance(AdminPasskeys.Lifetime);
        var afterwards = await other.PressAsync(page, "Sign in with a passkey", ("answer", device.Get(late)));

        Assert.Equal(HttpStatusCode.SeeOther, first.Status);
        Assert.All(
            [replayed, again, afterwards],
            refused =>
            {
                Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
                Assert.Contains("took too long, or was sent twice", refused.Alert, StringComparison.Ordinal);
            }
        );
        Assert.True((await other.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Of_ten_who_send_the_same_answer_at_once_one_is_signed_in()
    {
        var person = await gateway.PersonAsync();
        var device = await person.AddPasskeyAsync();
        var browsers = Enumerable.Range(0, 10).Select(_ => new AdminBrowser(gateway)).ToList();
        var pages = await Task.WhenAll(browsers.Select(browser => browser.OpenAsync("/admin/sign-in")));
        var answer = device.Get((await browsers[0].OptionsAsync(pages[0], SignInPages.PasskeyPath)).Html);

        var answers = await Task.WhenAll(
            browsers.Zip(pages, (browser, page) => browser.PressAsync(page, "Sign in with a passkey", ("answer", answer)))
        );

        Assert.Single(answers, one => one.Status == HttpStatusCode.SeeOther);
        Assert.Equal(9, answers.Count(one => one.Status == HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_passkey_that_nobody_has_here_opens_nothing()
    {
        var browser = new AdminBrowser(gateway);

        var stranger = await browser.UsePasskeyAsync(await browser.OpenAsync("/admin/sign-in"), new SoftAuthenticator());

        Assert.Equal(HttpStatusCode.Forbidden, stranger.Status);
        Assert.Contains("This passkey opens nothing here", stranger.Alert, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":null,"clientExtensionResults":{}}""")]
    [InlineData(
        """{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":""}}"""
    )]
    public async Task What_is_no_answer_at_all_is_refused(string answer)
    {
        var browser = new AdminBrowser(gateway);
        var person = await gateway.PersonAsync();

        var entering = await browser.PressAsync(await browser.OpenAsync("/admin/sign-in"), "Sign in with a passkey", ("answer", answer));
        var adding = await person.Browser.PressAsync(
            await person.Browser.OpenAsync("/admin/sessions"),
            "Add a passkey",
            ("name", "Mine"),
            ("answer", answer)
        );

        Assert.All(
            [entering, adding],
            refused =>
            {
                Assert.True(refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden, $"{refused.Status}");
                Assert.NotNull(refused.Alert);
            }
        );
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("site")]
    [InlineData("unverified")]
    public async Task A_passkey_that_was_made_elsewhere_is_not_added(string wrong)
    {
        var person = await gateway.PersonAsync();
        var device = new SoftAuthenticator
        {
            Origin = wrong == "origin" ? "https://evil.example" : "http://localhost",
            RpId = wrong == "site" ? "evil.example" : "localhost",
            IsVerified = wrong != "unverified",
        };

        var refused = await person.AddAsync(device, "Mine");

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Null((await person.Browser.OpenAsync("/admin/sessions")).Document.QuerySelector("[aria-label=Passkeys]"));
    }

    [Fact]
    public async Task A_challenge_to_add_is_of_one_session_and_a_passkey_of_one_person()
    {
        var (one, other) = (await gateway.PersonAsync(), await gateway.PersonAsync());
        var device = await one.AddPasskeyAsync();
        var page = await other.Browser.OpenAsync("/admin/sessions");
        var theirs = (await other.Browser.OptionsAsync(page, "/admin/sessions/passkeys")).Html;
        var mine = await one.Browser.OpenAsync("/admin/sessions");

        var crossed = await one.Browser.PressAsync(
            mine,
            "Add a passkey",
            ("name", "Crossed"),
            ("answer", new SoftAuthenticator().Create(theirs))
        );
        var taken = await other.AddAsync(device, "Taken");
        var unnamed = await other.AddAsync(new SoftAuthenticator(), new string('x', AdminPasskeys.MaxName + 1));

        Assert.Equal(HttpStatusCode.BadRequest, crossed.Status);
        Assert.Equal(HttpStatusCode.Forbidden, taken.Status);
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.Status);
        Assert.Single((await one.Browser.OpenAsync("/admin/sessions")).Document.QuerySelectorAll("[aria-label=Passkeys] tbody tr"));
    }

    [Fact]
    public async Task A_removed_passkey_opens_nothing()
    {
        var person = await gateway.PersonAsync();
        var device = await person.AddPasskeyAsync("Old telephone");

        var removed = await person.Browser.PressAsync(await person.Browser.OpenAsync("/admin/sessions"), "Remove");
        var browser = new AdminBrowser(gateway);
        var refused = await browser.UsePasskeyAsync(await browser.OpenAsync("/admin/sign-in"), device);

        Assert.Equal("/admin/sessions", removed.Location());
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("This passkey opens nothing here", refused.Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_removes_the_passkey_of_another()
    {
        var (one, other) = (await gateway.PersonAsync(), await gateway.PersonAsync());
        await one.AddPasskeyAsync();
        await other.AddPasskeyAsync();
        var theirs = (await one.Browser.OpenAsync("/admin/sessions")).Document.QuerySelector("form[action$='/remove']")!;
        var page = await other.Browser.OpenAsync("/admin/sessions");
        page.Document.QuerySelector("form[action$='/remove']")!.SetAttribute("action", theirs.GetAttribute("action")!);

        Assert.Equal(HttpStatusCode.NotFound, (await other.Browser.PressAsync(page, "Remove")).Status);
        Assert.Single((await one.Browser.OpenAsync("/admin/sessions")).Document.QuerySelectorAll("[aria-label=Passkeys] tbody tr"));
    }

    [Fact]
    public async Task An_operator_removes_the_passkeys_of_others_and_whoever_is_removed_keeps_none()
    {
        var (lost, gone) = (await gateway.PersonAsync(), await gateway.PersonAsync());
        var (lostDevice, goneDevice) = (await lost.AddPasskeyAsync(), await gone.AddPasskeyAsync());
        var browser = await AdminBrowser.SignedInAsync(gateway);

        var first = await PressInRowAsync(browser, lost.Address, "passkeys/remove");
        var second = await PressInRowAsync(browser, gone.Address, "remove");

        Assert.All([first, second], pressed => Assert.Equal("/admin/people", pressed.Location()));
        Assert.Equal(HttpStatusCode.OK, (await lost.Browser.OpenAsync("/admin")).Status);
        Assert.True((await gone.Browser.OpenAsync("/admin")).IsSentToSignIn());
        foreach (var device in new[] { lostDevice, goneDevice })
        {
            var guest = new AdminBrowser(gateway);
            var refused = await guest.UsePasskeyAsync(await guest.OpenAsync("/admin/sign-in"), device);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        }

        var known = await gateway.InDatabaseAsync(db => db.AdminPasskeys.Select(one => one.CredentialId).ToListAsync());
        Assert.DoesNotContain(known, id => id.SequenceEqual(goneDevice.Id));
    }

    [Fact]
    public async Task Whoever_came_by_a_printed_link_is_led_to_be_somebody_whom_a_passkey_can_belong_to()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Printed");
        var address = $"{Guid.CreateVersion7():N}@agency.example";
        var page = await browser.OpenAsync("/admin/sessions");
        var manager = await AdminBrowser.SignedInAsync(gateway, "Printed for a site", await gateway.NewSiteAsync());

        Assert.DoesNotContain(page.Document.QuerySelectorAll("button"), button => button.TextContent == "Add a passkey");
        Assert.Contains("Ask your administrator to invite you", (await manager.OpenAsync("/admin/sessions")).Text);
        var invited = await browser.PressAsync(page, "Invite yourself", ("email", address));

        Assert.Equal("/admin/people", invited.Location());
        Assert.True((await gateway.InDatabaseAsync(db => db.AdminPeople.SingleAsync(one => one.Address == address))).Access.IsOperator);
        var refused = await browser.OptionsAsync(page, "/admin/sessions/passkeys");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task Where_the_public_address_is_a_number_no_passkey_is_offered()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, clock: null, ("Gateway__PublicUrl", "http://127.0.0.1:5080"));
        var browser = new AdminBrowser(replica.NewBrowser());

        var page = await browser.OpenAsync("/admin/sign-in");

        Assert.Null(page.Document.QuerySelector("[data-passkey]"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OptionsAsync(page, SignInPages.PasskeyPath)).Status);
    }

    private static async Task<ShownPage> PressInRowAsync(AdminBrowser browser, string address, string action)
    {
        var page = await browser.OpenAsync("/admin/people");
        var row = page
            .Document.QuerySelectorAll("[aria-label=People] tbody tr")
            .Single(one => one.QuerySelector("th")!.TextContent == address);
        var form = row.QuerySelectorAll("form")
            .Single(one => one.GetAttribute("action")!.Split('/', 5)[^1].Equals(action, StringComparison.Ordinal));
        return await browser.PostAsync(
            form.GetAttribute("action")!,
            ("__RequestVerificationToken", form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!)
        );
    }
}

/// <summary>Somebody who was invited, in a browser of their own.</summary>
internal sealed record InvitedPerson(string Address, AdminBrowser Browser)
{
    public async Task<SoftAuthenticator> AddPasskeyAsync(string name = "Mine")
    {
        var device = new SoftAuthenticator();
        var added = await AddAsync(device, name);
        Assert.Equal("/admin/sessions", added.Location());
        return device;
    }

    public async Task<ShownPage> AddAsync(SoftAuthenticator device, string name)
    {
        var page = await Browser.OpenAsync("/admin/sessions");
        var asked = await Browser.OptionsAsync(page, "/admin/sessions/passkeys");
        return await Browser.PressAsync(page, "Add a passkey", ("name", name), ("answer", device.Create(asked.Html)));
    }
}

/// <summary>What a person does with passkeys.</summary>
internal static class PasskeyCalls
{
    /// <summary>Somebody who was invited, and signed in by a link.</summary>
    public static async Task<InvitedPerson> PersonAsync(this GatewayUnderTest gateway, AdminRoles? access = null)
    {
        var address = $"{Guid.CreateVersion7():N}@agency.example";
        var link = await gateway.InScopeAsync<AdminPeople, string>(async people =>
        {
            var invited = await people.InviteAsync(
                address,
                access ?? AdminRoles.Operator,
                byMail: false,
                "admin:Olga",
                CancellationToken.None
            );
            return invited.IsRefused(out var why, out var made) ? throw new InvalidOperationException(why.Message) : made;
        });
        var browser = new AdminBrowser(gateway);
        await browser.PressAsync(await browser.OpenAsync(new Uri(link).AbsolutePath), "Sign in");
        return new(address, browser);
    }

    /// <returns>The path of another link for them.</returns>
    public static Task<string> LinkOfAsync(this GatewayUnderTest gateway, InvitedPerson person) =>
        gateway.InScopeAsync<IServiceProvider, string>(async scope =>
        {
            var known = await scope
                .GetRequiredService<GatewayDb>()
                .AdminPeople.AsNoTracking()
                .SingleAsync(one => one.Address == person.Address);
            var (token, _) = await scope
                .GetRequiredService<AdminLinks>()
                .MakeAsync(known, AdminLinks.Lifetime, "page", CancellationToken.None);
            return AdminLinks.Path(token);
        });

    /// <returns>What the script of the page gets to ask the device.</returns>
    public static Task<ShownPage> OptionsAsync(this AdminBrowser browser, ShownPage page, string form) =>
        browser.PostAsync(
            form + PasskeyForms.Options,
            ("__RequestVerificationToken", page.Document.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!)
        );

    /// <summary>Signs in by a device, on a page that offers it.</summary>
    public static async Task<ShownPage> UsePasskeyAsync(this AdminBrowser browser, ShownPage page, SoftAuthenticator device) =>
        await browser.PressAsync(
            page,
            "Sign in with a passkey",
            ("answer", device.Get((await browser.OptionsAsync(page, SignInPages.PasskeyPath)).Html))
        );
}
