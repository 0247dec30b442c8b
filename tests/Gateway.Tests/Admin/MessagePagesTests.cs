using System.Net;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>What was sent, by mail and by SMS, is found in a browser, and what can be decided about it is decided there.</summary>
public sealed class MessagePagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Fact]
    [Trait("Database", "both")]
    public async Task Emails_are_found_by_address_and_filtered_by_state_kind_and_template()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var order = await member.Site.MailAsync(member.Address);
        await member.Site.BecomesAsync(order.Id, "sent");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var list = await browser.OpenAsync(UrlOf(member.Site));

        Assert.Equal(["plain", "welcome", "confirmation"], Templates(list));
        Assert.Equal(["confirmation"], Templates(await browser.OpenAsync($"{UrlOf(member.Site)}?kind=confirmation")));
        Assert.Equal(["plain"], Templates(await browser.OpenAsync($"{UrlOf(member.Site)}?kind=transactional&state=sent")));
        Assert.Equal(["welcome"], Templates(await browser.OpenAsync($"{UrlOf(member.Site)}?template=welcome")));
        Assert.Empty(Templates(await browser.OpenAsync($"{UrlOf(member.Site)}?state=failed")));
        var found = await browser.PressAsync(list, "Find", ("search", member.Address));
        Assert.Equal(["plain", "welcome", "confirmation"], Templates(found));

        var page = await browser.OpenAsync(HrefOf(list, 0));
        Assert.Contains("Handed over to the mail server", page.Text, StringComparison.Ordinal);
        Assert.Contains("order-4711", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_email_that_waits_for_its_time_is_taken_back_once()
    {
        var site = await gateway.NewSiteAsync();
        var tomorrow = gateway
            .Clock.GetUtcNow()
            .AddDays(1)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var mail = await site.MailAsync(address, change: body => body["sendAt"] = tomorrow);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync($"{UrlOf(site)}/{mail.Id}");

        var done = await browser.PressAsync(page, "Do not send it");
        var late = await browser.PressAsync(page, "Do not send it");

        Assert.Contains("scheduled", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal("cancelled", (string?)(await site.AuthorizedAsync(HttpMethod.Get, $"/v1/messages/{mail.Id}")).Json["status"]);
        Assert.DoesNotContain("Do not send it", (await browser.OpenAsync($"{UrlOf(site)}/{mail.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_site_has_no_such_email_and_no_such_sms()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var mail = await site.MailAsync(address);
        var sms = await SmsAsync(site, SmsState.Unknown);
        var bob = await AdminBrowser.SignedInAsync(gateway, "Bob", other);

        Assert.Equal(HttpStatusCode.NotFound, (await bob.OpenAsync($"{UrlOf(other)}/{mail.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.OpenAsync($"{SmsUrlOf(other)}/{IdOf(sms)}")).Status);
        var ann = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await ann.OpenAsync($"{SmsUrlOf(site)}/{IdOf(sms)}");
        var token = page.Document.QuerySelector("main input[type=hidden]")!.GetAttribute("value")!;
        var foreign = await ann.PostAsync(
            $"{SmsUrlOf(other)}/{IdOf(sms)}/resolve",
            ("__RequestVerificationToken", token),
            ("do", "failed")
        );
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(SmsState.Unknown, (await ReadAsync(sms)).State);
    }

    [Fact]
    public async Task What_became_of_an_sms_of_unknown_outcome_is_said_by_who_looked_it_up()
    {
        var site = await gateway.NewSiteAsync();
        var sms = await SmsAsync(site, SmsState.Unknown);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync($"{SmsUrlOf(site)}/{IdOf(sms)}");

        var nonsense = await browser.PressAsync(page, "It was sent", ("do", "scheduled"));
        var done = await browser.PressAsync(page, "It was delivered");
        var late = await browser.PressAsync(page, "It was not sent");

        Assert.Contains("Your code is 1234", page.Text, StringComparison.Ordinal);
        Assert.Contains("FR", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.NotEqual(HttpStatusCode.InternalServerError, nonsense.Status);
        Assert.Equal(SmsState.Delivered, (await ReadAsync(sms)).State);
        Assert.DoesNotContain("Decide", (await browser.OpenAsync(done.Location()!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_sms_of_unknown_outcome_is_sent_again_by_who_accepts_that_it_may_arrive_twice()
    {
        var site = await gateway.NewSiteAsync();
        var sms = await SmsAsync(site, SmsState.Unknown);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var page = await browser.OpenAsync($"{SmsUrlOf(site)}/{IdOf(sms)}");

        var refused = await browser.PressAsync(page, "Send it again");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("may arrive twice", refused.Alert, StringComparison.Ordinal);
        Assert.Equal(SmsState.Unknown, (await ReadAsync(sms)).State);

        await browser.PressAsync(page, "Send it again", ("twice", "yes"));
        await Eventually.BecomesTrueAsync(async () => (await ReadAsync(sms)).State is SmsState.Sent or SmsState.Delivered);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Sms_are_found_by_number_and_filtered_by_state_and_country()
    {
        var site = await gateway.NewSiteAsync();
        await SmsAsync(site, SmsState.Delivered);
        await SmsAsync(site, SmsState.Failed, "+4915112345678");
        var waiting = await SmsAsync(site, SmsState.Scheduled, "+33698765432");
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var list = await browser.OpenAsync(SmsUrlOf(site));

        Assert.Equal(3, Links(list).Count);
        Assert.Equal(2, Links(await browser.OpenAsync($"{SmsUrlOf(site)}?country=FR")).Count);
        Assert.Single(Links(await browser.OpenAsync($"{SmsUrlOf(site)}?country=DE&state=failed")));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.OpenAsync($"{SmsUrlOf(site)}?country=XX")).Status);
        var found = await browser.PressAsync(list, "Find", ("search", "+33 6 98 76 54 32"));
        Assert.Single(Links(found));

        var page = await browser.OpenAsync($"{SmsUrlOf(site)}/{IdOf(waiting)}");
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PressAsync(page, "Do not send it")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PressAsync(page, "Do not send it")).Status);
        Assert.Equal(SmsState.Cancelled, (await ReadAsync(waiting)).State);
    }

    private async Task<SmsMessage> SmsAsync(SiteUnderTest site, SmsState state, string number = "+33612345678")
    {
        var now = gateway.Clock.GetUtcNow();
        var sms = new SmsMessage
        {
            Id = Guid.CreateVersion7(now),
            SiteId = site.Id,
            Key = Guid.CreateVersion7().ToString(),
            ContentHash = [1],
            Recipient = number,
            Text = "Your code is 1234",
            Parts = 1,
            State = state,
            Provider = SmsRoute.Sandbox,
            Tries = 1,
            FailureCode = state is SmsState.Unknown or SmsState.Failed ? "no_answer" : null,
            Failure = state is SmsState.Unknown or SmsState.Failed ? "The provider did not answer." : null,
            CreatedAt = now.UtcDateTime,
            SendAt = state == SmsState.Scheduled ? now.UtcDateTime.AddDays(1) : null,
            DueAt = state == SmsState.Scheduled ? now.UtcDateTime.AddDays(1) : null,
        };
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(() => db.InsertNewAsync([sms], CancellationToken.None), CancellationToken.None)
        );
        return sms;
    }

    private Task<SmsMessage> ReadAsync(SmsMessage sms) =>
        gateway.InDatabaseAsync(db => db.Sms.AsNoTracking().SingleAsync(row => row.Id == sms.Id));

    private static string IdOf(SmsMessage sms) => PublicId.Format(PublicId.Sms, sms.Id);

    private static string UrlOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/messages";

    private static string SmsUrlOf(SiteUnderTest site) => $"/admin/sites/{site.PublicId}/sms";

    private static List<string> Templates(ShownPage page) =>
        [.. page.Document.QuerySelectorAll("tbody td:nth-child(2) bdi").Select(cell => cell.TextContent)];

    private static List<string> Links(ShownPage page) =>
        [.. page.Document.QuerySelectorAll("tbody th a").Select(link => link.GetAttribute("href")!)];

    private static string HrefOf(ShownPage page, int row) => Links(page)[row];
}
