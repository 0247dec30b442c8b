using System.Net;
using AngleSharp.Dom;
using Gateway.Console.SignIn;
using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Connections;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>Whoever looks after many sites sees the hooks, connections and domains of all of them, and which need attention.</summary>
[Trait("Database", "both")]
public sealed class AllSitesPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Hooks_of_all_my_sites_stand_there_with_how_they_are_doing()
    {
        var (one, two, foreign) = (await NewSiteAsync("Alpine"), await NewSiteAsync("Dune"), await NewSiteAsync("Elm"));
        var silent = await one.HookAsync("sms.sent", "https://alpine.example/hook?key=hidden");
        var failing = await two.HookAsync("sms.sent", "https://dune.example/hook");
        await foreign.HookAsync("sms.sent", "https://elm.example/hook");
        await two.HappensAsync();
        await two.DeliveryAsync(failing, row => row["answer"] is not null);
        await SetFailingAsync(two);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", one, two);

        var all = await browser.OpenAsync("/admin/hooks");

        Assert.Equal(
            [
                $"https://alpine.example/hook?key=hidden /admin/sites/{one.PublicId}/hooks/{silent} Alpine nothing sent yet",
                $"https://dune.example/hook /admin/sites/{two.PublicId}/hooks/{failing} Dune takes no events",
            ],
            Rows(all).Select(row => $"{Link(row).TextContent} {Link(row).GetAttribute("href")} {Cell(row, 1)} {State(row)}")
        );
        var attention = await browser.OpenAsync("/admin/hooks?show=attention");
        Assert.Equal(["https://dune.example/hook"], Rows(attention).Select(row => Link(row).TextContent));
        Assert.Equal("attention", attention.Document.QuerySelector("select option[selected]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/hooks?show=nonsense")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/hooks?after=nonsense")).Status);
        Assert.Equal("takes no events", State(Rows(await browser.OpenAsync($"/admin/sites/{two.PublicId}/hooks")).Single()));
        Assert.Equal(
            "dune.example",
            (await browser.OpenAsync($"/admin/sites/{two.PublicId}/hooks/{failing}")).Document.QuerySelector("h1")!.TextContent
        );

        // An address can hold a secret of its receiver's.
        var viewer = await ViewerAsync(one);
        Assert.Equal(["alpine.example:443"], Rows(await viewer.OpenAsync("/admin/hooks")).Select(row => Link(row).TextContent));
    }

    [Fact]
    public async Task A_long_list_of_hooks_goes_on_at_the_next_page()
    {
        var site = await gateway.NewSiteAsync();
        for (var number = 0; number < 51; number++)
        {
            await site.HookAsync("sms.sent", $"https://long.example/{number}");
        }

        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var first = await browser.OpenAsync("/admin/hooks");
        var second = await browser.OpenAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);

        Assert.Equal(50, Rows(first).Count);
        Assert.Equal(["https://long.example/50"], Rows(second).Select(row => Link(row).TextContent));
        Assert.Null(second.Document.QuerySelector("a[rel=next]"));
        Assert.Equal("/admin/hooks", second.Document.QuerySelector("nav.acts a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Connections_of_all_my_sites_say_whether_they_work_also_when_only_their_use_shows_it()
    {
        var (one, two, foreign) = (await NewSiteAsync("Alpine"), await NewSiteAsync("Dune"), await NewSiteAsync("Elm"));
        var (used, broken, other) = (await ConnectAsync(one), await ConnectAsync(two), await ConnectAsync(foreign));
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", one, two);
        Assert.Equal(["untested", "untested"], Rows(await browser.OpenAsync("/admin/connections")).Select(row => State(row)));

        gateway.Services.GetRequiredService<Infrastructure.Connections.Witnesses>().Passed($"lists/{used:N}/{one.Id:N}");
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Connections.Where(row => row.Id == broken)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Error, "Mailjet refuses the credentials (401).")),
                CancellationToken.None
            )
        );

        var all = await browser.OpenAsync("/admin/connections");
        Assert.Equal(["works", "failing"], Rows(all).Select(row => State(row)));
        Assert.Equal(["Alpine", "Dune"], Rows(all).Select(row => Cell(row, 1)));
        Assert.DoesNotContain($"{other:N}", all.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Of the installation", all.Text, StringComparison.Ordinal);
        var attention = Assert.Single(Rows(await browser.OpenAsync("/admin/connections?show=attention")));
        Assert.Contains("Mailjet refuses the credentials (401).", attention.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            $"/admin/sites/{two.PublicId}/connections/{PublicId.Format(PublicId.Connection, broken)}",
            Link(attention).GetAttribute("href")
        );

        // It is noted, so that other processes know it too.
        await gateway.Services.GetRequiredService<UsedConnections>().NoteAsync(CancellationToken.None);
        Assert.NotNull(
            await gateway.InDatabaseAsync(db => db.Connections.Where(row => row.Id == used).Select(row => row.TestedAt).SingleAsync())
        );
    }

    [Fact]
    public async Task Sender_domains_of_all_my_sites_say_which_are_refused()
    {
        var name = $"{Guid.CreateVersion7():N}.example";
        gateway.Dns.Script($"bad-{name} A 192.0.2.1\nbad-{name} MX 0 .\nbad-{name} TXT v=spf1 a -all");
        var good = await gateway.NewSiteAsync(site => (site.Name, site.FromEmail) = ("Alpine", $"news@good-{name}"));
        var bad = await gateway.NewSiteAsync(site => (site.Name, site.FromEmail) = ("Dune", $"news@bad-{name}"));
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    db.SiteFindings.Add(
                        new()
                        {
                            Id = Guid.CreateVersion7(),
                            SiteId = bad.Id,
                            Kind = FindingKind.Domain,
                            Subject = $"bad-{name}",
                            Name = $"bad-{name}",
                            Text = "There is no DMARC record.",
                            Since = gateway.Clock.GetUtcNow().UtcDateTime,
                        }
                    );
                    return await db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", good, bad);

        var all = Rows(await browser.OpenAsync("/admin/domains"));
        var attention = Assert.Single(Rows(await browser.OpenAsync("/admin/domains?show=attention")));

        Assert.Equal([$"good-{name}", $"bad-{name}"], all.Select(row => Link(row).TextContent));
        Assert.Equal(["no fault known", "mail is refused or counts as forged"], all.Select(row => State(row)));
        Assert.Equal($"/admin/sites/{bad.PublicId}/domains", Link(attention).GetAttribute("href"));
        Assert.Contains("There is no DMARC record.", attention.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/domains?show=nonsense")).Status);

        // Name servers are asked by the page of the site, and not by that of all.
        Assert.DoesNotContain(gateway.Dns.AskedSoFar(), question => question.Contains(name, StringComparison.Ordinal));
        Assert.Equal(
            ["optional"],
            (await browser.OpenAsync($"/admin/sites/{bad.PublicId}/domains"))
                .Document.QuerySelectorAll("tbody tr")
                .Where(row => row.QuerySelector("th")!.TextContent == "TLS-RPT")
                .Select(row => row.QuerySelector(".badge")!.TextContent)
        );
    }

    private Task<SiteUnderTest> NewSiteAsync(string name) => gateway.NewSiteAsync(site => site.Name = name);

    private static async Task<Guid> ConnectAsync(SiteUnderTest site) =>
        (await site.ConnectAsync(ConnectionKind.List, "mailjet", """{"apiKey":"later","secretKey":"later"}""")).Id;

    private Task<int> SetFailingAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Deliveries.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.Failures, 3)
                                .SetProperty(row => row.State, DeliveryState.Waiting)
                                .SetProperty(row => row.DueAt, gateway.Clock.GetUtcNow().UtcDateTime.AddHours(2))
                        ),
                CancellationToken.None
            )
        );

    private async Task<AdminBrowser> ViewerAsync(SiteUnderTest site)
    {
        var link = await gateway.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync("Vera", AdminRoles.To("viewer", [site.Id]), CancellationToken.None)).Token)
        );
        var viewer = new AdminBrowser(gateway);
        await viewer.PressAsync(await viewer.OpenAsync(link), "Sign in");
        return viewer;
    }

    private static List<IElement> Rows(ShownPage page) => [.. page.Document.QuerySelectorAll("main tbody tr")];

    private static IElement Link(IElement row) => row.QuerySelector("th a")!;

    private static string Cell(IElement row, int column) => row.Children[column].TextContent.Trim();

    private static string State(IElement row) => row.QuerySelector(".badge")!.TextContent;
}
