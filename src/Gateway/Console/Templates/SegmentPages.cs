using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/segments — for whom sections of templates can be: the list, and each segment with its condition.</summary>
internal static class SegmentPages
{
    public static void Map(RouteGroupBuilder site)
    {
        var segments = site.MapGroup("/segments");
        segments.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSegmentsPage").WithSummary("Show a site's segments");
        segments
            .MapMethods("/new", AdminPages.Look, Begin)
            .WithName("AdminNewSegmentPage")
            .WithSummary("Ask for a new segment")
            .Needs(SiteRights.Manage);
        segments.MapPost("/new", AddAsync).WithName("AdminNewSegment").WithSummary("Add a segment");
        segments.MapMethods("/{segment}", AdminPages.Look, LookAtOneAsync).WithName("AdminSegmentPage").WithSummary("Show a segment");
        segments.MapPost("/{segment}", ChangeAsync).WithName("AdminChangeSegment").WithSummary("Change a segment");
        segments.MapPost("/{segment}/delete", DeleteAsync).WithName("AdminDeleteSegment").WithSummary("Delete a segment");
    }

    public static string UrlOf(AdminPageContext context) => $"{context.SiteUrl}/segments";

    private static async Task<RazorComponentResult> LookAsync(AdminPageContext context, SegmentStore store, CancellationToken ct) =>
        context.Show<SegmentsPage>(
            (
                nameof(SegmentsPage.Rows),
                (await store.OfSiteAsync(context.SiteId, ct))
                    .OrderBy(segment => segment.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(segment => new SegmentRow(Url(context, segment), segment.Name, segment.Key, segment.Condition))
                    .ToList()
            )
        );

    private static RazorComponentResult Begin(AdminPageContext context) => Ask(context, new("", "", ""));

    private static async Task<IResult> AddAsync(PageForm form, AdminPageContext context, SegmentStore store, CancellationToken ct)
    {
        var asked = new EditedSegment(form["name"] ?? "", form["key"] ?? "", form.Raw("condition"));
        var key = asked.Key.Length > 0 ? asked.Key : null;
        return await store.AddAsync(context.SiteId, key, asked.Name, asked.Condition, context.User.Actor, ct) switch
        {
            SegmentOutcome.Done => AdminPageContext.Go(UrlOf(context), AdminNotices.SegmentSaved),
            var refused => Ask(context, asked, refused),
        };
    }

    private static async Task<IResult> LookAtOneAsync(
        string segment,
        AdminPageContext context,
        SegmentStore store,
        SegmentUse use,
        CancellationToken ct
    ) =>
        await FindAsync(segment, context, store, ct) is { } found
            ? await ShowAsync(context, found, EditedSegment.Of(found), use, null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> ChangeAsync(
        string segment,
        PageForm form,
        AdminPageContext context,
        SegmentStore store,
        SegmentUse use,
        CancellationToken ct
    )
    {
        if (await FindAsync(segment, context, store, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var asked = new EditedSegment(form["name"] ?? "", found.Key, form.Raw("condition"));
        return await store.ChangeAsync(found, asked.Name, asked.Condition, context.User.Actor, ct) switch
        {
            SegmentOutcome.Done => AdminPageContext.Go(UrlOf(context), AdminNotices.SegmentSaved),
            var refused => await ShowAsync(context, found, asked, use, refused, ct),
        };
    }

    private static async Task<IResult> DeleteAsync(
        string segment,
        AdminPageContext context,
        SegmentStore store,
        SegmentUse use,
        CancellationToken ct
    )
    {
        if (await FindAsync(segment, context, store, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        return await store.DeleteAsync(found, context.User.Actor, ct) switch
        {
            SegmentOutcome.Done => AdminPageContext.Go(UrlOf(context), AdminNotices.SegmentDeleted),
            var refused => await ShowAsync(context, found, EditedSegment.Of(found), use, refused, ct),
        };
    }

    /// <summary>Another site's segment does not exist here.</summary>
    private static Task<Segment?> FindAsync(string id, AdminPageContext context, SegmentStore store, CancellationToken ct) =>
        store.FindAsync(context.SiteId, PublicId.Parse(PublicId.Segment, id), ct);

    private static RazorComponentResult<SegmentPage> Ask(AdminPageContext context, EditedSegment asked, SegmentOutcome? refused = null) =>
        With(
            refused,
            context.Show<SegmentPage>(
                (nameof(SegmentPage.Asked), asked),
                (nameof(SegmentPage.Refused), SentenceOf(refused)),
                (nameof(SegmentPage.Error), ErrorOf(refused))
            )
        );

    private static async Task<RazorComponentResult<SegmentPage>> ShowAsync(
        AdminPageContext context,
        Segment segment,
        EditedSegment asked,
        SegmentUse use,
        SegmentOutcome? refused,
        CancellationToken ct
    ) =>
        With(
            refused,
            context.Show<SegmentPage>(
                (nameof(SegmentPage.Url), Url(context, segment)),
                (nameof(SegmentPage.Asked), asked),
                (
                    nameof(SegmentPage.Uses),
                    (await use.OfAsync(context.SiteId, segment.Key, ct))
                        .Select(template => new AdminCrumb(template.Name, TemplateUrls.Of(context, template)))
                        .ToList()
                ),
                (nameof(SegmentPage.Refused), SentenceOf(refused)),
                (nameof(SegmentPage.Error), ErrorOf(refused))
            )
        );

    private static RazorComponentResult<SegmentPage> With(SegmentOutcome? refused, RazorComponentResult<SegmentPage> page)
    {
        page.StatusCode = refused switch
        {
            null => StatusCodes.Status200OK,
            SegmentOutcome.Conflict => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        };
        return page;
    }

    private static string? SentenceOf(SegmentOutcome? refused) =>
        refused switch
        {
            SegmentOutcome.Refused one => one.Reason,
            SegmentOutcome.Conflict conflict => conflict.Reason,
            SegmentOutcome.Invalid => T("Nothing was saved, since the condition cannot be read. What you typed is still here."),
            _ => null,
        };

    private static TemplateErrorLine? ErrorOf(SegmentOutcome? refused) =>
        refused is SegmentOutcome.Invalid faulty ? TemplateErrorLine.Of(faulty.Error) : null;

    private static string Url(AdminPageContext context, Segment segment) =>
        $"{UrlOf(context)}/{PublicId.Format(PublicId.Segment, segment.Id)}";
}

/// <summary>A segment in the list. Public, like the components, because Razor makes them so.</summary>
public sealed record SegmentRow(string Url, string Name, string Key, string Condition);

/// <summary>A segment as it is typed.</summary>
/// <param name="Key">Made of the name when left empty.</param>
public sealed record EditedSegment(string Name, string Key, string Condition)
{
    internal static EditedSegment Of(Segment segment) => new(segment.Name, segment.Key, segment.Condition);
}
