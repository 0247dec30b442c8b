using System.Net;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Hooks are added, tried, given another secret and deleted in a browser, and what was sent can be sent again.</summary>
public sealed class HookPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_hook_is_added_tried_with_its_secret_and_deleted()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var all = $"/admin/sites/{site.PublicId}/hooks";
        var form = await browser.OpenAsync(all + "/new");

        var refused = await browser.PressAsync(form, "Add hook", ("url", receiver.NewUrl()));
        Assert.Contains("Choose at least one event.", refused.Alert, StringComparison.Ordinal);
        var wrong = await browser.PressAsync(form, "Add hook", ("url", "ftp://x"), ("event", "sms.sent"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var added = await browser.PressAsync(form, "Add hook", ("url", receiver.NewUrl("/hook?key=hidden")), ("event", "sms.sent"));
        var secret = added.Document.QuerySelector("pre")!.TextContent;
        var hook = await gateway.InDatabaseAsync(db => db.Hooks.SingleAsync(row => row.SiteId == site.Id));
        var url = $"{all}/hk_{hook.Id:N}";

        await browser.PressAsync(added, "Send a test event");
        var told = Assert.Single(await receiver.ToldAsync(1));
        Assert.True(told.IsSignedWith(secret));
        Assert.Equal("hook.test", (string)told.Json["type"]!);
        await Eventually.BecomesAsync(() => browser.OpenAsync(url), page => page.Document.QuerySelector("tbody .badge.good") is not null);

        var page = await browser.OpenAsync(url);
        Assert.DoesNotContain(secret, page.Html, StringComparison.Ordinal);
        await browser.PressAsync(page, "Send again");
        Assert.Equal(2, (await receiver.ToldAsync(2)).Length);
        var rotated = await browser.PressAsync(await browser.OpenAsync(url), "Make a new secret");
        var fresh = rotated.Document.QuerySelector("pre")!.TextContent;
        await browser.PressAsync(rotated, "Send a test event");
        Assert.True((await receiver.ToldAsync(3))[^1].IsSignedWith(fresh));

        Assert.Equal(all, (await browser.PressAsync(rotated, "Delete hook")).Location());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(url)).Status);
        Assert.Equal(
            ["delivery.replayed", "hook.added", "hook.deleted", "hook.secret_rotated"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id).Select(row => row.Action).Order().ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Adding_a_hook_that_there_is_changes_nothing_and_says_so()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var form = await browser.OpenAsync($"/admin/sites/{site.PublicId}/hooks/new");
        await browser.PressAsync(form, "Add hook", ("url", "https://hooks.example.org/twice"), ("event", "sms.sent"));
        var before = await HookAsync(site);

        var again = await browser.PressAsync(form, "Add hook", ("url", "https://hooks.example.org/twice"), ("event", "sms.sent"));

        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("There is a hook with this address", again.Alert, StringComparison.Ordinal);
        Assert.Null(again.Document.QuerySelector("pre"));
        Assert.Equal(before.ProtectedSecret, (await HookAsync(site)).ProtectedSecret);
    }

    [Fact]
    public async Task Of_two_who_make_a_new_secret_the_second_is_told_of_the_first()
    {
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", "https://hooks.example.org/1");
        var (ann, bob) = (await AdminBrowser.SignedInAsync(gateway, "Ann", site), await AdminBrowser.SignedInAsync(gateway, "Bob", site));
        var url = $"/admin/sites/{site.PublicId}/hooks/{hook}";
        var (hers, his) = (await ann.OpenAsync(url), await bob.OpenAsync(url));

        await ann.PressAsync(hers, "Make a new secret");
        var stored = (await HookAsync(site)).ProtectedSecret;
        var late = await bob.PressAsync(his, "Make a new secret");

        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Ann changed this", late.Alert, StringComparison.Ordinal);
        Assert.Equal(stored, (await HookAsync(site)).ProtectedSecret);
        Assert.NotNull((await bob.PressAsync(late, "Make a new secret")).Document.QuerySelector("pre"));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_receiver_that_moved_gets_what_waited_at_its_new_address()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.Answer = http =>
        {
            http.Response.StatusCode = http.Request.Path == "/new" ? 200 : 500;
            return Task.CompletedTask;
        };
        var site = await gateway.NewSiteAsync();
        var old = receiver.NewUrl("/old");
        var hook = await site.HookAsync("sms.sent", old, WebhookSignature.NewSecret());
        await site.HappensAsync();
        await site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", site);
        var url = $"/admin/sites/{site.PublicId}/hooks/{hook}";
        var (page, his) = (await browser.OpenAsync(url), await bob.OpenAsync(url));
        Assert.Contains("1 event that waits for it, or failed, is dropped.", page.Text, StringComparison.Ordinal);

        var wrong = await browser.PressAsync(page, "Save address", ("url", "ftp://x"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("ftp://x", wrong.Document.QuerySelector("#url")!.GetAttribute("value"));
        var secret = (await HookAsync(site)).ProtectedSecret;
        var saved = await browser.PressAsync(page, "Save address", ("url", receiver.NewUrl("/new")));

        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);
        Assert.Equal(secret, (await HookAsync(site)).ProtectedSecret);
        await site.DeliveryAsync(hook, "delivered");
        Assert.Contains(receiver.Told, told => told.Path == "/new");
        Assert.Equal(
            "hook.changed",
            await gateway.InDatabaseAsync(db => db.Audit.Where(row => row.SiteId == site.Id).Select(row => row.Action).SingleAsync())
        );

        var late = await bob.PressAsync(his, "Save address", ("url", receiver.NewUrl("/his")));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Ann changed this", late.Alert, StringComparison.Ordinal);
        var again = await bob.PressAsync(late, "Save address", ("secret", "1"));
        Assert.NotNull(again.Document.QuerySelector("pre"));
        Assert.NotEqual(secret, (await HookAsync(site)).ProtectedSecret);
    }

    [Fact]
    public async Task A_receiver_that_is_well_again_gets_what_waited_at_once()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl());
        await site.HappensAsync();

        // After the second failure it waits for minutes.
        var soon = gateway.Clock.GetUtcNow().UtcDateTime.AddMinutes(4);
        await site.DeliveryAsync(hook, one => one["dueAt"] is not null && one.Time("dueAt") > soon);
        receiver.AnswerWith(200);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        await browser.PressAsync(await browser.OpenAsync($"/admin/sites/{site.PublicId}/hooks/{hook}"), "Send what waits now");

        await site.DeliveryAsync(hook, "delivered");
    }

    private Task<Hook> HookAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Hooks.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));

    [Fact]
    public async Task Another_sites_hook_is_not_there()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var hook = await other.HookAsync("sms.sent", "https://hooks.example.org/secret-path");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"/admin/sites/{site.PublicId}/hooks/{hook}")).Status);
        Assert.DoesNotContain("hooks.example.org", (await browser.OpenAsync($"/admin/sites/{site.PublicId}/hooks")).Html);
    }
}
