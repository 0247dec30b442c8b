using System.Net;
using System.Security.Claims;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Gateway.Console.SignIn;
using Gateway.Tests.Hosting;
using Gateway.Tests.OptIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Admin;

/// <summary>Operators, site managers, viewers, those who look after privacy, and everybody else: what each may do.</summary>
public sealed class RolesTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Every_route_is_open_to_the_roles_of_the_table_and_to_no_other()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var people = new Dictionary<string, AdminRoles?>
        {
            [AdminRouteTable.Operator] = AdminRoles.Operator,
            [AdminRouteTable.Manager] = AdminRoles.To([mine.Id]),
            [AdminRouteTable.OtherManager] = AdminRoles.To([other.Id]),
            [AdminRouteTable.Viewer] = AdminRoles.To("viewer", [mine.Id]),
            [AdminRouteTable.Privacy] = AdminRoles.To("privacy", [mine.Id]),
            [AdminRouteTable.Nobody] = null,
        };
        await using var scope = gateway.Services.CreateAsyncScope();
        var (wrong, known) = (new List<string>(), new HashSet<string>());

        foreach (var (endpoint, method, route) in Routes())
        {
            known.Add(route);
            if (!AdminRouteTable.Who.TryGetValue(route, out var who))
            {
                wrong.Add($"{route} is missing in AdminRouteTable");
                continue;
            }

            foreach (var (role, access) in people)
            {
                if (await IsOpenAsync(scope.ServiceProvider, endpoint, method, mine, access) != who.Contains(role))
                {
                    wrong.Add($"{route}: {role}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Empty(AdminRouteTable.Who.Keys.Except(known));
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("privacy")]
    public async Task Whatever_a_page_offers_may_be_used(string role)
    {
        var member = await Subscriber.JoinAsync(gateway);
        var submitted = await member.Site.SubmitAsync(
            email: "astray@example.org",
            change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
        );
        await member.Site.ProcessedAsync(submitted.Id);
        var browser = await SignedInAsync(role, member.Site);
        var (seen, waiting) = (new HashSet<string>(), new Queue<string>(["/admin"]));
        var found = await browser.PressAsync(
            await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}/contacts"),
            "Find",
            ("email", member.Address)
        );
        waiting.Enqueue(found.Location()!);

        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(path))
            {
                continue;
            }

            var page = await browser.OpenAsync(path);
            Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.SeeOther, $"{role} is led to {path}: {page.Status}");
            foreach (var link in page.Document.QuerySelectorAll("a[href^='/admin']"))
            {
                waiting.Enqueue(link.GetAttribute("href")!.Split('#')[0]);
            }

            foreach (var form in page.Document.QuerySelectorAll<IHtmlFormElement>("form[method=post]"))
            {
                if (form.QuerySelector("button") is not null)
                {
                    // Without the token of the page nothing is done; whoever may not send it at all does not learn even that.
                    var action = form.GetAttribute("action")!;
                    Assert.True((await browser.PostAsync(action)).Status == HttpStatusCode.BadRequest, $"{role} may not press {action}");
                }
            }
        }

        Assert.True(role == "privacy" ? seen.Count > 3 : seen.Count > 10, string.Join('\n', seen));
    }

    [Fact]
    public async Task A_viewer_sees_what_failed_without_what_came_in_and_changes_nothing()
    {
        var site = await gateway.NewSiteAsync();
        var submitted = await site.SubmitAsync(
            email: "hidden-from-viewers@example.org",
            change: body => body["subscribe"]![0]!["list"] = "lst_" + Guid.CreateVersion7().ToString("N")
        );
        await site.ProcessedAsync(submitted.Id);
        var viewer = await SignedInAsync("viewer", site);
        var manager = await AdminBrowser.SignedInAsync(gateway, "Manages", site);
        var path = $"/admin/sites/{site.PublicId}/failed/{submitted.Id}";

        var seen = await viewer.OpenAsync(path);
        var full = await manager.PressAsync(await manager.OpenAsync(path), "Show what came in");

        Assert.Contains("unknown_list", seen.Html, StringComparison.Ordinal);
        Assert.Empty(seen.Document.QuerySelectorAll("main form, pre"));
        Assert.NotNull(full.Document.QuerySelector("pre"));
        Assert.Equal("viewer", seen.Document.QuerySelector(".me small")!.TextContent);
        var sent = await viewer.PostAsync(path, ("__RequestVerificationToken", "any"));
        Assert.Equal(HttpStatusCode.NotFound, sent.Status);
    }

    [Fact]
    public async Task Who_looks_after_privacy_finds_and_erases_people_and_sees_nothing_else()
    {
        var member = await Subscriber.JoinAsync(gateway);
        var browser = await SignedInAsync("privacy", member.Site);
        var overview = await browser.OpenAsync("/admin");
        var contacts = $"/admin/sites/{member.Site.PublicId}/contacts";

        Assert.Contains(overview.Document.QuerySelectorAll("main a"), link => link.GetAttribute("href") == contacts);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync($"/admin/sites/{member.Site.PublicId}")).Status);
        var found = await browser.PressAsync(await browser.OpenAsync(contacts), "Find", ("email", member.Address));
        var page = await browser.OpenAsync(found.Location()!);
        Assert.DoesNotContain(page.Document.QuerySelectorAll("button"), button => button.TextContent.Contains("Unsubscribe"));
        var erased = await browser.PressAsync(page, "Erase this person", ("email", member.Address));
        Assert.Equal(HttpStatusCode.SeeOther, erased.Status);
    }

    [Fact]
    public void Roles_are_stored_as_a_text_that_those_of_before_can_read()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var several = AdminRoles.To([
            KeyValuePair.Create(one, SiteRights.See),
            KeyValuePair.Create(one, SiteRights.Privacy),
            KeyValuePair.Create(two, AdminRoles.Named["manager"]),
        ]);

        var read = AdminRoles.FromText(several.ToText());

        Assert.Equal($"viewer:site_{one:N} privacy:site_{one:N} site_{two:N}", several.ToText());
        Assert.Equal(SiteRights.See | SiteRights.Privacy, read.At(one));
        Assert.True(read.May(two, SiteRights.Manage));
        Assert.Equal("several roles", read.Role);
        Assert.Equal("site manager", AdminRoles.FromText($"site_{two:N}").Role);
        Assert.Equal(SiteRights.None, AdminRoles.FromText($"owner:site_{two:N} nonsense").At(two));
    }

    private async Task<AdminBrowser> SignedInAsync(string role, SiteUnderTest site)
    {
        var token = await gateway.InScopeAsync<AdminLinks, string>(async links =>
            (await links.MakeAsync("Role " + role, AdminRoles.To(role, [site.Id]), CancellationToken.None)).Token
        );
        var browser = new AdminBrowser(gateway);
        await browser.PressAsync(await browser.OpenAsync(AdminLinks.Path(token)), "Sign in");
        return browser;
    }

    private static async Task<bool> IsOpenAsync(
        IServiceProvider services,
        RouteEndpoint endpoint,
        string method,
        SiteUnderTest site,
        AdminRoles? access
    )
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return true;
        }

        var policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
        var policy = await AuthorizationPolicy.CombineAsync(policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>());
        var user = access is null ? new ClaimsPrincipal() : AdminUser.Principal(Session(access));
        var http = new DefaultHttpContext { RequestServices = services, User = user };
        http.Request.Method = method;
        http.Request.RouteValues["site"] = site.PublicId;
        http.SetEndpoint(endpoint);
        return (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(user, http, policy!)).Succeeded;
    }

    private static AdminSession Session(AdminRoles access) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Name = "Somebody",
            Access = access,
            Means = "link",
        };

    private IEnumerable<(RouteEndpoint Endpoint, string Method, string Route)> Routes() =>
        from endpoint in gateway.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path == "/admin" || path.StartsWith("/admin/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        where method != HttpMethods.Head
        select (endpoint, method, $"{method} {path}");
}
