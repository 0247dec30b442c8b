using Gateway.Console.Layout;
using Gateway.Console.Live;
using Gateway.Console.SignIn;
using Gateway.Infrastructure.Queue;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Failed;

/// <summary>/admin/failed/decisions/{decision} and a site's own — how far a decision about many is, and undoing it.</summary>
internal static class DecisionPages
{
    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn
            .MapMethods("/failed/decisions/{decision}", AdminPages.Look, LookAsync)
            .WithName("AdminDecisionPage")
            .WithSummary("Show how far a decision about many failures is")
            .Needs(SiteRights.Manage);
        signedIn
            .MapGet("/failed/decisions/{decision}/live", FollowAsync)
            .WithName("AdminDecisionLive")
            .WithSummary("Say when a decision about many failures goes on")
            .Needs(SiteRights.Manage);
    }

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/failed/decisions/{decision}", AdminPages.Look, LookAsync)
            .WithName("AdminSiteDecisionPage")
            .WithSummary("Show how far a decision about many failures of a site is")
            .Needs(SiteRights.Manage);
        site.MapGet("/failed/decisions/{decision}/live", FollowAsync)
            .WithName("AdminSiteDecisionLive")
            .WithSummary("Say when a decision about many failures of a site goes on")
            .Needs(SiteRights.Manage);
    }

    public static string UrlOf(AdminPageContext context, Guid decision) => $"{CausePages.UrlOf(context)}/decisions/{decision:N}";

    private static async Task<IResult> LookAsync(
        string decision,
        AdminPageContext context,
        BulkDecisions decisions,
        CancellationToken ct
    ) =>
        await FindAsync(decision, context, decisions, ct) is { } row
            ? context.Show<DecisionPage>((nameof(DecisionPage.Row), DecisionRow.Of(row, CausePages.UrlOf(context))))
            : AdminAnswers.NotFound();

    private static async Task<IResult> FollowAsync(
        string decision,
        AdminPageContext context,
        BulkDecisions decisions,
        LiveWatch watch,
        HttpContext http
    ) =>
        await FindAsync(decision, context, decisions, http.RequestAborted) is { } row
            ? await LivePages.FollowAsync(LiveTopic.Decision(row.Id), context, watch, http)
            : AdminAnswers.NotFound();

    /// <summary>A site's page shows what is about that site alone; what is about several, whoever decided it and operators see.</summary>
    public static async Task<BulkDecision?> FindAsync(
        string? decision,
        AdminPageContext context,
        BulkDecisions decisions,
        CancellationToken ct
    ) =>
        CausePages.DecisionOf(decision) is { } id
        && await decisions.FindAsync(id, ct) is { } row
        && (
            context.Site is { } site
                ? BulkDecision.SitesOf(row.Sites) is [var only] && only == site.Id
                : context.User.Access.IsOperator || row.Actor == context.User.Actor
        )
            ? row
            : null;
}

/// <summary>A decision about many failures. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Its page.</param>
/// <param name="CauseUrl">Where the cause is decided.</param>
/// <param name="Title">What it does, with how many.</param>
/// <param name="Undo">Null where it cannot be undone.</param>
public sealed record DecisionRow(
    string Url,
    string CauseUrl,
    string Title,
    int Total,
    int Done,
    int Refused,
    string? Why,
    DateTime? EndedAt,
    string? Failure,
    string? Undo
)
{
    /// <summary>How many rows were looked at.</summary>
    public int Looked => Math.Min(Total, Done + Refused);

    internal static DecisionRow Of(BulkDecision row, string failed) =>
        new(
            $"{failed}/decisions/{row.Id:N}",
            $"{failed}/causes/{Uri.EscapeDataString(row.Cause)}",
            row.Action switch
            {
                CauseAction.Replay => T($"Trying again {row.Total:N0}"),
                CauseAction.Dismiss => T($"Dismissing {row.Total:N0}"),
                _ => T($"Bringing back {row.Total:N0}"),
            },
            row.Total,
            row.Done,
            row.Refused,
            row.Why,
            row.EndedAt,
            row.Failure,
            row.Action == CauseAction.Dismiss && row.Done > 0 ? row.Id.ToString("N") : null
        );
}
