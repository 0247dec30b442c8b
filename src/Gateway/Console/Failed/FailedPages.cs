using System.Text;
using Gateway.Console.Layout;
using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Console.Submissions;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Failed;

/// <summary>/admin/failed and a site's own — what waits for a decision, and trying it again.</summary>
internal static class FailedPages
{
    private const int MaxOfEachKind = 100;

    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn
            .MapMethods("/failed", AdminPages.Look, ListAsync)
            .WithName("AdminFailedPage")
            .WithSummary("Show what failed at all sites")
            .Needs(SiteRights.See);
        CausePages.Map(signedIn);
    }

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/failed", AdminPages.Look, ListAsync).WithName("AdminSiteFailedPage").WithSummary("Show what failed at a site");
        site.MapMethods("/failed/{id}", AdminPages.Look, LookAsync)
            .WithName("AdminFailurePage")
            .WithSummary("Show one thing that failed");
        site.MapPost("/failed/{id}", DecideAsync)
            .WithName("AdminReplay")
            .WithSummary("Try it again, dismiss it, or show what came in and record that somebody looked");
        CausePages.MapSite(site);
    }

    /// <param name="dismissed"><c>true</c> shows what was dismissed, by cause.</param>
    private static async Task<RazorComponentResult> ListAsync(
        string? dismissed,
        AdminPageContext context,
        FailedItems failures,
        HttpContext http,
        CancellationToken ct
    )
    {
        var sites = CausePages.SitesOf(context);
        var areDismissed = dismissed == "true";
        var finding = failures.CausesAsync(sites, areDismissed, ct);
        var listing = areDismissed ? Task.FromResult<List<FailedItem>>([]) : failures.ListAsync(MaxOfEachKind, sites, ct);
        await Task.WhenAll(finding, listing);
        var (causes, failed) = (await finding, await listing);
        var whom = await failures.WhomAsync(failed, ct);
        return context.Show<FailedPage>(
            (
                nameof(FailedPage.Failed),
                Newest(failed, int.MaxValue, context).ConvertAll(row => row with { Whom = whom.GetValueOrDefault(row.Id) })
            ),
            (nameof(FailedPage.MaxOfEachKind), MaxOfEachKind),
            (nameof(FailedPage.Causes), causes.ConvertAll(cause => CauseRow.Of(cause, CausePages.UrlOf(context), context))),
            (nameof(FailedPage.AreDismissed), areDismissed),
            (nameof(FailedPage.Undo), CausePages.UndoOf(http, context))
        );
    }

    private static async Task<IResult> LookAsync(
        string id,
        AdminPageContext context,
        FailedItems failures,
        SiteLists siteLists,
        CancellationToken ct
    ) =>
        await FindAsync(id, context, failures, ct) is { } failure
            ? await ShowAsync(context, failure, siteLists, error: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> DecideAsync(
        string id,
        PageForm form,
        AdminPageContext context,
        FailedItems failures,
        SiteLists siteLists,
        Disclosures disclosures,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await FindAsync(id, context, failures, ct) is not { } failure)
        {
            return AdminAnswers.NotFound();
        }

        switch (form[PageForm.Button])
        {
            case "replay":
                var error =
                    FailedItem.MayArriveTwice(failure.Code) && form["twice"] is null
                        ? T("Say that you accept that it may arrive twice.")
                        : await failures.ReplayAsync(id, new(form["email"], form["list"], form["name"]), context.User.Actor, ct);
                return error is null
                    ? AdminPageContext.Go(CausePages.UrlOf(context), AdminNotices.Replayed)
                    : await ShowAsync(context, failure, siteLists, error, ct);
            case "dismiss":
                var decision = Guid.CreateVersion7(clock.GetUtcNow());
                var why =
                    CausePages.ReasonError(form["reason"])
                    ?? await failures.DismissAsync(id, restore: false, context.User.Actor, ct, form["reason"], decision);
                return why is null
                    ? CausePages.Dismissed(context, failure.Cause, decision)
                    : await ShowAsync(context, failure, siteLists, why, ct);
            case "body" when failure.Body is not null:
                var what = FailureRow.Of(failure, context).IsReply ? "sms.reply_shown" : "submission.body_shown";
                await disclosures.RecordAsync(context, what, id, ct);
                return await ShowAsync(context, failure, siteLists, error: null, ct, withBody: true);
            default:
                return AdminAnswers.Stale();
        }
    }

    /// <summary>Another site's failure does not exist here, and for a site's people none that is operators'.</summary>
    private static async Task<FailedItem?> FindAsync(string id, AdminPageContext context, FailedItems failures, CancellationToken ct) =>
        await failures.FindAsync(id, ct) is { } failure
        && failure.Site == PublicId.Format(PublicId.Site, context.SiteId)
        && (failure.IsOfSite || context.User.Access.IsOperator)
            ? failure
            : null;

    /// <param name="withBody">Whether what came in is shown, which the caller has recorded.</param>
    private static async Task<RazorComponentResult> ShowAsync(
        AdminPageContext context,
        FailedItem failure,
        SiteLists siteLists,
        string? error,
        CancellationToken ct,
        bool withBody = false
    )
    {
        var row = FailureRow.Of(failure, context);
        var alike =
            row.IsSubmission && failure.Body is { } body
                ? AlikeSubmissions.Of([(context.SiteId, Encoding.UTF8.GetBytes(body))])
                : AlikeSubmissions.None;
        var page = context.Show<FailurePage>(
            (nameof(FailurePage.Row), row),
            (nameof(FailurePage.Body), withBody ? ReadSubmissionStory.Indented(failure.Body!) : null),
            (nameof(FailurePage.HasBody), failure.Body is not null),
            (nameof(FailurePage.Error), error),
            (nameof(FailurePage.Details), failure.Details ?? new Dictionary<string, string>()),
            (nameof(FailurePage.Fields), alike.Fields),
            (nameof(FailurePage.LikelyAddress), failure.Code == "missing_email_field" ? alike.AddressField : null),
            (nameof(FailurePage.LikelyName), alike.NameField),
            (nameof(FailurePage.Forms), FailedForm.Of(failure.Code, alike, context)),
            (nameof(FailurePage.Lists), row.IsSubmission ? await siteLists.OfAsync(context.SiteId, ct) : [])
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    internal static List<FailureRow> Newest(IEnumerable<FailedItem> failed, int most, AdminPageContext context)
    {
        // A site that was added after the page's sites were read is shown at the next look.
        var sites = context.Sites.Select(site => PublicId.Format(PublicId.Site, site.Id)).ToHashSet(StringComparer.Ordinal);
        var known = failed.Where(one => sites.Contains(one.Site));
        return [.. known.OrderByDescending(one => one.Since).Take(most).Select(one => FailureRow.Of(one, context))];
    }
}

/// <summary>Something that failed, as a row of a table.</summary>
/// <param name="Kind">In a word or two.</param>
/// <param name="MayArriveTwice">Whether trying again can reach a person a second time, so that somebody must decide and not just
/// press.</param>
public sealed record FailureRow(
    string Id,
    string Kind,
    AdminSiteLink Site,
    string Code,
    string Reason,
    DateTime Since,
    bool MayArriveTwice
)
{
    public string Url => $"{Site.Url}/failed/{Id}";

    /// <summary>The address or number that it is about; null where it is about nobody, or the page does not say it.</summary>
    public string? Whom { get; init; }

    /// <summary>Whether whoever looks may try it again.</summary>
    public bool MayDecide { get; init; }

    /// <summary>Whether there is a page with all that happened to it.</summary>
    public bool HasStory { get; init; }

    /// <summary>The page with all that happened to it; null where there is none.</summary>
    public string? StoryUrl =>
        Id.Split('_')[0] switch
        {
            _ when !HasStory => null,
            PublicId.Submission => $"{Site.Url}/submissions/{Id}",
            PublicId.Message => $"{Site.Url}/messages/{Id}",
            PublicId.Sms => $"{Site.Url}/sms/{Id}",
            _ => null,
        };

    /// <summary>Nothing is tried again: a person reads it and decides.</summary>
    public bool IsReply => Id.StartsWith(PublicId.Reply + "_", StringComparison.Ordinal);

    public bool IsSubmission => Id.StartsWith(PublicId.Submission + "_", StringComparison.Ordinal);

    internal static FailureRow Of(FailedItem failure, AdminPageContext context) =>
        new(
            failure.Id,
            KindOf(failure.Id),
            SiteOf(failure, context),
            failure.Code,
            failure.Reason,
            failure.Since,
            FailedItem.MayArriveTwice(failure.Code)
        )
        {
            HasStory = failure.HasStory,
            MayDecide = context.User.Access.May(PublicId.Parse(PublicId.Site, failure.Site)!.Value, SiteRights.Manage),
        };

    private static AdminSiteLink SiteOf(FailedItem failure, AdminPageContext context) =>
        AdminSiteLink.Of(context.Sites.First(site => PublicId.Format(PublicId.Site, site.Id) == failure.Site));

    private static string KindOf(string id) =>
        id.Split('_')[0] switch
        {
            PublicId.Submission => T("Submission"),
            PublicId.Message => T("Mail"),
            PublicId.Sms => T("SMS"),
            PublicId.Delivery => T("Hook"),
            PublicId.Reply => T("SMS reply"),
            PublicId.HygieneRound => T("List hygiene"),
            PublicId.Import => T("Import"),
            _ => T("List sync"),
        };
}
