using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.Templates;

/// <summary>
/// /admin/sites/{site}/templates/{template}/{language} — the editor. Its one form holds words and values; whichever button is pressed, what
/// was typed comes back.
/// </summary>
internal static class EditPages
{
    public static void Map(RouteGroupBuilder words)
    {
        words
            .MapMethods("", AdminPages.Look, LookAsync)
            .WithName("AdminEditPage")
            .WithSummary("Show the words of a template in a language");
        words
            .MapPost("", PressAsync)
            .WithMetadata(new BodyLimit(TemplatePages.FormBytes))
            .WithName("AdminEdit")
            .WithSummary("Save, preview or try words");
    }

    private static async Task<IResult> LookAsync(
        TemplatePageContext visit,
        TemplateDrafts drafts,
        TemplateSamples samples,
        EditPageModel view,
        CancellationToken ct
    )
    {
        var version =
            await drafts.FindAsync(visit.Template.Id, visit.Language, VersionState.Draft, ct)
            ?? await drafts.FindAsync(visit.Template.Id, visit.Language, VersionState.Published, ct);
        if (version is null)
        {
            return AdminAnswers.NotFound();
        }

        var sample = await samples.LatestAsync(visit.Template.Id, ct);
        return await view.ShowAsync(
            visit,
            new(version.Source, sample is null ? [] : JsonNode.Parse(sample.Json)!.AsObject()) { Sample = sample?.Name },
            ct
        );
    }

    private static async Task<IResult> PressAsync(
        EditForm form,
        TemplatePageContext visit,
        EditActions actions,
        EditPageModel view,
        CancellationToken ct
    )
    {
        var typed = EditState.Of(form);
        if (form.Do == EditForm.Publish)
        {
            var saved = await actions.SaveAsync(visit, typed, ct);
            return saved.Refused is null
                ? AdminPageContext.Go($"{visit.Url}/{visit.Language}/publish")
                : await view.ShowAsync(visit, saved, ct);
        }

        return await view.ShowAsync(
            visit,
            form.Do switch
            {
                EditForm.Preview => typed,
                EditForm.Test => await actions.TestAsync(visit, typed, ct),
                EditForm.LoadSample => await actions.LoadSampleAsync(visit, typed, ct),
                EditForm.KeepSample => await actions.KeepSampleAsync(visit, typed, form.SampleName, ct),
                EditForm.ForgetSample => await actions.ForgetSampleAsync(visit, typed, ct),
                EditForm.UseSkeleton => EditActions.UseSkeleton(typed),
                var pressed when EditForm.FindingOf(pressed, EditForm.Mute) is { } finding => await actions.MuteAsync(
                    visit,
                    typed,
                    finding,
                    form.Note,
                    ct
                ),
                var pressed when EditForm.FindingOf(pressed, EditForm.Unmute) is { } finding => await actions.UnmuteAsync(
                    visit,
                    typed,
                    finding,
                    ct
                ),
                _ => await actions.SaveAsync(visit, typed, ct),
            },
            ct
        );
    }
}
