using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Simple;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

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

    private static async Task<IResult> LeadAsync(TemplatePageContext context, TemplateLanguages languages, CancellationToken ct)
    {
        var known = await languages.OfAsync(context, ct);
        var first = known.OrderByDescending(one => one.Language == context.Admin.Site!.Language).FirstOrDefault();
        return AdminPageContext.Go(
            first is null ? $"{context.Url}/settings"
            : context.Admin.User.Access.May(context.Admin.SiteId, SiteRights.Manage) ? first.Editor
            : $"{first.Url}/history"
        );
    }

    private static Task<IResult> LookAsync(
        TemplatePageContext context,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    ) => ShowAsync(context, languages, uses, null, StatusCodes.Status200OK, ct);

    private static async Task<IResult> RenameAsync(
        PageForm form,
        TemplatePageContext context,
        TemplateStore store,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        var outcome = await store.RenameAsync(context.Template, form["name"] ?? "", ct, form["was"]);
        return outcome is TemplateOutcome.Done
            ? AdminPageContext.Go($"{context.Url}/settings", AdminNotices.TemplateRenamed)
            : await ShowAsync(
                context,
                languages,
                uses,
                OutcomeSentences.Of(outcome),
                OutcomeSentences.StatusOf(outcome),
                ct,
                new(form["name"] ?? "", outcome is TemplateOutcome.Conflict ? context.Template.Name : form["was"] ?? "")
            );
    }

    private static async Task<IResult> AddLanguageAsync(
        PageForm form,
        TemplatePageContext context,
        TemplateDrafts drafts,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        var (language, from) = (Languages.Find(form["language"]), form["from"] ?? BuiltIn);
        var known = await languages.OfAsync(context, ct);
        var copied = from == BuiltIn ? null : await drafts.LatestAsync(context.Template.Id, from, ct);
        var source =
            language is null ? null
            : from == BuiltIn ? BuiltInMails.Source(BuiltInMails.KeyOf(context.Template.Kind), language)
            : SourceIn(context, copied, language);
        var error =
            language is null ? SaveDraft.ExpectedLanguage
            : known.Any(one => one.Language == language) ? T($"There are words in {LanguageNames.Of(language)} already.")
            : source is null ? T("There are no words in the language to copy from.")
            : await drafts.SaveAsync(context.Template, language, source, context.Admin.User.Actor, ct, copied?.Simple)
            is DraftOutcome.Done
                ? null
            : T("Somebody else added it at the same moment.");
        return error is null
            ? AdminPageContext.Go($"{context.Url}/{language}{(copied?.Simple is null ? "" : "/simple")}", AdminNotices.LanguageAdded)
            : await ShowAsync(context, languages, uses, error, StatusCodes.Status400BadRequest, ct);
    }

    /// <summary>What simple mode adds to the words it adds in the new language.</summary>
    private static TemplateSource? SourceIn(TemplatePageContext context, TemplateVersion? copied, string language) =>
        SimpleTemplate.Read(copied?.Simple) is { } simple
        && !WriteSimple.Write(simple, context.Template.Kind, language).IsRefused(out _, out var written)
            ? written
            : copied?.Source;

    private static async Task<IResult> DeleteAsync(
        PageForm form,
        TemplatePageContext context,
        TemplateStore store,
        TemplateLanguages languages,
        TemplateUses uses,
        CancellationToken ct
    )
    {
        if (form["key"] != context.Template.Key)
        {
            return await ShowAsync(
                context,
                languages,
                uses,
                T($"Type its key, {context.Template.Key}, to delete it."),
                StatusCodes.Status400BadRequest,
                ct
            );
        }

        if (await store.DeleteAsync(context.Template, context.Admin.User.Actor, ct) is var outcome && outcome is not TemplateOutcome.Done)
        {
            return await ShowAsync(context, languages, uses, OutcomeSentences.Of(outcome), OutcomeSentences.StatusOf(outcome), ct);
        }

        return AdminPageContext.Go(TemplateUrls.All(context.Admin), AdminNotices.TemplateDeleted);
    }

    private static async Task<IResult> ShowAsync(
        TemplatePageContext context,
        TemplateLanguages languages,
        TemplateUses uses,
        string? error,
        int status,
        CancellationToken ct,
        TypedName? typed = null
    )
    {
        var page = context.Admin.Show<SettingsPage>(
            (nameof(SettingsPage.Head), context.Head),
            (nameof(SettingsPage.Name), typed ?? new(context.Template.Name, context.Template.Name)),
            (nameof(SettingsPage.Languages), await languages.OfAsync(context, ct)),
            (nameof(SettingsPage.Uses), await uses.OfAsync(context, ct)),
            (nameof(SettingsPage.Error), error)
        );
        page.StatusCode = status;
        return page;
    }
}

/// <summary>What the form that renames a template says. Public, like the components, because Razor makes them so.</summary>
/// <param name="Was">The name that it had when the form was shown.</param>
public sealed record TypedName(string Name, string Was);
