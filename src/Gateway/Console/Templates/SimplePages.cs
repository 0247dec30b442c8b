using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Simple;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>
/// …/{language}/simple — a template by its parts: logo, colour, heading, text, button, footer. What it makes is a draft like any other.
/// </summary>
internal static class SimplePages
{
    public const string Insert = "insert";

    public static void Map(RouteGroupBuilder words)
    {
        words
            .MapMethods("/simple", AdminPages.Look, LookAsync)
            .WithName("AdminSimplePage")
            .WithSummary("Show the words of a template by their parts")
            .Needs(SiteRights.Manage);
        words
            .MapPost("/simple", PressAsync)
            .WithMetadata(new BodyLimit(TemplatePages.FormBytes))
            .WithName("AdminSimple")
            .WithSummary("Save or preview words by their parts");
    }

    private static async Task<IResult> LookAsync(
        TemplatePageContext context,
        TemplateDrafts drafts,
        SimplePageModel model,
        CancellationToken ct
    ) =>
        await drafts.LatestAsync(context.Template.Id, context.Language, ct) is not { } version ? AdminAnswers.NotFound()
        : SimpleTemplate.Read(version.Simple) is { } typed ? await model.ShowAsync(context, typed, ct)
        : await model.ShowClosedAsync(context, ct);

    private static async Task<IResult> PressAsync(
        PageForm form,
        TemplatePageContext context,
        TemplateDrafts drafts,
        SimplePageModel model,
        CancellationToken ct
    )
    {
        if (await drafts.LatestAsync(context.Template.Id, context.Language, ct) is not { } version)
        {
            return AdminAnswers.NotFound();
        }

        // Whoever had it open while somebody changed the source does not overwrite that.
        if (version.Simple is null)
        {
            return await model.ShowClosedAsync(context, ct);
        }

        var typed = Read(form);
        switch (form[PageForm.Button])
        {
            case EditForm.Preview:
                return await model.ShowAsync(context, typed, ct);
            case Insert:
                return await model.ShowAsync(context, typed with { Text = With(typed.Text, form["variable"]) }, ct);
            case EditForm.Publish:
                var published = await model.SaveAsync(context, version, typed, ct);
                return published.IsRefused(out var unfit, out _)
                    ? await model.ShowAsync(context, typed, ct, unfit)
                    : AdminPageContext.Go($"{context.Url}/{context.Language}/publish");
            default:
                var saved = await model.SaveAsync(context, version, typed, ct);
                return saved.IsRefused(out var why, out var said)
                    ? await model.ShowAsync(context, typed, ct, why)
                    : await model.ShowAsync(context, typed, ct, said: said);
        }
    }

    private static SimpleTemplate Read(PageForm form) =>
        new(
            form["subject"] ?? "",
            form["preheader"] ?? "",
            form["logo"] ?? "",
            form["colour"] ?? "",
            form["heading"] ?? "",
            form.Raw("text"),
            form["button"] ?? "",
            form["link"] ?? "",
            form.Raw("footer")
        );

    /// <summary>Where no script knows the place, a variable goes to the end.</summary>
    private static string With(string text, string? variable) =>
        text.Length == 0 || char.IsWhiteSpace(text[^1]) ? text + variable : $"{text} {variable}";
}

/// <summary>Saves what simple mode makes, and puts its page together.</summary>
internal sealed class SimplePageModel(TemplateDrafts drafts, TemplateSamples samples, TemplateLanguages languages, EditorPreview preview)
{
    /// <param name="version">What there is.</param>
    /// <returns>What was done, as a sentence.</returns>
    public async Task<Result<string>> SaveAsync(
        TemplatePageContext context,
        TemplateVersion version,
        SimpleTemplate typed,
        CancellationToken ct
    )
    {
        if (WriteSimple.Write(typed, context.Template.Kind, context.Language).IsRefused(out var unfit, out var source))
        {
            return unfit;
        }

        var json = typed.ToJson();
        if (version.Source == source && version.Simple == json)
        {
            return T("There is nothing new to save.");
        }

        return await drafts.SaveAsync(context.Template, context.Language, source, context.Admin.User.Actor, ct, json) switch
        {
            DraftOutcome.Done => T("The draft is saved. It is sent once you publish it."),
            DraftOutcome.Invalid faulty => Refusal.Invalid(string.Join(" ", faulty.Errors.Take(5))),
            _ => new Refusal(
                RefusalKind.Conflict,
                "overtaken",
                T(
                    "Nothing was saved: somebody else saved at the same moment. What you typed is still here; save again to replace theirs."
                )
            ),
        };
    }

    public async Task<IResult> ShowAsync(
        TemplatePageContext context,
        SimpleTemplate typed,
        CancellationToken ct,
        Refusal? why = null,
        string? said = null
    )
    {
        var kind = context.Template.Kind;
        var unfit = WriteSimple.Write(typed, kind, context.Language).IsRefused(out var wrong, out var source) ? wrong : null;
        var page = context.Admin.Show<SimplePage>(
            (nameof(SimplePage.Head), context.Head),
            (nameof(SimplePage.Language), context.Language),
            (nameof(SimplePage.Languages), await languages.OfAsync(context, ct)),
            (nameof(SimplePage.Stored), await languages.StoredAsync(context, ct)),
            (nameof(SimplePage.Typed), typed),
            (nameof(SimplePage.AsksForLink), WriteSimple.AsksForLink(kind)),
            (nameof(SimplePage.Variables), SimpleVariable.For(kind)),
            (nameof(SimplePage.Shown), source is null ? null : await PreviewAsync(context, source, ct)),
            (nameof(SimplePage.Unfit), unfit?.Message),
            (nameof(SimplePage.WrongField), unfit?.Field),
            (nameof(SimplePage.Said), said),
            (nameof(SimplePage.Refused), why?.Message)
        );
        page.StatusCode = why is null ? StatusCodes.Status200OK : Problems.StatusOf(why.Kind);
        return page;
    }

    /// <summary>Why it cannot be opened by its parts, and what to do.</summary>
    public async Task<IResult> ShowClosedAsync(TemplatePageContext context, CancellationToken ct) =>
        context.Admin.Show<SimpleClosedPage>(
            (nameof(SimpleClosedPage.Head), context.Head),
            (nameof(SimpleClosedPage.Language), context.Language),
            (nameof(SimpleClosedPage.Languages), await languages.OfAsync(context, ct))
        );

    private async Task<ShownPreview> PreviewAsync(TemplatePageContext context, TemplateSource source, CancellationToken ct)
    {
        var sample = await samples.LatestAsync(context.Template.Id, ct);
        var values = sample is null ? [] : JsonNode.Parse(sample.Json)!.AsObject();
        return (await preview.ShowAsync(context, source, values, contact: null, choice: null, ct)).Shown;
    }
}
