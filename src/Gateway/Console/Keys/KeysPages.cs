using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Keys;

/// <summary>/admin/sites/{site}/keys — what programs call with: keys for Zapier and scripts, and the connection key of WordPress.</summary>
internal static class KeysPages
{
    public static void MapSite(RouteGroupBuilder site)
    {
        var keys = site.MapGroup("/keys");
        keys.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminKeysPage").WithSummary("Show a site's keys");
        keys.MapPost("", AddAsync).WithName("AdminAddKey").WithSummary("Make an API key").NeedsRecentSignIn();
        keys.MapPost("/connection", RotateAsync)
            .WithName("AdminRotateKeys")
            .WithSummary("Make a new connection key for WordPress")
            .NeedsRecentSignIn();
        keys.MapPost("/{key}/revoke", RevokeAsync)
            .WithName("AdminRevokeKey")
            .WithSummary("Make an API key worthless")
            .NeedsRecentSignIn();
    }

    private static Task<IResult> LookAsync(AdminPageContext context, ApiKeys keys, CancellationToken ct) =>
        ShowAsync(context, keys, shown: [], typed: null, error: null, ct);

    private static async Task<IResult> AddAsync(
        PageForm form,
        AdminPageContext context,
        ApiKeys keys,
        AuditLog audit,
        CancellationToken ct
    )
    {
        var added = await audit.RecordAsync(
            () => keys.AddAsync(context.SiteId, form["name"] ?? "", [.. form.All("scope")], ct),
            outcome =>
                outcome.IsRefused(out _, out var made)
                    ? null
                    : new(context.SiteId, context.User.Actor, "key.added", PublicId.Format(PublicId.ApiKey, made.Id)),
            ct
        );
        return added.IsRefused(out var why, out var key)
            ? await ShowAsync(context, keys, shown: [], form["name"], why.Message, ct)
            : await ShowAsync(
                context,
                keys,
                [new(T("Client id"), key.Issued.ClientId), new(T("Client secret"), key.Issued.ClientSecret)],
                typed: null,
                error: null,
                ct
            );
    }

    private static async Task<IResult> RotateAsync(
        AdminPageContext context,
        SiteCredentials credentials,
        ApiKeys keys,
        AuditLog audit,
        CancellationToken ct
    )
    {
        var issued = await audit.RecordAsync(
            () => credentials.RotateAsync(context.SiteId, ct),
            made => new(context.SiteId, context.User.Actor, "key.rotated", made.Site),
            ct
        );
        return await ShowAsync(
            context,
            keys,
            [
                new(T("Connection key for WordPress"), issued.ConnectionKey),
                new(T("Client id"), issued.ClientId),
                new(T("Client secret"), issued.ClientSecret),
            ],
            typed: null,
            error: null,
            ct
        );
    }

    private static async Task<IResult> RevokeAsync(
        string key,
        AdminPageContext context,
        ApiKeys keys,
        AuditLog audit,
        CancellationToken ct
    ) =>
        PublicId.Parse(PublicId.ApiKey, key) is { } id
        && await audit.RecordAsync(
            () => keys.RevokeAsync(context.SiteId, id, ct),
            done => done ? new(context.SiteId, context.User.Actor, "key.revoked", key) : null,
            ct
        )
            ? AdminPageContext.Go($"{context.SiteUrl}/keys", AdminNotices.KeyRevoked)
            : AdminAnswers.NotFound();

    /// <param name="shown">Secrets that were made just now.</param>
    /// <param name="typed">The name that was refused.</param>
    private static async Task<IResult> ShowAsync(
        AdminPageContext context,
        ApiKeys keys,
        IReadOnlyList<ShownSecret> shown,
        string? typed,
        string? error,
        CancellationToken ct
    )
    {
        var page = context.Show<KeysPage>(
            (nameof(KeysPage.Rows), (await keys.LiveAsync(context.SiteId, ct)).ConvertAll(KeyRow.Of)),
            (nameof(KeysPage.Scopes), ScopeChoice.All),
            (nameof(KeysPage.Shown), shown),
            (nameof(KeysPage.Typed), typed),
            (nameof(KeysPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}
