using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>…/{language}/publish and …/discard — a draft becomes what is sent, or is thrown away; both ask first.</summary>
internal static class PublishPages
{
    public static void Map(RouteGroupBuilder words)
    {
        words
            .MapMethods("/publish", AdminPages.Look, LookAsync)
            .WithName("AdminPublishPage")
            .WithSummary("Ask whether to publish a draft")
            .Needs(SiteRights.Manage);
        words.MapPost("/publish", PublishAsync).WithName("AdminPublish").WithSummary("Publish a draft");
        words
            .MapMethods("/discard", AdminPages.Look, LookDiscardAsync)
            .WithName("AdminDiscardPage")
            .WithSummary("Ask whether to throw a draft away")
            .Needs(SiteRights.Manage);
        words.MapPost("/discard", DiscardAsync).WithName("AdminDiscard").WithSummary("Throw a draft away");
    }

    private static Task<IResult> LookAsync(TemplatePageContext context, PublishPageModel model, CancellationToken ct) =>
        model.ShowAsync(context, null, [], StatusCodes.Status200OK, ct);

    private static async Task<IResult> PublishAsync(
        PageForm form,
        TemplatePageContext context,
        TemplateDrafts drafts,
        PublishPageModel model,
        CancellationToken ct
    )
    {
        var draft = await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Draft, ct);
        var outcome =
            draft is not null && Stamp(draft) == form["seen"]
                ? await drafts.PublishAsync(context.Template, context.Language, context.Admin.User.Actor, ct)
                : new DraftOutcome.Overtaken();
        if (outcome is not DraftOutcome.Done done)
        {
            return await model.ShowAsync(
                context,
                outcome is DraftOutcome.Invalid
                    ? T("It cannot be published like this.")
                    : T("Somebody changed the draft meanwhile. Nothing was published: look at it again."),
                outcome is DraftOutcome.Invalid faulty ? faulty.Errors : [],
                outcome is DraftOutcome.Invalid ? StatusCodes.Status400BadRequest : StatusCodes.Status409Conflict,
                ct
            );
        }

        return AdminPageContext.Go(context.EditorOf(done.Version), AdminNotices.Published);
    }

    private static async Task<IResult> LookDiscardAsync(TemplatePageContext context, TemplateDrafts drafts, CancellationToken ct)
    {
        if (await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Draft, ct) is null)
        {
            return AdminAnswers.NotFound();
        }

        var sent = await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Published, ct);
        return context.Admin.Show<DiscardPage>(
            (nameof(DiscardPage.Head), context.Head),
            (nameof(DiscardPage.Language), context.Language),
            (nameof(DiscardPage.IsPublished), sent is not null)
        );
    }

    private static async Task<IResult> DiscardAsync(TemplatePageContext context, TemplateDrafts drafts, CancellationToken ct)
    {
        await drafts.DiscardAsync(context.Template.Id, context.Language, ct);
        var sent = await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Published, ct);
        return AdminPageContext.Go(sent is null ? $"{context.Url}/settings" : context.EditorOf(sent), AdminNotices.DraftDiscarded);
    }

    /// <summary>Tells one state of a draft from the next, so that what is published is what was looked at.</summary>
    public static string Stamp(TemplateVersion draft) => draft.UpdatedAt.Ticks.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Shows what publishing changes, and for whom.</summary>
internal sealed class PublishPageModel(TemplateDrafts drafts, TemplateUses uses, EditorPreview preview)
{
    public async Task<IResult> ShowAsync(
        TemplatePageContext context,
        string? refused,
        IReadOnlyList<TemplateError> errors,
        int status,
        CancellationToken ct
    )
    {
        if (await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Draft, ct) is not { } draft)
        {
            return AdminPageContext.Go($"{context.Url}/{context.Language}");
        }

        var sent = await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Published, ct);
        var look = await preview.ShowAsync(context, draft.Source, [], null, RecipientChoice.Everybody, ct);
        var page = context.Admin.Show<PublishPage>(
            (nameof(PublishPage.Head), context.Head),
            (nameof(PublishPage.Language), context.Language),
            (nameof(PublishPage.Seen), PublishPages.Stamp(draft)),
            (nameof(PublishPage.Uses), await uses.OfAsync(context, ct)),
            (nameof(PublishPage.IsFirst), sent is null),
            (nameof(PublishPage.Changes), sent is null ? [] : PartDiff.Of(sent.Source, draft.Source)),
            (nameof(PublishPage.Shown), look.Shown),
            (nameof(PublishPage.Refused), refused),
            (nameof(PublishPage.Errors), errors.Select(TemplateErrorLine.Of).ToList())
        );
        page.StatusCode = status;
        return page;
    }
}
