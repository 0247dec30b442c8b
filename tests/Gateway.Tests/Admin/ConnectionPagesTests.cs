using System.Net;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Who manages a site connects it with accounts in a browser, and takes their lists over, without a shell.</summary>
public sealed class ConnectionPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_manager_connects_an_account_and_uses_one_of_its_lists()
    {
        var (site, account) = (await gateway.NewSiteAsync(), NewAccount());
        var there = gateway.Mailjet.NewList($"{account.Key}:{account.Secret}");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var all = await browser.OpenAsync($"/admin/sites/{site.PublicId}/connections");
        Assert.Contains("This site has no connection of its own", all.Text, StringComparison.Ordinal);

        var form = await browser.OpenAsync(HrefOf(all, "Connect Mailjet for Lists"));
        var refused = await browser.PressAsync(form, "Try and save", ("setting-apiKey", "wrong"), ("setting-secretKey", "wrong"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Mailjet refuses the credentials (401).", refused.Alert, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.Html, StringComparison.Ordinal);

        var saved = await browser.PressAsync(
            refused,
            "Try and save",
            ("name", "Ann's account"),
            ("setting-apiKey", account.Key),
            ("setting-secretKey", account.Secret)
        );
        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);
        var page = await browser.OpenAsync(saved.Response.Headers.Location!.ToString());
        Assert.Contains("The account is connected.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Secret, page.Html, StringComparison.Ordinal);

        var used = await browser.OpenAsync((await browser.PressAsync(page, "Use it")).Response.Headers.Location!.ToString());
        Assert.Contains("in use", used.Text, StringComparison.Ordinal);
        var list = await gateway.InDatabaseAsync(db =>
            db.Lists.SingleAsync(row => row.SiteId == site.Id && row.ProviderListId == there.Id)
        );
        Assert.NotNull(list.ConnectionId);
        Assert.Equal("mailjet", list.Provider);

        // What a list is kept over stays, and says what keeps it.
        Assert.Contains("as long as it is used, now by 1 thing", used.Text, StringComparison.Ordinal);
        var kept = await browser.PressAsync(page, "Delete connection");
        Assert.Equal(HttpStatusCode.Conflict, kept.Status);
        Assert.Contains(list.Name, kept.Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_gone_at_the_provider_is_given_another_one_in_place()
    {
        var (site, account) = (await gateway.NewSiteAsync(), NewAccount());
        var there = gateway.Mailjet.NewList($"{account.Key}:{account.Secret}");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var saved = await browser.PressAsync(
            await browser.OpenAsync($"/admin/sites/{site.PublicId}/connections/new/list/mailjet"),
            "Try and save",
            ("setting-apiKey", account.Key),
            ("setting-secretKey", account.Secret)
        );
        var path = saved.Location()!.Split('?')[0];
        await browser.PressAsync(await browser.OpenAsync(path), "Use it");
        var list = await gateway.InDatabaseAsync(db =>
            db.Lists.SingleAsync(row => row.SiteId == site.Id && row.ProviderListId == there.Id)
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Lists.Where(row => row.Id == list.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.ProviderListId, "999999")),
                CancellationToken.None
            )
        );

        var page = await browser.OpenAsync(path);
        Assert.Contains("0 people on it are added there", page.Alert, StringComparison.Ordinal);
        var moved = await browser.PressAsync(page, $"Use it for {list.Name}");

        Assert.Contains("list-moved", moved.Response.Headers.Location!.ToString(), StringComparison.Ordinal);
        var now = await gateway.InDatabaseAsync(db => db.Lists.AsNoTracking().SingleAsync(row => row.Id == list.Id));
        Assert.Equal(there.Id, now.ProviderListId);
        Assert.Equal(2, await gateway.InDatabaseAsync(db => db.Lists.CountAsync(row => row.SiteId == site.Id)));
        Assert.Null((await browser.OpenAsync(path)).Document.QuerySelector(".notice.bad"));
    }

    [Fact]
    public async Task Of_two_who_save_a_connection_the_second_is_told_of_the_first()
    {
        var (site, account) = (await gateway.NewSiteAsync(), NewAccount());
        var (ann, bob) = (await AdminBrowser.SignedInAsync(gateway, "Ann", site), await AdminBrowser.SignedInAsync(gateway, "Bob", site));
        var saved = await ann.PressAsync(
            await ann.OpenAsync($"/admin/sites/{site.PublicId}/connections/new/list/mailjet"),
            "Try and save",
            ("setting-apiKey", account.Key),
            ("setting-secretKey", account.Secret)
        );
        var path = saved.Response.Headers.Location!.ToString().Split('?')[0];
        var (hers, his) = (await ann.OpenAsync(path), await bob.OpenAsync(path));

        await ann.PressAsync(hers, "Try and save", ("name", "Ann's account"));
        var late = await bob.PressAsync(his, "Try and save", ("name", "Bob's account"));

        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Ann changed this", late.Alert, StringComparison.Ordinal);
        Assert.Equal("Bob's account", late.Document.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.SeeOther, (await bob.PressAsync(late, "Try and save")).Status);
    }

    [Fact]
    public async Task A_secret_that_is_left_empty_stays_and_a_revoked_one_is_told_by_a_try()
    {
        var (site, account) = (await gateway.NewSiteAsync(), NewAccount());
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var url = $"/admin/sites/{site.PublicId}/connections";
        var saved = await browser.PressAsync(
            await browser.OpenAsync($"{url}/new/list/mailjet"),
            "Try and save",
            ("setting-apiKey", account.Key),
            ("setting-secretKey", account.Secret)
        );
        var path = saved.Response.Headers.Location!.ToString().Split('?')[0];

        var renamed = await browser.PressAsync(await browser.OpenAsync(path), "Try and save", ("name", "Newsletter"));
        Assert.Equal(HttpStatusCode.SeeOther, renamed.Status);
        Assert.Contains("Newsletter", (await browser.OpenAsync(url)).Text, StringComparison.Ordinal);

        gateway.Mailjet.Accounts.TryRemove($"{account.Key}:{account.Secret}", out _);
        await browser.PressAsync(await browser.OpenAsync(path), "Try it now");
        var failing = await browser.OpenAsync(path);
        Assert.Contains("Mailjet refuses the credentials (401).", failing.Alert, StringComparison.Ordinal);

        // Whoever knows better saves it all the same, and nothing that is used less is lost by deleting it.
        var unsure = await browser.PressAsync(failing, "Try and save", ("setting-secretKey", "later"));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        var kept = await browser.PressAsync(unsure, "Try and save", ("setting-secretKey", "later"), ("untested", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, kept.Status);
        Assert.Equal(url, (await browser.PressAsync(await browser.OpenAsync(path), "Delete connection")).Location());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(path)).Status);
    }

    [Fact]
    public async Task Another_sites_connection_is_not_found_and_no_page_takes_what_is_none()
    {
        var (site, other, account) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync(), NewAccount());
        var owner = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var saved = await owner.PressAsync(
            await owner.OpenAsync($"/admin/sites/{site.PublicId}/connections/new/list/mailjet"),
            "Try and save",
            ("setting-apiKey", account.Key),
            ("setting-secretKey", account.Secret)
        );
        var id = saved.Location()!.Split('/')[^1];
        var stranger = await AdminBrowser.SignedInAsync(gateway, "Bob", other);

        foreach (var path in new[] { id, $"{id}/test", $"{id}/delete", $"{id}/lists", "conn_none" })
        {
            var page = await stranger.PostAsync($"/admin/sites/{other.PublicId}/connections/{path}");
            Assert.NotEqual(HttpStatusCode.SeeOther, page.Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync($"/admin/sites/{other.PublicId}/connections/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.OpenAsync($"/admin/sites/{site.PublicId}/connections/{id}")).Status);
        foreach (var unknown in new[] { "fax/mailjet", "list/twilio", "sms/nobody" })
        {
            var page = await owner.OpenAsync($"/admin/sites/{site.PublicId}/connections/new/{unknown}");
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
        }
    }

    private Account NewAccount()
    {
        var account = new Account($"page-{Guid.CreateVersion7():N}", $"sesame-{Guid.CreateVersion7():N}");
        gateway.Mailjet.Accounts[$"{account.Key}:{account.Secret}"] = true;
        return account;
    }

    private static string HrefOf(ShownPage page, string label) =>
        page.Document.QuerySelectorAll("a").Single(link => link.GetAttribute("aria-label") == label).GetAttribute("href")!;

    private sealed record Account(string Key, string Secret);
}

internal static class Redirects
{
    /// <returns>Where a page leads on to, without what it says there; null when it leads nowhere.</returns>
    public static string? Location(this ShownPage page) => page.Response.Headers.Location?.ToString().Split('?')[0];
}
