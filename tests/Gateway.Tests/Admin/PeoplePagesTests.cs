using System.Net;
using System.Text.RegularExpressions;
using Gateway.Console.SignIn;
using Gateway.Tests.Connections;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Gateway.Tests.Mail.Adapters;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin;

/// <summary>People are invited, sign in by a link that is sent to them, and are removed, without a shell.</summary>
public sealed partial class PeoplePagesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Who_is_invited_signs_in_by_mail_and_is_out_once_removed()
    {
        var site = await gateway.NewSiteAsync();
        var address = NewAddress();
        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Olga");
        var people = await operatorsBrowser.OpenAsync("/admin/people");

        var without = await operatorsBrowser.PressAsync(people, "Invite by email", ("email", address), ("role", "viewer"));
        Assert.Contains("Choose at least one site.", without.Alert, StringComparison.Ordinal);
        var invited = await operatorsBrowser.PressAsync(
            people,
            "Invite by email",
            ("email", address),
            ("role", "viewer"),
            ("site", site.PublicId)
        );
        Assert.Equal("/admin/people", invited.Location());
        var guest = new AdminBrowser(gateway);
        await guest.PressAsync(await guest.OpenAsync(await LinkInMailAsync(address, 1)), "Sign in");
        Assert.Equal("viewer", (await guest.OpenAsync($"/admin/sites/{site.PublicId}")).Document.QuerySelector(".me small")!.TextContent);

        // Later by themselves; anybody else gets the same answer and no mail.
        var asking = new AdminBrowser(gateway);
        var page = await asking.OpenAsync("/admin/sign-in");
        var known = await asking.PressAsync(page, "Send me a link", ("email", address.ToUpperInvariant()));
        var unknown = await asking.PressAsync(page, "Send me a link", ("email", NewAddress()));
        var nonsense = await asking.PressAsync(page, "Send me a link", ("email", "nobody"));
        Assert.All([known, unknown, nonsense], answer => Assert.Equal((HttpStatusCode.OK, known.Html), (answer.Status, answer.Html)));
        await asking.PressAsync(await asking.OpenAsync(await LinkInMailAsync(address, 2)), "Sign in");
        var sessions = await asking.OpenAsync("/admin/sessions");
        Assert.Equal(2, sessions.Document.QuerySelectorAll("tbody tr").Length);
        await asking.PressAsync(sessions, "Sign out everywhere else");
        Assert.True((await guest.OpenAsync("/admin")).IsSentToSignIn());
        Assert.DoesNotContain(gateway.LogLines(), line => line.Contains(address, StringComparison.OrdinalIgnoreCase));

        var row = await gateway.InDatabaseAsync(db => db.AdminPeople.SingleAsync(one => one.Address == address));
        var all = await operatorsBrowser.OpenAsync("/admin/people");
        var form = all.Document.QuerySelector($"form[action='/admin/people/prs_{row.Id:N}/remove']")!;
        var token = form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var removed = await operatorsBrowser.PostAsync(form.GetAttribute("action")!, ("__RequestVerificationToken", token));
        Assert.Equal("/admin/people", removed.Location());
        Assert.True((await asking.OpenAsync("/admin")).IsSentToSignIn());
    }

    [Fact]
    public async Task A_link_can_be_handed_over_and_another_role_counts_at_once()
    {
        var site = await gateway.NewSiteAsync();
        var address = NewAddress();
        var operatorsBrowser = await AdminBrowser.SignedInAsync(gateway, "Olga");
        var people = await operatorsBrowser.OpenAsync("/admin/people");
        var made = await operatorsBrowser.PressAsync(
            people,
            "Make a link to hand over",
            ("email", address),
            ("role", "manager"),
            ("site", site.PublicId)
        );
        var guest = new AdminBrowser(gateway);
        var link = new Uri(made.Document.QuerySelector("pre")!.TextContent).AbsolutePath;
        await guest.PressAsync(await guest.OpenAsync(link), "Sign in");
        Assert.Equal(HttpStatusCode.OK, (await guest.OpenAsync($"/admin/sites/{site.PublicId}/audit")).Status);

        await operatorsBrowser.PressAsync(
            people,
            "Make a link to hand over",
            ("email", address),
            ("role", "privacy"),
            ("site", site.PublicId)
        );

        Assert.True((await guest.OpenAsync($"/admin/sites/{site.PublicId}/audit")).IsSentToSignIn());
        Assert.Equal(
            "privacy",
            (await gateway.InDatabaseAsync(db => db.AdminPeople.SingleAsync(one => one.Address == address))).Access.Role
        );
    }

    [Fact]
    public async Task However_often_somebody_asks_few_links_are_under_way()
    {
        var site = await gateway.NewSiteAsync();
        var address = NewAddress();
        await gateway.InScopeAsync<AdminPeople, bool>(async people =>
        {
            await people.InviteAsync(address, AdminRoles.To([site.Id]), byMail: false, "admin:Olga", CancellationToken.None);
            for (var times = 0; times < 5; times++)
            {
                await people.SendLinkAsync(address, CancellationToken.None);
            }

            return true;
        });

        // Beside the invitation, which waits for a day.
        Assert.Equal(3, (await gateway.MailsToAsync(address, 3)).Count);
        Assert.Equal(4, await gateway.InDatabaseAsync(db => db.AdminLinks.CountAsync(row => row.Name == address)));
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task Also_of_ten_who_ask_at_once_few_get_a_link()
    {
        var address = NewAddress();
        await InviteAsync(address, AdminRoles.Operator);

        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(_ =>
                    gateway.InScopeAsync<AdminPeople, bool>(async people =>
                    {
                        await people.SendLinkAsync(address, CancellationToken.None);
                        return true;
                    })
                )
        );

        Assert.Equal(4, await gateway.InDatabaseAsync(db => db.AdminLinks.CountAsync(row => row.Name == address)));
    }

    [Fact]
    public async Task A_link_that_was_on_its_way_while_somebody_was_removed_opens_nothing()
    {
        var address = NewAddress();
        await InviteAsync(address, AdminRoles.Operator);
        var known = await PersonAsync(address);
        await gateway.InScopeAsync<AdminPeople, bool>(people => people.RemoveAsync(known.Id, "admin:Olga", CancellationToken.None));

        // It was read before, and its link is made after.
        var late = await LinkAsync(known);
        var guest = new AdminBrowser(gateway);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.OpenAsync(late)).Status);

        // Whoever is invited again is somebody else.
        await InviteAsync(address, AdminRoles.Operator);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.OpenAsync(late)).Status);
    }

    [Fact]
    public async Task What_somebody_may_do_is_what_is_stored_of_them_when_they_do_it()
    {
        var site = await gateway.NewSiteAsync();
        var address = NewAddress();
        await InviteAsync(address, AdminRoles.Operator);
        var before = await PersonAsync(address);
        await InviteAsync(address, AdminRoles.To("viewer", [site.Id]));
        var guest = new AdminBrowser(gateway);

        var asked = await guest.OpenAsync(await LinkAsync(before));
        Assert.Contains($"{address} (viewer)", asked.Text, StringComparison.Ordinal);
        await guest.PressAsync(asked, "Sign in");
        Assert.Equal(HttpStatusCode.NotFound, (await guest.OpenAsync("/admin/people")).Status);
        Assert.Equal("viewer", (await guest.OpenAsync("/admin")).Document.QuerySelector(".me small")!.TextContent);

        // As if the session had begun at the same moment, so that nobody ended it.
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .AdminPeople.Where(person => person.Address == address)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(person => person.Access, AdminRoles.To("privacy", [site.Id])),
                            CancellationToken.None
                        ),
                CancellationToken.None
            )
        );
        Assert.Equal("privacy", (await guest.OpenAsync("/admin")).Document.QuerySelector(".me small")!.TextContent);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () => db.AdminPeople.Where(person => person.Address == address).ExecuteDeleteAsync(CancellationToken.None),
                CancellationToken.None
            )
        );
        Assert.True((await guest.OpenAsync("/admin")).IsSentToSignIn());
    }

    private Task InviteAsync(string address, AdminRoles access) =>
        gateway.InScopeAsync<AdminPeople, bool>(async people =>
        {
            await people.InviteAsync(address, access, byMail: false, "admin:Olga", CancellationToken.None);
            return true;
        });

    private Task<AdminPerson> PersonAsync(string address) =>
        gateway.InDatabaseAsync(db => db.AdminPeople.AsNoTracking().SingleAsync(one => one.Address == address));

    private Task<string> LinkAsync(AdminPerson person) =>
        gateway.InScopeAsync<AdminLinks, string>(async links =>
            AdminLinks.Path((await links.MakeAsync(person, AdminLinks.Lifetime, "page", CancellationToken.None)).Token)
        );

    [Fact]
    public async Task A_link_never_passes_a_server_that_a_site_chose()
    {
        // Whoever manages the oldest site, or the only one of somebody, has it send over a server of their own.
        var site = await gateway.NewSiteAsync();
        var account = gateway.MailApis.NewAccount(new FakePostmark());
        await site.ConnectedAsync("postmark", account.Api.SettingsOf(account.Key).ToJsonString(), "mail");
        var address = NewAddress();
        await gateway.InScopeAsync<AdminPeople, bool>(async people =>
        {
            await people.InviteAsync(address, AdminRoles.To([site.Id]), byMail: true, "admin:Olga", CancellationToken.None);
            await people.SendLinkAsync(address, CancellationToken.None);
            return true;
        });

        Assert.Equal(2, (await gateway.MailsToAsync(address, 2)).Count);
        Assert.DoesNotContain(account.Calls, call => call.StartsWith("POST", StringComparison.Ordinal));
    }

    private static string NewAddress() => $"{Guid.CreateVersion7():N}@agency.example";

    private async Task<string> LinkInMailAsync(string address, int mails)
    {
        var text = (await gateway.MailsToAsync(address, mails))[^1].TextBody;
        return SignInPath().Match(text!).Value;
    }

    [GeneratedRegex("/admin/sign-in/[A-Za-z0-9_-]+")]
    private static partial Regex SignInPath();
}
