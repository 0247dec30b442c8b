using Gateway.Console.Layout;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
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
        site.MapPost("/connect", MakeKeyAsync).WithName("AdminConnectSite").WithSummary("Make an API key for Zapier").NeedsRecentSignIn();
    }

    private static RazorComponentResult Look(AdminPageContext context, IOptions<GatewayOptions> options) =>
        Show(context, options, key: null);

    /// <summary>The key is shown in the answer itself, since it is kept nowhere.</summary>
    private static async Task<IResult> MakeKeyAsync(
        PageForm form,
        AdminPageContext context,
        ApiKeys keys,
        AuditLog audit,
        IOptions<GatewayOptions> options,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] != ZapierButton)
        {
            return Show(context, options, key: null);
        }

        var added = await audit.RecordAsync(
            () => keys.AddAsync(context.SiteId, "Zapier", Scopes.All, ct),
            outcome =>
                outcome.IsRefused(out _, out var made)
                    ? null
                    : new(context.SiteId, context.User.Actor, "key.added", PublicId.Format(PublicId.ApiKey, made.Id)),
            ct
        );
        return added.IsRefused(out var why, out var key)
            ? Show(context, options, key: null, why.Message)
            : Show(context, options, key.Issued);
    }

    private static RazorComponentResult Show(
        AdminPageContext context,
        IOptions<GatewayOptions> options,
        IssuedApiKey? key,
        string? error = null
    ) =>
        SetUpPages.WithStatus(
            context.Show<ConnectSitePage>(
                (nameof(ConnectSitePage.Address), options.Value.PublicBase),
                (nameof(ConnectSitePage.ClientId), key?.ClientId),
                (nameof(ConnectSitePage.ClientSecret), key?.ClientSecret),
                (nameof(ConnectSitePage.Error), error)
            ),
            error
        );
}
