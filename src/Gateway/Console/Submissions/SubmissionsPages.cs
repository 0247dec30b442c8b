using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Contacts;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Mvc;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Submissions;

/// <summary>
/// /admin/sites/{site}/submissions — what came in, and the story of each. No address stands in a URL: who is looked for is typed into a
/// form.
/// </summary>
internal static class SubmissionsPages
{
    private const int PageSize = 50;

    /// <summary>How far back the list goes where the address does not say it.</summary>
    private const string Month = "30";

    private const string Ever = "all";

    private static FilterChoice[] States =>
        [new("", T("All")), new("waiting", T("Waiting")), new("done", T("Done")), new("failed", T("Failed"))];

    private static FilterChoice[] Times =>
        [new("", T("30 days")), new("1", T("24 hours")), new("7", T("7 days")), new(Ever, T("All that is kept"))];

    public static void MapSite(RouteGroupBuilder site)
    {
        var submissions = site.MapGroup("/submissions");
        submissions
            .MapMethods("", AdminPages.Look, ListAsync)
            .WithName("AdminSubmissionsPage")
            .WithSummary("Show what came in from a site's forms");
        submissions
            .MapPost("", FindAsync)
            .WithName("AdminFindSubmission")
            .WithSummary("Find submissions by an address, or one by its id")
            .Needs(SiteRights.See);
        submissions
            .MapMethods("/{submission}", AdminPages.Look, LookAsync)
            .WithName("AdminSubmissionPage")
            .WithSummary("Show what became of a submission");
        submissions
            .MapPost("/{submission}/body", ShowBodyAsync)
            .WithName("AdminSubmissionBody")
            .WithSummary("Show what came in, and record that somebody looked");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] SubmissionQuery asked,
        AdminPageContext context,
        SubmissionStore submissions,
        SiteStatistics statistics,
        ListStore lists,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var filters = await FiltersAsync(asked, context.SiteId, statistics, lists, now, ct);
        var after = PublicId.Parse(PublicId.Submission, asked.After);
        if (!filters.TrueForAll(filter => filter.IsKnown) || (asked.After is not null && after is null))
        {
            return Show(context, [], filters, next: null, isLater: false, typed: null, ListFilter.Unknown);
        }

        var filter = new SubmissionFilter(
            asked.State switch
            {
                "waiting" => SubmissionState.Waiting,
                "done" => SubmissionState.Done,
                "failed" => SubmissionState.Failed,
                _ => null,
            },
            asked.Form is { Length: > 0 } form ? form : null,
            PublicId.Parse(PublicId.List, asked.List),
            asked.Time == Ever ? null : now.AddDays(-Days(asked.Time))
        );
        var rows = await submissions.PageAsync(context.SiteId, filter, after, PageSize + 1, ct);
        var page = Page<Submission>.Of(rows, PageSize, row => PublicId.Format(PublicId.Submission, row.Id));
        return Show(context, page.Items, filters, page.Next, after is not null);
    }

    private static async Task<IResult> FindAsync(
        PageForm form,
        AdminPageContext context,
        SubmissionStore submissions,
        CancellationToken ct
    )
    {
        var typed = form["search"] ?? "";
        if (PublicId.Parse(PublicId.Submission, typed) is { } id)
        {
            return await submissions.FindAsync(context.SiteId, id, ct) is null
                ? Show(context, [], [], null, isLater: false, typed, T("This site has no submission with this id."))
                : AdminPageContext.Go($"{context.SiteUrl}/submissions/{typed}");
        }

        if (EmailAddress.Parse(typed) is not { } address)
        {
            return Show(context, [], [], null, isLater: false, typed, AddressRules.Error("This", typed));
        }

        var found = await submissions.NamingAsync(context.SiteId, address, PageSize, ct);
        return found is [var only]
            ? AdminPageContext.Go($"{context.SiteUrl}/submissions/{PublicId.Format(PublicId.Submission, only.Id)}")
            : Show(context, found, [], null, isLater: false, address.Text);
    }

    private static async Task<IResult> LookAsync(
        string submission,
        AdminPageContext context,
        ReadSubmissionStory story,
        CancellationToken ct
    ) =>
        await story.FindAsync(context, submission, withBody: false, ct) is { } model
            ? context.Show<SubmissionPage>((nameof(SubmissionPage.Submission), model))
            : AdminAnswers.NotFound();

    /// <summary>Whoever reads what people typed leaves a trace: so it is a form and no link.</summary>
    private static async Task<IResult> ShowBodyAsync(
        string submission,
        AdminPageContext context,
        ReadSubmissionStory story,
        Disclosures disclosures,
        CancellationToken ct
    )
    {
        if (await story.FindAsync(context, submission, withBody: true, ct) is not { } model)
        {
            return AdminAnswers.NotFound();
        }

        await disclosures.RecordAsync(context, "submission.body_shown", submission, ct);
        return context.Show<SubmissionPage>((nameof(SubmissionPage.Submission), model));
    }

    private static IResult Show(
        AdminPageContext context,
        IReadOnlyList<Submission> rows,
        IReadOnlyList<ListFilter> filters,
        string? next,
        bool isLater,
        string? typed = null,
        string? error = null
    )
    {
        var url = $"{context.SiteUrl}/submissions";
        var page = context.Show<SubmissionsPage>(
            (nameof(SubmissionsPage.Rows), rows.Select(row => SubmissionRow.Of(row, url)).ToList()),
            (nameof(SubmissionsPage.Filters), filters),
            (nameof(SubmissionsPage.Next), next),
            (nameof(SubmissionsPage.IsLater), isLater),
            (nameof(SubmissionsPage.Typed), typed),
            (nameof(SubmissionsPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    private static async Task<List<ListFilter>> FiltersAsync(
        SubmissionQuery asked,
        Guid siteId,
        SiteStatistics statistics,
        ListStore lists,
        DateTime now,
        CancellationToken ct
    )
    {
        var forms = await statistics.FormsAsync(siteId, now, ct);
        var named = await lists.OfSiteAsync(siteId, ct);
        return
        [
            new("state", T("State"), asked.State, States),
            new("time", T("Received within"), asked.Time == Month ? "" : asked.Time, Times),
            new(
                "form",
                T("Form"),
                asked.Form,
                [new("", T("All")), .. forms.Append(asked.Form).Where(IsForm).Distinct().Select(form => new FilterChoice(form!, form!))]
            ),
            new(
                "list",
                T("List"),
                asked.List,
                [new("", T("All")), .. named.Select(list => new FilterChoice(PublicId.Format(PublicId.List, list.Id), list.Name))]
            ),
        ];
    }

    /// <summary>A form that sent nothing of late may be asked for all the same.</summary>
    private static bool IsForm(string? form) => form is { Length: > 0 and <= 100 } && !form.Contains('\0');

    private static int Days(string? time) =>
        time switch
        {
            "1" => 1,
            "7" => 7,
            _ => 30,
        };
}

/// <summary>What the address says of the list.</summary>
internal sealed record SubmissionQuery
{
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "form")]
    public string? Form { get; init; }

    [FromQuery(Name = "list")]
    public string? List { get; init; }

    [FromQuery(Name = "time")]
    public string? Time { get; init; }

    [FromQuery(Name = "after")]
    public string? After { get; init; }
}
