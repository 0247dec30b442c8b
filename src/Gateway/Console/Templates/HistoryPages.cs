using Gateway.Console.Layout;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>
/// …/{language}/history — what was sent before, one version with its preview and what changed since, and bringing it back.
/// </summary>
internal static class HistoryPages
{
    private const int Max = 200;

    public static void Map(RouteGroupBuilder words)
    {
        words
            .MapMethods("/history", AdminPages.Look, LookAsync)
            .WithName("AdminHistoryPage")
            .WithSummary("Show the versions of a language");
        words
            .MapMethods("/history/{number:int}", AdminPages.Look, LookAtOneAsync)
            .WithName("AdminVersionPage")
            .WithSummary("Show one version");
        words.MapPost("/history/{number:int}", RestoreAsync).WithName("AdminRestore").WithSummary("Make an old version the draft");
    }

    private static async Task<RazorComponentResult> LookAsync(
        TemplatePageContext context,
        TemplateDrafts drafts,
        TemplateLanguages languages,
        CancellationToken ct
    )
    {
        var versions = await drafts.HistoryAsync(context.Template.Id, context.Language, Max, ct);
        return context.Admin.Show<HistoryPage>(
            (nameof(HistoryPage.Head), context.Head),
            (nameof(HistoryPage.Language), context.Language),
            (nameof(HistoryPage.Languages), await languages.OfAsync(context, ct)),
            (
                nameof(HistoryPage.Rows),
                versions.ConvertAll(version => new VersionRow(
                    version.Number,
                    StateOf(version.State),
                    version.Subject,
                    version.IsSimple,
                    Authors.NameOf(version.Author)!,
                    version.UpdatedAt,
                    version.PublishedAt
                ))
            )
        );
    }

    private static async Task<IResult> LookAtOneAsync(
        int number,
        TemplatePageContext context,
        TemplateDrafts drafts,
        EditorPreview preview,
        CancellationToken ct
    ) => await ShowAsync(number, context, drafts, preview, null, ct);

    private static async Task<IResult> RestoreAsync(
        int number,
        TemplatePageContext context,
        TemplateDrafts drafts,
        EditorPreview preview,
        CancellationToken ct
    ) =>
        await drafts.RestoreAsync(context.Template, context.Language, number, context.Admin.User.Actor, ct) switch
        {
            DraftOutcome.Done done => AdminPageContext.Go(context.EditorOf(done.Version), AdminNotices.Restored),
            DraftOutcome.Missing => AdminAnswers.NotFound(),
            DraftOutcome.Invalid faulty => await ShowAsync(number, context, drafts, preview, string.Join(" ", faulty.Errors.Take(5)), ct),
            _ => await ShowAsync(
                number,
                context,
                drafts,
                preview,
                T("Somebody saved a draft at the same moment. Nothing was restored."),
                ct
            ),
        };

    private static async Task<IResult> ShowAsync(
        int number,
        TemplatePageContext context,
        TemplateDrafts drafts,
        EditorPreview preview,
        string? error,
        CancellationToken ct
    )
    {
        if (await drafts.FindAsync(context.Template.Id, context.Language, number, ct) is not { } version)
        {
            return AdminAnswers.NotFound();
        }

        var other = version.State == VersionState.Published ? VersionState.Draft : VersionState.Published;
        var against = await drafts.FindAsync(context.Template.Id, context.Language, other, ct);
        var page = context.Admin.Show<VersionPage>(
            (nameof(VersionPage.Head), context.Head),
            (nameof(VersionPage.Language), context.Language),
            (
                nameof(VersionPage.Row),
                new VersionRow(
                    version.Number,
                    StateOf(version.State),
                    version.Subject,
                    version.Simple is not null,
                    Authors.NameOf(version.Author)!,
                    version.UpdatedAt,
                    version.PublishedAt
                )
            ),
            (
                nameof(VersionPage.Shown),
                (await preview.ShowAsync(context, version.Source, [], null, RecipientChoice.Everybody, ct)).Shown
            ),
            (nameof(VersionPage.Against), against is null ? null : AgainstOf(against)),
            (nameof(VersionPage.Changes), against is null ? [] : PartDiff.Of(version.Source, against.Source)),
            (
                nameof(VersionPage.HasDraft),
                await drafts.FindAsync(context.Template.Id, context.Language, VersionState.Draft, ct) is not null
            ),
            (nameof(VersionPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        return page;
    }

    /// <returns>The heading above what differs.</returns>
    private static string AgainstOf(TemplateVersion other) =>
        other.State == VersionState.Draft
            ? T($"From this one to the draft, version {other.Number}")
            : T($"From this one to what is sent, version {other.Number}");

    private static string StateOf(VersionState state) => CaseConverter.Lower(state.ToString());
}

/// <summary>A version in the history. Public, like the components, because Razor makes them so.</summary>
/// <param name="State"><c>draft</c>, <c>published</c> or <c>archived</c>.</param>
/// <param name="IsSimple">Whether it was made in simple mode, and opens there once it is the draft.</param>
public sealed record VersionRow(
    int Number,
    string State,
    string Subject,
    bool IsSimple,
    string By,
    DateTime SavedAt,
    DateTime? PublishedAt
)
{
    public string? Kind =>
        State switch
        {
            "published" => "good",
            "draft" => "warn",
            _ => null,
        };
}
