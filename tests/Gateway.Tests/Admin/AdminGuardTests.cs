using System.Net;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>What holds for every admin page: who sees it, what may change something, what the browser is told.</summary>
public sealed class AdminGuardTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_site_manager_sees_their_sites_and_finds_no_other()
    {
        var mine = await gateway.NewSiteAsync(site => site.Name = "Mine");
        var other = await gateway.NewSiteAsync(site => site.Name = "Not to be seen");
        var (mineFailed, otherFailed) = (await FailedMailAsync(mine), await FailedMailAsync(other));
        var manager = await AdminBrowser.SignedInAsync(gateway, "Mona", mine);

        var overview = await manager.OpenAsync("/admin");
        var failed = await manager.OpenAsync("/admin/failed");

        Assert.Equal(["Mine"], overview.Document.QuerySelectorAll("[aria-label=Sites] tbody th a").Select(cell => cell.TextContent));
        Assert.All([overview, failed], page => Assert.DoesNotContain("Not to be seen", page.Html));
        Assert.Contains(mineFailed, failed.Html);
        Assert.DoesNotContain(otherFailed, failed.Html);
        Assert.Equal(HttpStatusCode.OK, (await manager.OpenAsync($"/admin/sites/{mine.PublicId}/failed/{mineFailed}")).Status);
        Assert.All(
            [
                await manager.OpenAsync($"/admin/sites/{other.PublicId}"),
                await manager.OpenAsync($"/admin/sites/{other.PublicId}/failed"),
                await manager.OpenAsync($"/admin/sites/{other.PublicId}/failed/{otherFailed}"),
                await manager.OpenAsync($"/admin/sites/{mine.PublicId}/failed/{otherFailed}"),
                await manager.OpenAsync("/admin/sites/nonsense"),
                await manager.OpenAsync("/hangfire"),
                await manager.PressAsync(Retarget(failed, $"/admin/sites/{mine.PublicId}/failed/{otherFailed}"), "Try again"),
                await manager.PressAsync(Retarget(failed, $"/admin/sites/{other.PublicId}/failed/{otherFailed}"), "Try again"),
            ],
            page =>
            {
                Assert.Equal(HttpStatusCode.NotFound, page.Status);
                Assert.Equal("There is no such page", page.Heading);
            }
        );
        Assert.Equal(MessageState.Failed, (await MessageAsync(other)).State);
    }

    [Fact]
    public async Task An_operator_sees_every_site_and_the_jobs()
    {
        var site = await gateway.NewSiteAsync(one => one.Name = "Any " + Guid.CreateVersion7());
        var browser = await AdminBrowser.SignedInAsync(gateway);

        Assert.Contains(site.PublicId, (await browser.OpenAsync("/admin")).Html);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync($"/admin/sites/{site.PublicId}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/admin/sites/site_00000000000000000000000000000000")).Status);
        var jobs = await browser.OpenAsync("/hangfire");
        Assert.Equal(HttpStatusCode.OK, jobs.Status);
        Assert.Contains("script-src 'self'", jobs.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task Without_the_token_of_our_form_nothing_is_changed()
    {
        var site = await gateway.NewSiteAsync();
        var failed = await FailedMailAsync(site);
        var path = $"/admin/sites/{site.PublicId}/failed/{failed}";
        var browser = await AdminBrowser.SignedInAsync(gateway, "Guarded", site);
        var foreign = (await (await AdminBrowser.SignedInAsync(gateway, "Foreign", site)).OpenAsync(path))
            .Document.QuerySelector("main form input[type=hidden]")!
            .GetAttribute("value")!;

        ShownPage[] answers =
        [
            await browser.PostAsync(path),
            await browser.PostAsync(path, ("__RequestVerificationToken", "nonsense")),
            await browser.PostAsync(path, ("__RequestVerificationToken", foreign)),
            await browser.PostAsync(path, ("__RequestVerificationToken", foreign), ("email", new string('x', 100_000))),
            await browser.SendAsync(new(HttpMethod.Post, path) { Content = new StringContent("{}", null, "application/json") }),
            await browser.PostAsync("/admin/sign-out"),
            await new AdminBrowser(gateway).PostAsync(await gateway.AdminLinkAsync()),
        ];

        Assert.All(
            answers,
            answer =>
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
                Assert.Equal("This page was too old", answer.Heading);
            }
        );
        Assert.Equal(MessageState.Failed, (await MessageAsync(site)).State);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/admin")).Status);
    }

    [Fact]
    public async Task The_jobs_too_take_orders_from_their_own_pages_alone()
    {
        var browser = await AdminBrowser.SignedInAsync(gateway, "Clockmaker");

        var triggered = await browser.PostAsync("/hangfire/recurring/trigger", ("jobs[]", "worker-mail"));

        Assert.Equal(HttpStatusCode.Forbidden, triggered.Status);
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var failed = await FailedMailAsync(site);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Onlooker", site);

        foreach (
            var path in new[]
            {
                "/admin",
                "/admin/failed",
                $"/admin/sites/{site.PublicId}",
                $"/admin/sites/{site.PublicId}/failed",
                $"/admin/sites/{site.PublicId}/failed/{failed}",
                $"/admin/sites/{site.PublicId}/submissions",
                $"/admin/sites/{site.PublicId}/messages",
                $"/admin/sites/{site.PublicId}/sms",
            }
        )
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(new(method, path))).Status);
            }
        }

        Assert.NotEqual(HttpStatusCode.SeeOther, (await browser.OpenAsync("/admin/sign-out")).Status);
        Assert.Equal(MessageState.Failed, (await MessageAsync(site)).State);
        Assert.Equal(1, await gateway.InDatabaseAsync(db => db.Audit.CountAsync(entry => entry.Actor == "admin:Onlooker")));
    }

    [Fact]
    public async Task Every_page_lets_in_files_of_ours_alone_and_is_kept_by_nobody()
    {
        var site = await gateway.NewSiteAsync(one => one.Name = "<script>alert(1)</script>");
        var failed = await FailedMailAsync(site);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Secured", site);

        ShownPage[] pages =
        [
            await browser.OpenAsync("/admin"),
            await browser.OpenAsync("/admin/failed"),
            await browser.OpenAsync($"/admin/sites/{site.PublicId}"),
            await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed/{failed}"),
            await browser.OpenAsync("/admin/sites/nonsense"),
            await browser.OpenAsync("/admin/sign-in"),
            await browser.OpenAsync(await gateway.AdminLinkAsync()),
            await browser.PostAsync("/admin/sign-out"),
        ];

        Assert.All(
            pages,
            page =>
            {
                Assert.Equal(
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
                        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                    page.Header("Content-Security-Policy")
                );
                Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
                Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
                Assert.Contains("no-store", page.Header("Cache-Control"));
                Assert.Empty(page.Document.QuerySelectorAll("script:not([src^='/']), style, [style], [onclick], [onload], [onsubmit]"));
                Assert.NotEmpty(page.Heading);
                Assert.All(
                    page.Document.QuerySelectorAll("form"),
                    form => Assert.NotNull(form.QuerySelector("input[name=__RequestVerificationToken]"))
                );
            }
        );
    }

    /// <summary>A link to the button's page, as somebody could write it who may see one of the two sites.</summary>
    private static ShownPage Retarget(ShownPage page, string action)
    {
        page.Document.QuerySelector("main form")!.SetAttribute("action", action);
        return page;
    }

    private async Task<string> FailedMailAsync(SiteUnderTest site)
    {
        var now = gateway.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var message = new Message
        {
            Id = id,
            SiteId = site.Id,
            Key = id.ToString(),
            Template = "plain",
            Language = "en",
            Address = "ada@example.org",
            MessageId = id.ToString("N"),
            State = MessageState.Failed,
            ContentHash = new byte[32], // As of a mail that the site asked for.
            Answer = "550 no such mailbox",
            CreatedAt = now.UtcDateTime,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Messages.Add(message);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        return Infrastructure.Http.PublicId.Format(Infrastructure.Http.PublicId.Message, id);
    }

    private Task<Message> MessageAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().SingleAsync(row => row.SiteId == site.Id));
}
