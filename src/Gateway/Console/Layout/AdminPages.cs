using Gateway.Console.Auditing;
using Gateway.Console.Connect;
using Gateway.Console.Connections;
using Gateway.Console.Contacts;
using Gateway.Console.Domains;
using Gateway.Console.Failed;
using Gateway.Console.Forms;
using Gateway.Console.Health;
using Gateway.Console.Hooks;
using Gateway.Console.Hygiene;
using Gateway.Console.Importing;
using Gateway.Console.Keys;
using Gateway.Console.Lists;
using Gateway.Console.Live;
using Gateway.Console.Messages;
using Gateway.Console.Overview;
using Gateway.Console.People;
using Gateway.Console.Settings;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Console.Sms;
using Gateway.Console.Submissions;
using Gateway.Console.Suppressed;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Layout;

/// <summary>The pages under /admin. Each group carries its policy, so that a page added to it cannot forget it.</summary>
internal static class AdminPages
{
    /// <summary>Looking, which changes nothing.</summary>
    public static readonly string[] Look = [HttpMethods.Get, HttpMethods.Head];

    /// <returns>With what a page is shown, again where something was refused.</returns>
    public static int StatusOf(Refusal? why) => why is null ? StatusCodes.Status200OK : Problems.StatusOf(why.Kind);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods(
                "/",
                Look,
                RazorComponentResult (IHostEnvironment environment) =>
                    new RazorComponentResult<HomePage>(new { HasDemo = environment.IsDevelopment() })
            )
            .AllowAnonymous()
            .ExcludeFromDescription()
            .AddEndpointFilter(CsrfProtection.GuardAsync);
        var admin = app.MapAdminGroup();
        SignInPages.Map(admin.MapGroup("/sign-in").AllowAnonymous());
        LanguagePages.Map(admin);
        SetUpPages.Map(admin);
        NewSitePages.Map(admin);

        var signedIn = admin.MapGroup("").RequireAuthorization(AdminPolicies.SignedIn);
        OverviewPages.Map(signedIn);
        FailedPages.Map(signedIn);
        HygienePages.Map(signedIn);
        AllDomainsPages.Map(signedIn);
        AllConnectionsPages.Map(signedIn);
        AllHooksPages.Map(signedIn);
        ConnectPages.Map(app, signedIn);
        PeoplePages.Map(signedIn);
        SessionsPages.Map(signedIn);
        AuditPages.Map(signedIn);
        HealthPages.Map(signedIn);
        LivePages.Map(signedIn);

        var site = app.MapAdminSite();
        SitePages.Map(site);
        FailedPages.MapSite(site);
        DomainsPages.Map(site);
        HygienePages.MapSite(site);
        ConnectSitePages.MapSite(site);
        ConnectionsPages.MapSite(site);
        ContactsPages.MapSite(site);
        ListsPages.MapSite(site);
        SuppressionPages.MapSite(site);
        AuditPages.MapSite(site);
        FormsPages.MapSite(site);
        KeysPages.MapSite(site);
        SiteSettingsPages.MapSite(site);
        HooksPages.MapSite(site);
        ImportPages.MapSite(site);
        SubmissionsPages.MapSite(site);
        MessagesPages.MapSite(site);
        SmsPages.MapSite(site);
        LivePages.MapSite(site);
    }

    /// <summary>
    /// The pages of one site, /admin/sites/{site}/…, for operators and for those who manage it. Features add theirs to it.
    /// </summary>
    public static RouteGroupBuilder MapAdminSite(this IEndpointRouteBuilder app) =>
        app.MapAdminGroup()
            .MapGroup("/sites/{site}")
            .RequireAuthorization(AdminPolicies.Site)
            .AddEndpointFilter(CsrfProtection.FindSiteAsync);

    private static RouteGroupBuilder MapAdminGroup(this IEndpointRouteBuilder app) =>
        app.MapGroup("/admin")
            .ExcludeFromDescription()
            .LimitAs("admin", limits => limits.AdminPerMinute)
            .AddEndpointFilter(CsrfProtection.GuardAsync);
}
