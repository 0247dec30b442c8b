using System.Text.Json.Nodes;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
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
            .WithSummary("Show the words of a template in a language")
            .Needs(SiteRights.Manage);
        words
            .MapPost("", PressAsync)
            .WithMetadata(new BodyLimit(TemplatePages.FormBytes))
            .WithName("AdminEdit")
            .WithSummary("Save, preview or try words");
    }

    private static async Task<IResult> LookAsync(
        TemplatePageContext context,
        TemplateDrafts drafts,
        TemplateSamples samples,
        EditPageModel model,
        CancellationToken ct
    )
    {
        var version = await drafts.LatestAsync(context.Template.Id, context.Language, ct);
        if (version is null)
        {
            return AdminAnswers.NotFound();
        }

        var sample = await samples.LatestAsync(context.Template.Id, ct);
        return await model.ShowAsync(
            context,
            new(version.Source, sample is null ? [] : JsonNode.Parse(sample.Json)!.AsObject()) { Sample = sample?.Name },
            ct
        );
    }

    private static async Task<IResult> PressAsync(
        EditForm form,
        TemplatePageContext context,
        EditActions actions,
        EditPageModel model,
        CancellationToken ct
    )
    {
        var typed = EditState.Of(form);
        if (form.Do == EditForm.Publish)
        {
            var saved = await actions.SaveAsync(context, typed, ct);
            return saved.Refused is null
                ? AdminPageContext.Go($"{context.Url}/{context.Language}/publish")
                : await model.ShowAsync(context, saved, ct);
        }

        return await model.ShowAsync(
            context,
            form.Do switch
            {
                EditForm.Preview => typed,
                EditForm.Test => await actions.TestAsync(context, typed, ct),
                EditForm.LoadSample => await actions.LoadSampleAsync(context, typed, ct),
                EditForm.KeepSample => await actions.KeepSampleAsync(context, typed, form.SampleName, ct),
                EditForm.ForgetSample => await actions.ForgetSampleAsync(context, typed, ct),
                EditForm.UseSkeleton => await EditActions.UseSkeletonAsync(context, typed, ct),
                var pressed when EditForm.FindingOf(pressed, EditForm.Mute) is { } finding => await actions.MuteAsync(
                    context,
                    typed,
                    finding,
                    form.Note,
                    ct
                ),
                var pressed when EditForm.FindingOf(pressed, EditForm.Unmute) is { } finding => await actions.UnmuteAsync(
                    context,
                    typed,
                    finding,
                    ct
                ),
                _ => await actions.SaveAsync(context, typed, ct),
            },
            ct
        );
    }
}
