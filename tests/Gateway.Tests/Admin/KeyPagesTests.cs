using System.Net;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Keys for programs are made with scopes, shown once, and revoked, in a browser.</summary>
public sealed class KeyPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_key_is_shown_once_does_what_it_may_is_seen_in_use_and_revoked()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/keys";
        var none = await browser.PressAsync(await browser.OpenAsync(path), "Make key", ("name", "Zapier"), ("scope", "everything"));
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);

        var made = await browser.PressAsync(none, "Make key", ("name", "Zapier"), ("scope", "read"));
        var (id, secret) = (ValueOf(made, "Client id"), ValueOf(made, "Client secret"));
        Assert.DoesNotContain(secret, (await browser.OpenAsync(path)).Html, StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.OK, "read"), await TokenAsync(site, id, secret, scope: null));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_scope"), await TokenAsync(site, id, secret, "sms"));
        var row = await gateway.InDatabaseAsync(db => db.Credentials.SingleAsync(one => one.ClientId == id));
        Assert.Equal(("Zapier", "read"), (row.Name, row.Scopes));
        Assert.NotNull(row.LastUsedAt);

        var page = await browser.OpenAsync(path);
        var form = page
            .Document.QuerySelectorAll("tbody tr")
            .Single(line => line.TextContent.Contains(id, StringComparison.Ordinal))
            .QuerySelector("form")!;
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var revoked = await browser.PostAsync(form.GetAttribute("action")!, ("__RequestVerificationToken", token));
        Assert.Equal(HttpStatusCode.SeeOther, revoked.Status);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), await TokenAsync(site, id, secret, "read"));
        Assert.Equal(
            ["key.added", "key.revoked"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(one => one.SiteId == site.Id).Select(one => one.Action).Order().ToListAsync()
            )
        );
    }

    [Theory]
    [InlineData("imports")]
    [InlineData("connections")]
    public async Task A_key_for_one_thing_alone_opens_it_without_being_asked(string scope)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/keys";

        var made = await browser.PressAsync(await browser.OpenAsync(path), "Make key", ("name", "Script"), ("scope", scope));

        Assert.Equal(
            (HttpStatusCode.OK, scope),
            await TokenAsync(site, ValueOf(made, "Client id"), ValueOf(made, "Client secret"), scope: null)
        );
    }

    [Fact]
    public async Task A_new_connection_key_leaves_the_one_before_and_keys_of_their_own_alone()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/keys";
        var own = await browser.PressAsync(await browser.OpenAsync(path), "Make key", ("name", "Script"));
        var (id, secret) = (ValueOf(own, "Client id"), ValueOf(own, "Client secret"));

        var first = await browser.PressAsync(await browser.OpenAsync(path), "Make a new connection key");
        await browser.PressAsync(first, "Make a new connection key");

        Assert.StartsWith("gwc_", ValueOf(first, "Connection key for WordPress"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(site, id, secret, "read")).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await TokenAsync(site, ValueOf(first, "Client id"), ValueOf(first, "Client secret"), "read")).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(site, site.Keys.ClientId, site.Keys.ClientSecret, "read")).Status);
    }

    private static string ValueOf(ShownPage page, string label) =>
        page.Document.QuerySelectorAll(".facts dt").Single(term => term.TextContent == label).NextElementSibling!.TextContent;

    private static async Task<(HttpStatusCode Status, string? Scope)> TokenAsync(
        SiteUnderTest site,
        string id,
        string secret,
        string? scope
    )
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_secret"] = secret,
        };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        using var response = await site.Browser.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
        var answer = await Answer.ReadAsync(response);
        return (answer.Status, (string?)(answer.Json["scope"] ?? answer.Json["error"]));
    }
}
