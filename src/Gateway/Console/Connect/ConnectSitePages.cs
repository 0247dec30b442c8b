using Gateway.Console.Layout;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Console.Connect;

/// <summary>/admin/sites/{site}/connect — what to press in WordPress and in Zapier to connect them with a site.</summary>
internal static class ConnectSitePages
{
    public const string ZapierButton = "zapier";

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/connect", AdminPages.Look, Look)
            .WithName("AdminConnectSitePage")
            .WithSummary("Show how WordPress and Zapier are connected with a site");
        site.MapPost("/connect", MakeKeyAsync).WithName("AdminConnectSite").WithSummary("Make an API key for Zapier");
    }

    private static RazorComponentResult Look(AdminPageContext context, IOptions<GatewayOptions> options) =>
        Show(context, options, key: null);

    /// <summary>The key is shown in the answer itself, since it is kept nowhere.</summary>
    private static async Task<IResult> MakeKeyAsync(
        PageForm form,
        AdminPageContext context,
        SiteCredentials credentials,
        AuditLog audit,
        IOptions<GatewayOptions> options,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] != ZapierButton)
        {
            return Show(context, options, key: null);
        }

        var key = await audit.RecordAsync(
            () => credentials.AddApiKeyAsync(context.SiteId, ct),
            made => new(context.SiteId, context.User.Actor, "key.added", made.ClientId),
            ct
        );
        return Show(context, options, key);
    }

    private static RazorComponentResult Show(AdminPageContext context, IOptions<GatewayOptions> options, IssuedApiKey? key) =>
        context.Show<ConnectSitePage>(
            (nameof(ConnectSitePage.Address), options.Value.PublicBase),
            (nameof(ConnectSitePage.ClientId), key?.ClientId),
            (nameof(ConnectSitePage.ClientSecret), key?.ClientSecret)
        );
}
