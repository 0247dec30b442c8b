using System.Net;
using System.Text.Json.Nodes;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>All that somebody has to put right stands in one list, and every other page says how much that is.</summary>
public sealed class ToDoPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    [Trait("Database", "both")]
    public async Task What_failed_stands_before_what_may_fail_each_with_a_way_to_where_it_is_put_right()
    {
        var (site, other) = (await gateway.NewSiteAsync(one => one.Name = "Bakery Noll"), await gateway.NewSiteAsync());
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site, other);
        var none = await browser.OpenAsync("/admin");
        Assert.Equal("Nothing has to be put right", none.Document.QuerySelector("#to-do")!.TextContent);

        await site.SubmitAsync(email: "first@example.org");
        await FailAsync(site);
        await FailAsync(site);
        await site.SubmitAsync(email: "new@example.org", change: body => Rename(body, "your-city", "town"));
        await LookAsync(site);

        var overview = await browser.OpenAsync("/admin");
        var rows = overview.Document.QuerySelectorAll(".to-do li");
        Assert.Equal("2 things to put right", overview.Document.QuerySelector("#to-do")!.TextContent);
        Assert.Equal(["Failed", "Form"], rows.Select(row => row.QuerySelector(".badge")!.TextContent));
        Assert.Contains("submissions failed", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Equal(["Bakery Noll"], rows[0].QuerySelectorAll(".hint a").Select(link => link.TextContent));
        Assert.NotNull(rows[0].QuerySelector("a.button.main"));
        foreach (var link in overview.Document.QuerySelectorAll(".to-do a").Select(link => link.GetAttribute("href")!))
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(link)).Status);
        }

        var mine = await browser.OpenAsync($"/admin/sites/{site.PublicId}");
        Assert.Equal(["Failed", "Form"], mine.Document.QuerySelectorAll(".to-do li .badge").Select(badge => badge.TextContent));
        Assert.DoesNotContain(mine.Document.QuerySelectorAll(".to-do .hint a"), link => link.TextContent == "Bakery Noll");
        Assert.Empty((await browser.OpenAsync($"/admin/sites/{other.PublicId}")).Document.QuerySelectorAll(".to-do"));

        // What failed is counted beside the pages, some seconds later.
        var line = await Eventually.BecomesAsync(
            async () => (await browser.OpenAsync($"/admin/sites/{site.PublicId}/lists")).Document.QuerySelector(".to-do-line a"),
            found => found?.TextContent == "2 things to put right"
        );
        Assert.Equal($"/admin/sites/{site.PublicId}#to-do", line!.GetAttribute("href"));
        Assert.Null((await browser.OpenAsync($"/admin/sites/{other.PublicId}/lists")).Document.QuerySelector(".to-do-line"));
        Assert.Null(overview.Document.QuerySelector(".to-do-line"));
    }

    [Fact]
    public async Task Who_only_looks_is_led_there_and_not_told_to_act()
    {
        var site = await gateway.NewSiteAsync();
        await FailAsync(site);
        var link = await gateway.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync("Vera", AdminRoles.To("viewer", [site.Id]), CancellationToken.None)).Token)
        );
        var viewer = new AdminBrowser(gateway);
        await viewer.PressAsync(await viewer.OpenAsync(link), "Sign in");

        var button = (await viewer.OpenAsync("/admin")).Document.QuerySelector(".to-do a.button")!;

        Assert.Equal("Look", button.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await viewer.OpenAsync(button.GetAttribute("href")!)).Status);
    }

    [Fact]
    public async Task What_is_wrong_with_the_gateway_itself_is_told_to_operators_alone()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database, clock: null, ("Mail__Smtp__Hosst", "127.0.0.1"));
        var site = await replica.AddSiteAsync();
        var (operators, managers) = (
            await SignedInAsync(replica, AdminRoles.Operator),
            await SignedInAsync(replica, AdminRoles.To([site.Row.Id]))
        );

        var row = Assert.Single(
            (await operators.OpenAsync("/admin")).Document.QuerySelectorAll(".to-do li"),
            one => one.TextContent.Contains("Mail__Smtp__Hosst")
        );
        Assert.Equal("/admin/health", row.QuerySelector("a.button")!.GetAttribute("href"));
        Assert.Contains("Mail__Smtp__Hosst", (await operators.OpenAsync("/admin/health")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mail__Smtp__Hosst", (await managers.OpenAsync("/admin")).Html, StringComparison.Ordinal);
    }

    private static async Task<AdminBrowser> SignedInAsync(Replica replica, AdminRoles roles)
    {
        var browser = new AdminBrowser(replica.NewBrowser());
        var link = await replica.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync("Olga", roles, CancellationToken.None)).Token)
        );
        await browser.PressAsync(await browser.OpenAsync(link), "Sign in");
        return browser;
    }

    private static void Rename(JsonObject body, string field, string to)
    {
        var fields = (JsonObject)body["fields"]!;
        fields[to] = fields[field]!.DeepClone();
        fields.Remove(field);
    }

    private static async Task FailAsync(SiteUnderTest site)
    {
        var failed = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(failed.Id);
    }

    private Task<int> LookAsync(SiteUnderTest site) =>
        gateway.InScopeAsync<IServiceProvider, int>(async scope =>
        {
            var row = await scope.GetRequiredService<SiteStore>().GetAsync(site.Id, CancellationToken.None);
            await scope.GetRequiredService<SiteFindings>().LookAsync(row, FindingKind.Form, CancellationToken.None);
            return 0;
        });
}
