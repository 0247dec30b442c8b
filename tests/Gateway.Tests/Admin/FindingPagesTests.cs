using System.Text.Json.Nodes;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.NameServers;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail.SenderDomains;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>Whoever looks after many sites sees on the overview what is wrong at which, before anything failed of it.</summary>
public sealed class FindingPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_domain_without_its_records_is_told_with_its_site_until_it_is_put_right()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(
            database,
            clock: null,
            ("Mail__Transport", "smtp"),
            ("Mail__Smtp__Host", "127.0.0.1"),
            ("Mail__From", "gateway@shop.test")
        );
        var dns = (ScriptedDns)replica.Services.GetRequiredService<IDnsAnswers>();
        dns.Script("forged.example A 192.0.2.1\nforged.example MX 0 .\nforged.example TXT v=spf1 a -all");
        var forged = await replica.AddSiteAsync(change: one => (one.Name, one.FromEmail) = ("Forged Shop", "news@forged.example"));
        await replica.AddSiteAsync(change: one => (one.Name, one.FromEmail) = ("Quiet Shop", "news@quiet.example"));
        dns.Script("quiet.example silent\n_dmarc.quiet.example silent");
        var browser = await SignedInAsync(replica);
        var page = $"/admin/sites/{forged.Keys.Site}/domains";
        await LookAsync(replica);

        var overview = await browser.OpenAsync("/admin");
        var row = Assert.Single(overview.Document.QuerySelectorAll(".to-do li"), one => one.TextContent.Contains("Sender domain"));
        Assert.Contains("Emails from forged.example are refused or count as forged", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("DMARC", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("Forged Shop", row.QuerySelector($".hint a[href='{page}']")!.TextContent);
        Assert.Equal(page, row.QuerySelector("a.button")!.GetAttribute("href"));
        Assert.NotNull(row.QuerySelector("time"));
        var line = (await browser.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line a")!;
        Assert.Equal("/admin#to-do", line.GetAttribute("href"));
        Assert.Equal(overview.Document.QuerySelector("#to-do")!.TextContent, line.TextContent);
        Assert.NotNull((await browser.OpenAsync($"/admin/sites/{forged.Keys.Site}/forms")).Document.QuerySelector(".to-do-line"));
        Assert.DoesNotContain("quiet.example", overview.Html, StringComparison.Ordinal);

        dns.Script("_dmarc.forged.example TXT v=DMARC1; p=none; rua=mailto:a@forged.example");
        await browser.PressAsync(await browser.OpenAsync(page), "Look now");
        Assert.DoesNotContain("DMARC", Rows(await browser.OpenAsync("/admin")), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_form_whose_field_was_renamed_is_told_with_the_field_that_is_new()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        await site.SubmitAsync(email: "first@example.org");
        await site.SubmitAsync(email: "second@example.org");
        await LookAsync(site, FindingKind.Form);
        Assert.Null((await browser.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line"));

        await site.SubmitAsync(email: "third@example.org", change: body => Rename(body, "your-city", "town"));
        await site.SubmitAsync(email: "fourth@example.org", change: body => Rename(body, "your-city", "town"));
        await LookAsync(site, FindingKind.Form);

        var overview = await browser.OpenAsync("/admin");
        Assert.Equal(
            "1 thing to put right",
            (await browser.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line")!.TextContent
        );
        var link = overview.Document.QuerySelector(".to-do a.button")!;
        Assert.Equal($"/admin/sites/{site.PublicId}/forms", link.GetAttribute("href"));
        Assert.Contains("“your-city”", Rows(overview), StringComparison.Ordinal);
        Assert.Contains("New in it: “town”.", Rows(overview), StringComparison.Ordinal);
        Assert.Contains("“town”", (await browser.OpenAsync(link.GetAttribute("href")!)).Text, StringComparison.Ordinal);
        Assert.Contains("“your-city”", Rows(await browser.OpenAsync($"/admin/sites/{site.PublicId}")), StringComparison.Ordinal);

        await site.SubmitAsync(email: "fifth@example.org");
        await LookAsync(site, FindingKind.Form);
        Assert.Null((await browser.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line"));
    }

    [Fact]
    public async Task A_box_that_a_visitor_did_not_tick_is_no_fault()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        await site.SubmitAsync(email: "first@example.org");
        await site.SubmitAsync(email: "second@example.org", change: body => ((JsonObject)body["fields"]!).Remove("your-city"));

        await LookAsync(site, FindingKind.Form);

        Assert.Null((await browser.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line"));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task A_hook_that_answers_with_errors_is_told_while_its_events_still_wait()
    {
        await using var receiver = await Receiver.StartAsync(gateway);
        receiver.AnswerWith(500);
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", receiver.NewUrl("/hook?key=of-ours"));
        await site.HappensAsync();
        await site.DeliveryAsync(hook, one => (string?)one["answer"] == "500");
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Deliveries.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.Failures, 3)
                                .SetProperty(row => row.Answer, "500")
                                .SetProperty(row => row.DueAt, gateway.Clock.GetUtcNow().UtcDateTime.AddHours(2))
                        ),
                CancellationToken.None
            )
        );
        await LookAsync(site, FindingKind.Hook);

        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var overview = await browser.OpenAsync("/admin");

        var page = $"/admin/sites/{site.PublicId}/hooks/{hook}";
        Assert.Equal(page, overview.Document.QuerySelector(".to-do a.button")!.GetAttribute("href"));
        var line = (await browser.OpenAsync($"/admin/sites/{site.PublicId}/lists")).Document.QuerySelector(".to-do-line a")!;
        Assert.Equal($"/admin/sites/{site.PublicId}#to-do", line.GetAttribute("href"));
        Assert.Contains(
            "takes no events",
            (await browser.OpenAsync(page)).Document.QuerySelector(".notice.warn")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("Its last answer: 500. 1 event waits", Rows(overview), StringComparison.Ordinal);
        Assert.DoesNotContain("of-ours", overview.Html, StringComparison.Ordinal);

        receiver.AnswerWith(200);
        await browser.PressAsync(await browser.OpenAsync(page), "Send what waits now");
        Assert.Equal("", Rows(await browser.OpenAsync("/admin")));
    }

    [Fact]
    public async Task What_is_wrong_at_a_site_is_told_to_nobody_of_another()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await site.SubmitAsync(change: body => Rename(body, "your-city", "town"));
        await LookAsync(site, FindingKind.Form);

        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", other);

        Assert.Null((await bob.OpenAsync("/admin/failed")).Document.QuerySelector(".to-do-line"));
        Assert.Equal("", Rows(await bob.OpenAsync("/admin")));
    }

    private Task<int> LookAsync(SiteUnderTest site, FindingKind kind) =>
        gateway.InScopeAsync<IServiceProvider, int>(async scope =>
        {
            var row = await scope.GetRequiredService<SiteStore>().GetAsync(site.Id, CancellationToken.None);
            await scope.GetRequiredService<SiteFindings>().LookAsync(row, kind, CancellationToken.None);
            return 0;
        });

    private static async Task LookAsync(Replica replica)
    {
        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            await replica.Services.GetRequiredService<CheckSites>().LookAsync(kind, CancellationToken.None);
        }
    }

    private static async Task<AdminBrowser> SignedInAsync(Replica replica)
    {
        var browser = new AdminBrowser(replica.NewBrowser());
        var link = await replica.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync("Olga", AdminRoles.Operator, CancellationToken.None)).Token)
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

    private static string Rows(ShownPage page) =>
        string.Join(" ", page.Document.QuerySelectorAll(".rows").Select(rows => rows.TextContent));
}
