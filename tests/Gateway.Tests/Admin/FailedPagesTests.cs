using System.Net;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>What failed is found, understood and tried again without a command line.</summary>
public sealed class FailedPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_submission_with_a_wrong_list_is_sent_on_to_another()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(
            email: "astray@example.org",
            change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
        );
        await site.ProcessedAsync(submitted.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Fixer", site);

        var list = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed");
        var page = await browser.OpenAsync(list.Document.QuerySelector(".rows a")!.GetAttribute("href")!);
        var full = await browser.PressAsync(page, "Show what came in");
        var refused = await browser.PressAsync(page, "Try again", ("list", "nonsense"));
        var done = await browser.PressAsync(page, "Try again", ("list", site.ListId));

        Assert.DoesNotContain("astray@example.org", page.Text);
        Assert.Contains("astray@example.org", full.Text);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("lst_", refused.Alert);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Contains(
            "tried again",
            (await browser.OpenAsync(done.Response.Headers.Location!.ToString())).Document.QuerySelector("[role=status]")!.TextContent
        );
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.Audit.CountAsync(row => row.SiteId == site.Id && row.Action == "submission.body_shown" && row.Subject == submitted.Id)
            )
        );
        Assert.NotNull((await site.LinksForAsync("astray@example.org")).Confirm);
        Assert.Equal(
            "Nothing has failed",
            (await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed")).Document.QuerySelector(".empty .headline")!.TextContent
        );
        Assert.Equal(
            1,
            await gateway.InDatabaseAsync(db =>
                db.Audit.CountAsync(entry => entry.SiteId == site.Id && entry.Actor == "admin:Fixer" && entry.Action == "failed.replayed")
            )
        );
    }

    [Fact]
    public async Task One_failure_is_dismissed_with_a_reason_and_brought_back_with_one_press()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(submitted.Id);
        var kept = await site.SubmitAsync(change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(kept.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var list = $"/admin/sites/{site.PublicId}/failed";
        var page = await browser.OpenAsync($"{list}/{submitted.Id}");

        var without = await browser.PressAsync(page, "Dismiss");
        var done = await browser.PressAsync(page, "Dismiss", ("reason", "A test."));
        var after = await browser.OpenAsync(done.Response.Headers.Location!.ToString());

        Assert.Equal((HttpStatusCode.BadRequest, "Say why."), (without.Status, without.Alert));
        Assert.DoesNotContain(submitted.Id, after.Html, StringComparison.Ordinal);
        Assert.Contains(kept.Id, after.Html, StringComparison.Ordinal);
        Assert.Equal(
            "A test.",
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Action == "failed.dismissed").Select(row => row.Reason).SingleAsync()
            )
        );

        await browser.PressAsync(after, "Undo");
        Assert.Contains(submitted.Id, (await browser.OpenAsync(list)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_operators_were_to_be_told_is_theirs_alone_and_leads_nowhere_else()
    {
        var site = await gateway.NewSiteAsync();
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var mail = new Message
        {
            Id = id,
            SiteId = site.Id,
            Key = $"outage:{id:N}",
            Template = "plain",
            Language = "en",
            Address = "olga@agency.example",
            MessageId = id.ToString("N"),
            State = MessageState.Failed,
            Answer = $"550 {id:N} is refused",
            CreatedAt = now.UtcDateTime,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([mail], CancellationToken.None), CancellationToken.None)
        );
        var failure = $"/admin/sites/{site.PublicId}/failed/msg_{id:N}";
        var manager = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Olga");

        Assert.Contains(
            "Nothing has failed",
            (await manager.OpenAsync($"/admin/sites/{site.PublicId}/failed")).Text,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.NotFound, (await manager.OpenAsync(failure)).Status);
        Assert.Contains(failure, (await operatorsBrowser.OpenAsync("/admin/failed")).Html, StringComparison.Ordinal);
        var page = await operatorsBrowser.OpenAsync(failure);
        Assert.Contains("olga@agency.example", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("What happened to it", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_field_that_holds_the_address_is_chosen_among_those_that_came_in()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(
            email: "chosen@example.org",
            change: body => body["subscribe"]![0]!["email"] = "no-such-field"
        );
        await site.ProcessedAsync(submitted.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Chooser", site);

        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed/{submitted.Id}");
        var refused = await browser.PressAsync(page, "Try again", ("email", "nosuch"));
        var done = await browser.PressAsync(page, "Try again", ("email", "your-email"));

        Assert.Equal(
            ["", "your-name", "your-email", "your-city"],
            page.Document.QuerySelectorAll("select#email option").Select(option => option.GetAttribute("value"))
        );
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("There is no field", refused.Alert, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.NotNull((await site.LinksForAsync("chosen@example.org")).Confirm);
    }

    [Fact]
    public async Task An_sms_of_unknown_outcome_is_sent_again_only_by_who_accepts_that_it_may_arrive_twice()
    {
        var site = await gateway.NewSiteAsync();
        var now = gateway.Clock.GetUtcNow();
        var sms = new SmsMessage
        {
            Id = Guid.CreateVersion7(now),
            SiteId = site.Id,
            Key = "k",
            ContentHash = [1],
            Recipient = "+33612345678",
            Text = "Hello",
            Parts = 1,
            State = SmsState.Unknown,
            Provider = SmsRoute.Sandbox,
            Tries = 1,
            FailureCode = "no_answer",
            Failure = "The provider did not answer.",
            CreatedAt = now.UtcDateTime,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Sms.Add(sms);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        var browser = await AdminBrowser.SignedInAsync(gateway, "Careful", site);

        var overview = await browser.OpenAsync($"/admin/sites/{site.PublicId}");
        var failed = await browser.OpenAsync($"/admin/sites/{site.PublicId}/failed");
        var page = await browser.OpenAsync(failed.Document.QuerySelector(".rows a")!.GetAttribute("href")!);
        var refused = await browser.PressAsync(page, "Try again");
        var state = (await SmsAsync(sms.Id)).State;
        var accepted = await browser.PressAsync(page, "Try again", ("twice", "yes"));

        Assert.Contains("1 SMS failed", overview.Document.QuerySelector(".to-do")!.TextContent, StringComparison.Ordinal);
        Assert.All([overview, failed], one => Assert.Empty(one.Document.QuerySelectorAll("main form")));
        Assert.Contains("may arrive twice", refused.Alert);
        Assert.Equal(SmsState.Unknown, state);
        Assert.Equal(HttpStatusCode.SeeOther, accepted.Status);
        await Eventually.BecomesTrueAsync(async () => (await SmsAsync(sms.Id)).State is SmsState.Sent or SmsState.Delivered);
    }

    [Fact]
    public async Task The_overview_counts_what_waits_what_failed_and_what_went_out()
    {
        var site = await gateway.NewSiteAsync(list: list => list.Name = "Letters");
        await site.SubmitAsync(email: "counted@example.org");
        await site.LinksForAsync("counted@example.org");
        var failed = await site.SubmitAsync(email: "lost@example.org", change: body => body["subscribe"]![0]!["email"] = "no-such-field");
        await site.ProcessedAsync(failed.Id);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Counter", site);

        var row = await Eventually.BecomesAsync(
            async () =>
                (await browser.OpenAsync("/admin"))
                    .Document.QuerySelectorAll("[aria-label=Sites] tbody td")
                    .Select(cell => cell.TextContent)
                    .ToArray(),
            cells => cells is ["0", "1", "1", "0", "0"]
        );
        var page = await browser.OpenAsync($"/admin/sites/{site.PublicId}");

        Assert.Equal(["0", "1", "1", "0", "0"], row);
        Assert.Equal(
            [
                "Letters",
                "this gateway",
                "0",
                "1",
                .. (string[])["all others", "shop.example", "1", "0", "0", "0", "0", "not enough data", "not enough data"],
            ],
            page.Document.QuerySelectorAll("[aria-label=Lists] tbody :is(th, td), [aria-label='What became of emails'] tbody :is(th, td)")
                .Select(cell => cell.TextContent)
        );
    }

    [Fact]
    public async Task A_notice_is_one_of_ours_whatever_the_link_says()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Told", site);

        var page = await browser.OpenAsync("/admin?said=Your+account+is+locked");

        Assert.Null(page.Document.QuerySelector(".notice"));
    }

    private Task<SmsMessage> SmsAsync(Guid id) => gateway.InDatabaseAsync(db => db.Sms.AsNoTracking().SingleAsync(row => row.Id == id));
}
