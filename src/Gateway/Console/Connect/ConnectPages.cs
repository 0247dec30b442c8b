using Gateway.Console.Layout;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Connecting;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Connect;

/// <summary>
/// /connect — where the button of a WordPress leads, and /admin/connect — where somebody who is signed in chooses the site that it is
/// connected with. The first shows nothing of anybody's; it is there because a browser that comes from another site does not send the
/// cookie of the admin pages.
/// </summary>
internal static class ConnectPages
{
    public const string Path = "/admin/connect";
    public const string ConnectButton = "connect";
    public const string CancelButton = "cancel";

    /// <summary>In place of a site: make one.</summary>
    public const string NewSite = "new";

    public static void Map(IEndpointRouteBuilder app, RouteGroupBuilder signedIn)
    {
        app.MapMethods("/connect", AdminPages.Look, Enter)
            .AllowAnonymous()
            .ExcludeFromDescription()
            .LimitAs("connect", limits => limits.AddressPerMinute)
            .AddEndpointFilter(CsrfProtection.GuardAsync)
            .WithName("ConnectEntry")
            .WithSummary("Lead a WordPress that wants to be connected to the admin pages");
        signedIn
            .MapMethods("/connect", AdminPages.Look, AskAsync)
            .WithName("AdminConnectWordPressPage")
            .WithSummary("Ask which site a WordPress is connected with")
            .Needs(SiteRights.Manage)
            .NeedsRecentSignIn();
        signedIn
            .MapPost("/connect", AnswerAsync)
            .WithName("AdminConnectWordPress")
            .WithSummary("Connect a WordPress with a site, or do not")
            .Needs(SiteRights.Manage)
            .NeedsRecentSignIn();
    }

    private static RazorComponentResult Enter(HttpContext http, IHostEnvironment environment) =>
        Read(name => http.Request.Query[name], environment).IsRefused(out var why, out var request)
            ? AdminAnswers.CannotConnect(why.Message)
            : OnwardPage.Show(
                T("Connect WordPress"),
                T("You are taken to the page where you choose the site."),
                Path + request.ToQuery()
            );

    private static IResult AskAsync(HttpContext http, AdminPageContext context, IHostEnvironment environment) =>
        Read(name => http.Request.Query[name], environment).IsRefused(out var why, out var request)
            ? AdminAnswers.CannotConnect(why.Message)
            : Show(context, request, form: null, error: null);

    private static async Task<IResult> AnswerAsync(
        PageForm form,
        AdminPageContext context,
        AddSite add,
        ConnectCodes codes,
        IOptions<GatewayOptions> options,
        IHostEnvironment environment,
        CancellationToken ct
    )
    {
        if (Read(name => form[name], environment).IsRefused(out var why, out var request))
        {
            return AdminAnswers.CannotConnect(why.Message);
        }

        var issuer = options.Value.PublicBase;
        if (form[PageForm.Button] == CancelButton)
        {
            return OnwardPage.Show(T("Not connected"), T("Nothing was changed."), request.Denied(issuer));
        }

        if (form[PageForm.Button] != ConnectButton)
        {
            return Show(context, request, form, error: null);
        }

        if ((await ChosenAsync(form, context, add, ct)).IsRefused(out why, out var site))
        {
            return Show(context, request, form, why.Message);
        }

        var code = await codes.MakeAsync(request, site.Id, context.User.Actor, ct);
        return OnwardPage.Show(T("Connected"), T($"You are taken back to WordPress at {request.Host}."), request.Granted(code, issuer));
    }

    /// <summary>One of the sites that they manage; an operator may also make one.</summary>
    private static async Task<Result<Site>> ChosenAsync(PageForm form, AdminPageContext context, AddSite add, CancellationToken ct)
    {
        if (form["site"] == NewSite && context.User.Access.IsOperator)
        {
            return await add.AddAsync(new(form["name"] ?? "", form["from"], form["language"]), context.User.Actor, ct);
        }

        return
            PublicId.Parse(PublicId.Site, form["site"]) is { } id
            && context.Sites.FirstOrDefault(site => site.Id == id) is { } site
            && context.User.Access.May(site.Id, SiteRights.Manage)
            ? site
            : Refusal.Invalid("site", T("Choose the site that this WordPress belongs to."));
    }

    private static RazorComponentResult Show(AdminPageContext context, ConnectRequest request, PageForm? form, string? error)
    {
        var page = context.Show<ConnectPage>(
            (nameof(ConnectPage.Model), ConnectModel.Of(context, request, form)),
            (nameof(ConnectPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    private static Result<ConnectRequest> Read(Func<string, string?> value, IHostEnvironment environment) =>
        ConnectRequest.Read(value, environment.IsDevelopment());
}

/// <summary>What somebody sees before they connect a WordPress. Public, like the components, because Razor makes them so.</summary>
/// <param name="Host">The machine of the WordPress.</param>
/// <param name="Address">The page there that learns of it, whole.</param>
/// <param name="Passed">The request's parameters, for the form.</param>
/// <param name="Chosen">The id of the site that is chosen at first, or <c>new</c>; null for none.</param>
public sealed record ConnectModel(
    string Host,
    string Address,
    IReadOnlyList<KeyValuePair<string, string>> Passed,
    IReadOnlyList<AdminSiteLink> Sites,
    bool MayAdd,
    string? Chosen,
    NewSiteModel New
)
{
    internal static ConnectModel Of(AdminPageContext context, ConnectRequest request, PageForm? form)
    {
        var sites = context.Sites.Where(site => context.User.Access.May(site.Id, SiteRights.Manage)).Select(AdminSiteLink.Of).ToList();
        var mayAdd = context.User.Access.IsOperator;

        // What the WordPress calls itself chooses nothing: anybody may have written it.
        var first =
            sites is [var only] ? only.Id
            : mayAdd && sites.Count == 0 ? ConnectPages.NewSite
            : null;
        return new(
            request.Host,
            request.RedirectUri.AbsoluteUri,
            [.. Parameters(request)],
            sites,
            mayAdd,
            form?["site"] ?? first,
            NewSiteModel.Of(form, request.SiteName)
        );
    }

    private static IEnumerable<KeyValuePair<string, string>> Parameters(ConnectRequest request) =>
        from pair in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.ToQuery())
        select KeyValuePair.Create(pair.Key, pair.Value.ToString());
}
