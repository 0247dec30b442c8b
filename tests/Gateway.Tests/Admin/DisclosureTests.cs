using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Whoever takes along what is kept of people leaves a record, and the record can be asked.</summary>
public sealed class DisclosureTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Each_download_and_each_look_at_evidence_is_recorded()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var contact = await gateway.InDatabaseAsync(db => db.Contacts.SingleAsync(one => one.SiteId == member.Site.Id));
        var person = PublicId.Format(PublicId.Contact, contact.Id);
        var paths = new[] { $"lists/{member.Site.ListId}/members.csv", "export/contacts", $"contacts/{person}/evidence" };

        foreach (var path in paths.Append($"contacts/{person}/evidence.json"))
        {
            var url = $"/admin/sites/{member.Site.PublicId}/{path}";
            Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(url)).Status);
        }

        Assert.Equal(
            [
                $"members.downloaded {member.Site.ListId}",
                "export.downloaded contacts",
                $"evidence.shown {person}",
                $"evidence.shown {person}",
            ],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == member.Site.Id && row.Actor == "admin:Ann")
                    .OrderBy(row => row.Id)
                    .Select(row => row.Action + " " + row.Subject)
                    .ToListAsync()
            )
        );
    }

    [Theory]
    [InlineData("by=0123456789abcdef")]
    [InlineData("from=2026-02-30")]
    [InlineData("until=tomorrow")]
    [InlineData("after=x")]
    public async Task A_filter_that_there_is_not_shows_nothing_in_place_of_everything(string filter)
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        await browser.OpenAsync($"/admin/sites/{site.PublicId}/export/contacts");

        var all = await browser.OpenAsync($"/admin/sites/{site.PublicId}/audit?by=&action=EXPORT&from=&until=");
        var none = await browser.OpenAsync($"/admin/sites/{site.PublicId}/audit?{filter}");

        Assert.Equal((HttpStatusCode.OK, 1), (all.Status, all.Document.QuerySelectorAll("tbody tr").Length));
        Assert.Equal((HttpStatusCode.BadRequest, 0), (none.Status, none.Document.QuerySelectorAll("tbody tr").Length));
        Assert.Contains("There is no such filter.", none.Text, StringComparison.Ordinal);
    }
}
