using Gateway.Console.Layout;
using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Queue;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Failed;

/// <summary>
/// /admin/failed/causes/{cause} and a site's own — everything that failed for one reason, and one decision about all of it: it says first
/// how many that are.
/// </summary>
internal static class CausePages
{
    /// <summary>Names of causes are short (<see cref="FailedCauses.Of"/>).</summary>
    private const int MaxCause = 100;

    private const int MaxReason = 200;

    /// <summary>What the address says after a dismissal, so that the page can offer to undo it.</summary>
    public const string UndoField = "undo";

    public const string DecisionField = "decision";

    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn
            .MapMethods("/failed/causes/{cause}", AdminPages.Look, LookAsync)
            .WithName("AdminCausePage")
            .WithSummary("Show what failed at all sites for one reason")
            .Needs(SiteRights.See);
        signedIn
            .MapPost("/failed/causes/{cause}", DecideAsync)
            .WithName("AdminDecideCause")
            .WithSummary("Try again, dismiss or bring back what failed at all sites for one reason")
            .Needs(SiteRights.Manage);
        DecisionPages.Map(signedIn);
    }

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/failed/causes/{cause}", AdminPages.Look, LookAsync)
            .WithName("AdminSiteCausePage")
            .WithSummary("Show what failed at a site for one reason");
        site.MapPost("/failed/causes/{cause}", DecideAsync)
            .WithName("AdminSiteDecideCause")
            .WithSummary("Try again, dismiss or bring back what failed at a site for one reason");
        DecisionPages.MapSite(site);
    }

    /// <summary>The page that lists what failed, of a site or of all.</summary>
    public static string UrlOf(AdminPageContext context) => context.Site is null ? "/admin/failed" : $"{context.SiteUrl}/failed";

    /// <summary>Whose failures the page is about; null is all.</summary>
    public static IReadOnlyList<Guid>? SitesOf(AdminPageContext context) =>
        context.Site is { } site ? [site.Id] : context.User.Access.Seen;

    /// <summary>Whose failures may be decided about; null is all.</summary>
    public static IReadOnlyList<Guid>? DecidedOf(AdminPageContext context) =>
        context.Site is { } site ? [site.Id] : context.User.Access.Managed;

    /// <returns>What is wrong with the reason of a dismissal; null when nothing is.</returns>
    public static string? ReasonError(string? reason) =>
        reason is null ? T("Say why.")
        : reason.Length > MaxReason ? T($"Say it in at most {MaxReason} letters.")
        : null;

    /// <summary>Leads to what still waits, where the dismissal can be undone.</summary>
    public static SeeOther Dismissed(AdminPageContext context, string cause, Guid decision) =>
        new($"{UrlOf(context)}?{UndoField}={Uri.EscapeDataString(cause)}&{DecisionField}={decision:N}");

    /// <returns>Null where nothing was dismissed a moment ago.</returns>
    public static Undo? UndoOf(HttpContext http, AdminPageContext context) =>
        http.Request.Query[UndoField].ToString() is { Length: > 0 and <= MaxCause } cause
        && http.Request.Query[DecisionField].ToString() is { Length: > 0 } decision
        && DecisionOf(decision) is not null
            ? new($"{UrlOf(context)}/causes/{Uri.EscapeDataString(cause)}", decision)
            : null;

    private static async Task<IResult> LookAsync(string cause, AdminPageContext context, ShowCause show, CancellationToken ct) =>
        await show.ShowAsync(cause, context, error: null, ct);

    private static async Task<IResult> DecideAsync(
        string cause,
        PageForm form,
        AdminPageContext context,
        FailedItems failures,
        BulkDecisions decisions,
        ShowCause show,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (sites, actor) = (DecidedOf(context), context.User.Actor);
        switch (form[PageForm.Button])
        {
            case "undo" when DecisionOf(form[DecisionField]) is { } undone:
                if (await DecisionPages.FindAsync(form[DecisionField], context, decisions, ct) is { } going)
                {
                    await decisions.StopAsync(going.Id, ct);
                }

                var undoes = new CauseDecision(CauseAction.Restore, cause, sites, actor, Decision: undone);
                return await RestoreAsync(undoes, await decisions.CountDismissedAsync(undone, ct), context, failures, decisions, ct);
            case "restore":
                var all = await failures.CountAsync(cause, sites, dismissed: true, ct);
                return await RestoreAsync(new(CauseAction.Restore, cause, sites, actor), all, context, failures, decisions, ct);
            case "dismiss" when ReasonError(form["reason"]) is { } why:
                return await show.ShowAsync(cause, context, why, ct);
            case "dismiss":
                var dismissal = new CauseDecision(CauseAction.Dismiss, cause, sites, actor, Reason: form["reason"]);
                if (await BeginAsync(dismissal, context, failures, decisions, ct) is { } begun)
                {
                    return begun;
                }

                var decision = Guid.CreateVersion7(clock.GetUtcNow());
                return (await failures.DecideAsync(dismissal with { Decision = decision }, ct)).Done == 0
                    ? await show.ShowAsync(cause, context, T("These are still tried by themselves."), ct)
                    : Dismissed(context, cause, decision);
            case "replay" when FailedItem.MayArriveTwice(cause.Split('-')[0]) && form["twice"] is null:
                return await show.ShowAsync(cause, context, T("Say that you accept that they may arrive twice."), ct);
            case "replay":
                var replay = new CauseDecision(CauseAction.Replay, cause, sites, actor, new(form["email"], form["list"], form["name"]));
                return await BeginAsync(replay, context, failures, decisions, ct)
                    ?? await ReplayAsync(replay, context, failures, show, ct);
            default:
                return AdminAnswers.Stale();
        }
    }

    /// <summary>What is about more rows than a request may change is carried out beside the pages.</summary>
    /// <returns>Leads to where it can be followed; null where it is about few.</returns>
    private static async Task<IResult?> BeginAsync(
        CauseDecision decision,
        AdminPageContext context,
        FailedItems failures,
        BulkDecisions decisions,
        CancellationToken ct
    ) =>
        await failures.CountAsync(decision.Cause, decision.Sites, dismissed: false, ct) is > FailedItems.AtOnce and var total
            ? new SeeOther(DecisionPages.UrlOf(context, await decisions.BeginAsync(decision, total, ct)))
            : null;

    private static async Task<IResult> RestoreAsync(
        CauseDecision decision,
        int total,
        AdminPageContext context,
        FailedItems failures,
        BulkDecisions decisions,
        CancellationToken ct
    )
    {
        if (total > FailedItems.AtOnce)
        {
            return new SeeOther(DecisionPages.UrlOf(context, await decisions.BeginAsync(decision, total, ct)));
        }

        await failures.DecideAsync(decision, ct);
        return AdminPageContext.Go(UrlOf(context), AdminNotices.FailuresRestored);
    }

    private static async Task<IResult> ReplayAsync(
        CauseDecision decision,
        AdminPageContext context,
        FailedItems failures,
        ShowCause show,
        CancellationToken ct
    )
    {
        var replayed = await failures.DecideAsync(decision, ct);
        return replayed.Refused > 0
            ? await show.ShowAsync(
                decision.Cause,
                context,
                T($"{replayed.Done:N0} are tried again, {replayed.Refused:N0} are not: {TStored(replayed.Why)}"),
                ct
            )
            : AdminPageContext.Go(UrlOf(context), AdminNotices.ReplayedAll);
    }

    public static Guid? DecisionOf(string? typed) => Guid.TryParseExact(typed, "N", out var decision) ? decision : null;
}

