using Gateway.Console.Layout;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/templates/{template} — leads to the words; and its settings: name, languages, and the end of it.</summary>
internal static class SettingsPages
{
    private const string BuiltIn = "built-in";

    public static void Map(RouteGroupBuilder template)
    {
        template.MapMethods("", AdminPages.Look, LeadAsync).WithName("AdminTemplatePage").WithSummary("Lead to the words of a template");
        template
            .MapMethods("/settings", AdminPages.Look, LookAsync)
            .WithName("AdminTemplateSettingsPage")
            .WithSummary("Show a template's settings");
        template.MapPost("/name", RenameAsync).WithName("AdminRenameTemplate").WithSummary("Give a template another name");
        template.MapPost("/languages", AddLanguageAsync).WithName("AdminAddLanguage").WithSummary("Add a language, as a copy of another");
        template.MapPost("/delete", DeleteAsync).WithName("AdminDeleteTemplate").WithSummary("Delete a template");
    }

    private static async Task<IResult> LeadAsync(TemplatePageContext visit, TemplateLanguages languages, CancellationToken ct)
    {
        var known = await languages.OfAsync(visit, ct);
        var first = known.OrderByDescending(one => one.Language == visit.Admin.Site!.Language).FirstOrDefault();
        return AdminPageContext.Go(first?.Url ?? $"{visit.Url}/settings");
    }

    private static Task<IResult> LookAsync(
        TemplatePageContext visit,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    ) => ShowAsync(visit, languages, uses, null, StatusCodes.Status200OK, ct);

    private static async Task<IResult> RenameAsync(
        PageForm form,
        TemplatePageContext visit,
        TemplateStore book,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        var outcome = await book.RenameAsync(visit.Template, form["name"] ?? "", ct);
        return outcome is TemplateOutcome.Done
            ? AdminPageContext.Go($"{visit.Url}/settings", AdminNotices.TemplateRenamed)
            : await ShowAsync(visit, languages, uses, OutcomeSentences.Of(outcome), OutcomeSentences.StatusOf(outcome), ct);
    }

    private static async Task<IResult> AddLanguageAsync(
        PageForm form,
        TemplatePageContext visit,
        TemplateDrafts drafts,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        var (language, from) = (form["language"], form["from"] ?? BuiltIn);
        var known = await languages.OfAsync(visit, ct);
        var source =
            from == BuiltIn && Languages.All.Contains(language)
                ? BuiltInMails.Source(BuiltInMails.KeyOf(visit.Template.Kind), language!)
                : (
                    await drafts.FindAsync(visit.Template.Id, from, VersionState.Draft, ct)
                    ?? await drafts.FindAsync(visit.Template.Id, from, VersionState.Published, ct)
                )?.Source;
        var error =
            !Languages.All.Contains(language) ? SaveDraft.ExpectedLanguage
            : known.Any(one => one.Language == language) ? $"There are words in {LanguageNames.Of(language!)} already."
            : source is null ? "There are no words in the language to copy from."
            : await drafts.SaveAsync(visit.Template, language!, source, visit.Admin.User.Actor, ct) is DraftOutcome.Done ? null
            : "Somebody else added it at the same moment.";
        return error is null
            ? AdminPageContext.Go($"{visit.Url}/{language}", AdminNotices.LanguageAdded)
            : await ShowAsync(visit, languages, uses, error, StatusCodes.Status400BadRequest, ct);
    }

    private static async Task<IResult> DeleteAsync(
        PageForm form,
        TemplatePageContext visit,
        TemplateStore book,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        if (form["key"] != visit.Template.Key)
        {
            return await ShowAsync(
                visit,
                languages,
                uses,
                $"Type its key, {visit.Template.Key}, to delete it.",
                StatusCodes.Status400BadRequest,
                ct
            );
        }

        if (await book.DeleteAsync(visit.Template, visit.Admin.User.Actor, ct) is var outcome && outcome is not TemplateOutcome.Done)
        {
            return await ShowAsync(visit, languages, uses, OutcomeSentences.Of(outcome), OutcomeSentences.StatusOf(outcome), ct);
        }

        return AdminPageContext.Go(TemplateUrls.All(visit.Admin), AdminNotices.TemplateDeleted);
    }

    private static async Task<IResult> ShowAsync(
        TemplatePageContext visit,
        TemplateLanguages languages,
        TemplateUses uses,
        string? error,
        int status,
        CancellationToken ct
    )
    {
        var page = visit.Admin.Show<SettingsPage>(
            (nameof(SettingsPage.Head), visit.Head),
            (nameof(SettingsPage.Languages), await languages.OfAsync(visit, ct)),
            (nameof(SettingsPage.Uses), await uses.OfAsync(visit, ct)),
            (nameof(SettingsPage.Error), error)
        );
        page.StatusCode = status;
        return page;
    }
}
