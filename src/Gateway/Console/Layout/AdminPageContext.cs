using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>One request for an admin page: who asks, what they may see, and which site it is about.</summary>
/// <param name="Sites">Those at which they may do something, by name.</param>
/// <param name="Site">The site of the route; null where the page is about none.</param>
/// <param name="Notice">What the request before did, as <see cref="AdminNotices"/> knows it.</param>
/// <param name="Problems">What holds up the sites they may see; on a site's page, that site.</param>
/// <param name="Findings">What else is wrong at these.</param>
/// <param name="Facts">What else is to be put right, as it was some seconds ago.</param>
internal sealed record AdminPageContext(
    AdminUser User,
    IReadOnlyList<Site> Sites,
    Site? Site,
    string? Notice,
    IReadOnlyList<OpenOutage> Problems,
    IReadOnlyList<SiteFinding> Findings,
    ToDoFacts Facts
)
{
    /// <summary>The path of the request.</summary>
    public string Path { get; init; } = "";

    /// <summary>Those of the sites whose pages they may see.</summary>
    public IEnumerable<Site> Seen => Sites.Where(site => User.Access.May(site.Id, SiteRights.See));

    /// <summary>The site a page is about; a handler behind <see cref="AdminPolicies.Site"/> always has one.</summary>
    public Guid SiteId => Site!.Id;

    public string SiteUrl => AdminSiteLink.Of(Site!).Url;

    public static async ValueTask<AdminPageContext?> BindAsync(HttpContext http) => await OfAsync(http);

    public static async Task<AdminPageContext> OfAsync(HttpContext http)
    {
        if (http.Features.Get<AdminPageContext>() is not { } context)
        {
            var user = AdminUser.Of(http.User) ?? throw new InvalidOperationException("This endpoint needs one of the admin policies.");
            var sites = await SitesAsync(http.RequestServices.GetRequiredService<SiteStore>(), user.Access, http.RequestAborted);
            var site = sites.FirstOrDefault(site => site.Id == SiteOf(http));
            IReadOnlyList<Guid>? shown =
                site is null ? user.Access.Seen
                : user.Access.May(site.Id, SiteRights.See) ? [site.Id]
                : [];
            context = new(
                user,
                sites,
                site,
                http.Request.Query["said"],
                await http.RequestServices.GetRequiredService<Outages>().ListAsync(shown, http.RequestAborted),
                await http.RequestServices.GetRequiredService<SiteFindings>().ListAsync(shown, http.RequestAborted),
                shown is { Count: 0 }
                    ? ToDoFacts.None
                    : await http.RequestServices.GetRequiredService<ToDoReader>().RecentAsync(shown is null, http.RequestAborted)
            )
            {
                Path = http.Request.Path,
            };
            http.Features.Set(context);
        }

        return context;
    }

    /// <returns>The site that the route names; null when it names none.</returns>
    public static Guid? SiteOf(HttpContext http) => PublicId.Parse(PublicId.Site, http.GetRouteValue("site") as string);

    public AdminLayout Layout()
    {
        List<AdminSiteLink> sites = [.. Sites.Select(LinkTo)];
        return new(
            User.Name,
            User.Access.Role,
            User.Access.IsOperator,
            sites,
            Site is null ? null : LinkTo(Site),
            AdminNotices.Of(Notice),
            ToDo.Of(this, Facts)
        )
        {
            Rights = Rights,
            Path = Path,
        };
    }

    /// <summary>What they may do at the page's site; where it is about none, at all of theirs together.</summary>
    public SiteRights Rights => Site is null ? User.Access.Everywhere : User.Access.At(Site.Id);

    /// <summary>A link for whoever asks: who may not see the site's pages is led to those they may.</summary>
    public AdminSiteLink LinkTo(Site site) => AdminSiteLink.Of(site) with { Sees = User.Access.May(site.Id, SiteRights.See) };

    /// <summary>
    /// Shows a page, giving it the frame and its own parameters. Rules say what went wrong in English, whoever asks; a page says it in the
    /// language of whoever reads it.
    /// </summary>
    public RazorComponentResult<TPage> Show<TPage>(params (string Name, object? Value)[] parameters)
        where TPage : IComponent =>
        new(
            new Dictionary<string, object?>(parameters.Select(one => KeyValuePair.Create(one.Name, Said(one.Name, one.Value))))
            {
                ["Layout"] = Layout(),
            }
        );

    private static object? Said(string name, object? value) => name == "Error" && value is string error ? TStored(error) : value;

    /// <summary>After a change: leads to a page that says so, and that can be loaded again without changing anything.</summary>
    public static SeeOther Go(string path, string? said = null) => new(said is null ? path : $"{path}?said={said}");

    private static async Task<List<Site>> SitesAsync(SiteStore store, AdminRoles access, CancellationToken ct)
    {
        var sites = await store.ListAsync(access.Sites, ct);
        return [.. sites.OrderBy(site => site.Name, StringComparer.OrdinalIgnoreCase).ThenBy(site => site.Id)];
    }
}

/// <summary>
/// 303: what was sent is done, look there. (The framework's redirects leave it to the browser whether to send the form again.)
/// </summary>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