/// <summary>Shows one cause, with what can be chosen for those that failed.</summary>
internal sealed class ShowCause(FailedItems failures, SubmissionStore submissions, SiteLists siteLists)
{
    public async Task<IResult> ShowAsync(string cause, AdminPageContext context, string? error, CancellationToken ct)
    {
        // Whoever may decide sees how many that is about.
        var sites = (context.Rights & SiteRights.Manage) != 0 ? CausePages.DecidedOf(context) : CausePages.SitesOf(context);
        if ((await failures.CausesAsync(sites, dismissed: false, ct)).Find(one => one.Cause == cause) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var row = CauseRow.Of(found, CausePages.UrlOf(context), context);
        var alike = row.IsSubmissions ? await submissions.FailedAlikeAsync(found, sites, ct) : AlikeSubmissions.None;
        var page = context.Show<CausePage>(
            (nameof(CausePage.Row), row),
            (nameof(CausePage.Error), error),
            (nameof(CausePage.Fields), alike.Fields),
            (nameof(CausePage.LikelyAddress), found.Code == "missing_email_field" ? alike.AddressField : null),
            (nameof(CausePage.LikelyName), alike.NameField),
            (nameof(CausePage.Forms), FailedForm.Of(found.Code, alike, context)),
            (nameof(CausePage.Lists), row.IsSubmissions && context.Site is { } site ? await siteLists.OfAsync(site.Id, ct) : [])
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}

/// <summary>A form that goes on failing until somebody changes it. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Where its fields are shown.</param>
public sealed record FailedForm(string Url, string Name, string Site)
{
    /// <returns>None where the forms themselves are right.</returns>
    internal static IReadOnlyList<FailedForm> Of(string code, AlikeSubmissions alike, AdminPageContext context) =>
        code is not ("missing_email_field" or "unknown_list" or "list_archived")
            ? []
            :
            [
                .. from form in alike.Forms
                join site in context.Seen on form.SiteId equals site.Id
                select new FailedForm($"{AdminSiteLink.Of(site).Url}/forms", form.Title ?? form.Id, site.Name),
            ];
}
