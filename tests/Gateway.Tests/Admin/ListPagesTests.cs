using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Audit;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hooks;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>Lists are added, changed and deleted in a browser, and who is on one can be read.</summary>
public sealed class ListPagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_list_is_added_renamed_and_deleted_again()
    {
        var site = await gateway.NewSiteAsync();
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var form = await browser.OpenAsync($"/admin/sites/{site.PublicId}/lists/new");

        var twice = await browser.PressAsync(form, "Add list", ("name", "newsletter"));
        Assert.Equal(HttpStatusCode.BadRequest, twice.Status);
        Assert.Contains("There is a list “Newsletter” already.", twice.Alert, StringComparison.Ordinal);
        var added = await browser.PressAsync(twice, "Add list", ("name", "Offers"), ("welcome", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, added.Status);
        var page = await browser.OpenAsync(added.Location()!);
        Assert.Equal("Offers", page.Heading);

        var changed = await browser.PressAsync(page, "Save", ("name", "Special offers"));
        Assert.Equal(HttpStatusCode.SeeOther, changed.Status);
        var list = await gateway.InDatabaseAsync(db => db.Lists.SingleAsync(row => row.SiteId == site.Id && row.Id != site.List.Id));
        Assert.Equal(("Special offers", true, "local"), (list.Name, list.Welcome, list.Provider));

        var gone = await browser.PressAsync(await browser.OpenAsync(changed.Location()!), "Delete list");
        Assert.Equal($"/admin/sites/{site.PublicId}/lists", gone.Location());
        Assert.Equal(
            ["list.added", "list.changed", "list.deleted"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Actor == "admin:Ann").Select(row => row.Action).Order().ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Of_two_who_save_a_list_the_second_is_told_of_the_first()
    {
        var site = await gateway.NewSiteAsync();
        var path = $"/admin/sites/{site.PublicId}/lists/{site.ListId}";
        var (ann, bob) = (await AdminBrowser.SignedInAsync(gateway, "Ann", site), await AdminBrowser.SignedInAsync(gateway, "Bob", site));
        var (hers, his) = (await ann.OpenAsync(path), await bob.OpenAsync(path));

        await ann.PressAsync(hers, "Save", ("name", "Ann's news"));
        var late = await bob.PressAsync(his, "Save", ("name", "Bob's news"));

        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("Ann changed this", late.Alert, StringComparison.Ordinal);
        Assert.Equal("Bob's news", late.Document.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("Ann's news", await NameAsync(site));
        Assert.Equal(HttpStatusCode.SeeOther, (await bob.PressAsync(late, "Save")).Status);
        Assert.Equal("Bob's news", await NameAsync(site));
    }

    private Task<string> NameAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Lists.Where(row => row.Id == site.List.Id).Select(row => row.Name).SingleAsync());

    [Fact]
    public async Task A_list_with_people_stays_and_says_how_many()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", member.Site);
        var path = $"/admin/sites/{member.Site.PublicId}/lists/{member.Site.ListId}";

        var page = await browser.OpenAsync(path);
        Assert.Contains("1 person is on it", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Document.QuerySelectorAll("button"), button => button.TextContent == "Delete list");
        var token = page.Document.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var forced = await browser.PostAsync(path + "/delete", ("__RequestVerificationToken", token));

        Assert.Equal(HttpStatusCode.Conflict, forced.Status);
        Assert.True(await gateway.InDatabaseAsync(db => db.Lists.AnyAsync(row => row.Id == member.Site.List.Id)));
    }

    [Fact]
    public async Task An_archived_list_takes_nobody_and_keeps_everybody_until_it_is_brought_back()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/lists/{site.ListId}";

        var archived = await browser.PressAsync(await browser.OpenAsync(path), "Archive list");
        Assert.Contains("This list is archived", (await browser.OpenAsync(archived.Location()!)).Text, StringComparison.Ordinal);
        Assert.Empty((await site.AuthorizedAsync(HttpMethod.Get, "/v1/lists", scope: "read")).Json["items"]!.AsArray());
        Assert.Equal("list_archived", (await site.ProveAsync($"{Guid.CreateVersion7():N}@pages.example")).Code);
        var submitted = await site.SubmitAsync(email: $"{Guid.CreateVersion7():N}@pages.example");
        Assert.Contains("is archived", (await site.ProcessedAsync(submitted.Id)).Failure, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, await member.StateAsync());

        await browser.PressAsync(await browser.OpenAsync(path), "Bring list back");
        Assert.Single((await site.AuthorizedAsync(HttpMethod.Get, "/v1/lists", scope: "read")).Json["items"]!.AsArray());
        Assert.Equal(
            ["list.archived", "list.restored"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Subject == site.ListId)
                    .OrderBy(row => row.Id)
                    .Select(row => row.Action)
                    .ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Only_an_operator_gives_a_list_a_sender()
    {
        var site = await gateway.NewSiteAsync();
        var path = $"/admin/sites/{site.PublicId}/lists/{site.ListId}";
        var manager = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Olga");

        await manager.PressAsync(await manager.OpenAsync(path), "Save", ("from", "ceo@other.example"));
        Assert.Null(await SenderAsync(site));
        await operatorsBrowser.PressAsync(await operatorsBrowser.OpenAsync(path), "Save", ("from", "offers@shop.example"));
        Assert.Equal("offers@shop.example", await SenderAsync(site));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Who_is_on_a_list_is_read_in_pages_found_and_downloaded()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var site = member.Site;
        for (var more = 0; more < 2; more++)
        {
            var address = $"{Guid.CreateVersion7():N}@example.org";
            await site.SubmitAsync(email: address);
            await site.ConfirmAsync("/c/" + (await site.LinksForAsync(address)).Confirm);
        }

        var browser = await AdminBrowser.SignedInAsync(gateway, "Ann", site);
        var path = $"/admin/sites/{site.PublicId}/lists/{site.ListId}/members";

        var page = await browser.OpenAsync(path);
        Assert.Equal(3, page.Document.QuerySelectorAll("tbody tr").Length);
        var nobody = await browser.PressAsync(page, "Find", ("email", "nobody@example.org"));
        Assert.Contains("Nobody by this address is on the list.", nobody.Alert, StringComparison.Ordinal);
        var found = await browser.PressAsync(page, "Find", ("email", member.Address));
        Assert.StartsWith($"/admin/sites/{site.PublicId}/contacts/con_", found.Location(), StringComparison.Ordinal);
        var csv = await browser.OpenAsync(path + ".csv");
        Assert.StartsWith("contact,email,name,language,confirmedAt,lastSignOfLife\r\n", csv.Html, StringComparison.Ordinal);
        Assert.Contains(member.Address, csv.Html, StringComparison.Ordinal);

        var read = new List<string>();
        string? after = null;
        do
        {
            var answer = await site.GetAsync(
                $"/v1/lists/{site.ListId}/members?limit=2" + (after is null ? "" : $"&after={after}"),
                scope: "contacts"
            );
            read.AddRange(answer.Json["items"]!.AsArray().Select(one => (string)one!["email"]!));
            after = (string?)answer.Json["next"];
        } while (after is not null);
        Assert.Equal(3, read.Distinct().Count());
        Assert.Contains(member.Address, read);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await site.GetAsync($"/v1/lists/{site.ListId}/members?after=x", scope: "contacts")).Status
        );
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/v1/lists/lst_x/members", scope: "contacts")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.GetAsync($"/v1/lists/{site.ListId}/members", scope: "sms")).Status);
    }

    private Task<string?> SenderAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Lists.Where(row => row.Id == site.List.Id).Select(row => row.FromEmail).SingleAsync());
}
