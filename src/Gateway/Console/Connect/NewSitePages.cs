using Gateway.Console.Layout;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Connect;

/// <summary>/admin/sites/new — operators add a site at any time.</summary>
internal static class NewSitePages
{
    public static void Map(RouteGroupBuilder admin)
    {
        var pages = admin.MapGroup("/sites/new").RequireAuthorization(AdminPolicies.Operator);
        pages.MapMethods("", AdminPages.Look, Ask).WithName("AdminNewSitePage").WithSummary("Ask for a new site");
        pages.MapPost("", AddAsync).WithName("AdminNewSite").WithSummary("Add a site");
    }

    private static RazorComponentResult Ask(AdminPageContext context) => Show(context, form: null, error: null);

    private static async Task<IResult> AddAsync(PageForm form, AdminPageContext context, AddSite add, CancellationToken ct) =>
        (await add.AddAsync(new(form["name"] ?? "", form["from"], form["language"]), context.User.Actor, ct)).IsRefused(
            out var why,
            out var site
        )
            ? Show(context, form, why.Message)
            : AdminPageContext.Go($"{AdminSiteLink.Of(site).Url}/connect", AdminNotices.SiteAdded);

    private static RazorComponentResult Show(AdminPageContext context, PageForm? form, string? error) =>
        SetUpPages.WithStatus(
            context.Show<NewSitePage>((nameof(NewSitePage.New), NewSiteModel.Of(form)), (nameof(NewSitePage.Error), error)),
            error
        );
}
