using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Findings;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>What the buttons of the editor do. Each gives back what was typed, with what came of it.</summary>
internal sealed class EditActions(
    TemplateDrafts drafts,
    TemplateSamples samples,
    TestSend tests,
    TemplateMutes mutes,
    EditorPreview preview
)
{
    public async Task<EditState> SaveAsync(TemplatePageContext context, EditState typed, CancellationToken ct) =>
        (await StoreAsync(context, typed, ct)).State;

    /// <summary>A test is one of a version, so the words are saved first.</summary>
    public async Task<EditState> TestAsync(TemplatePageContext context, EditState typed, CancellationToken ct)
    {
        if (context.Template.Kind == TemplateKind.Sms || typed.To is null || typed.JsonError is not null)
        {
            return typed.Refuse(
                context.Template.Kind == TemplateKind.Sms
                    ? T("An SMS costs, so its template is only previewed.")
                    : typed.JsonError?.Message ?? T("Choose whom the test goes to.")
            );
        }

        var (saved, version) = await StoreAsync(context, typed, ct);
        var look = await preview.ShowAsync(context, typed.Source, typed.Values, typed.Contact, typed.Recipient, ct);
        if (version is null || look.Error is not null || look.Shown.Errors.Count > 0)
        {
            return saved.Refused is not null ? saved : typed.Refuse(look.Error ?? look.Shown.Errors[0].Message);
        }

        var sent = await tests.SendAsync(context.Admin.Site!, context.Template, version, look.Filled, look.Recipient, typed.To, ct);
        return sent.IsRefused(out var why, out var message)
            ? typed.Refuse(why.Message, Problems.StatusOf(why.Kind))
            : typed with
            {
                Said = T($"A test of these words is on its way to {message.Address}."),
            };
    }

    public async Task<EditState> LoadSampleAsync(TemplatePageContext context, EditState typed, CancellationToken ct)
    {
        if (typed.Sample is null)
        {
            return typed with { Values = [], Unreadable = null, JsonError = null };
        }

        return await samples.FindAsync(context.Template.Id, typed.Sample, ct) is { } sample
            ? typed with
            {
                Values = JsonNode.Parse(sample.Json)!.AsObject(),
                Unreadable = null,
                JsonError = null,
            }
            : typed.Refuse(T("The template has no such sample."));
    }

    /// <param name="name">The chosen sample's, when left out.</param>
    public async Task<EditState> KeepSampleAsync(TemplatePageContext context, EditState typed, string? name, CancellationToken ct)
    {
        if (typed.JsonError is not null)
        {
            return typed.Refuse(typed.JsonError.Message);
        }

        var kept = await samples.SaveAsync(context.Template.Id, name ?? typed.Sample ?? "", typed.Values, ct);
        return kept.IsRefused(out var why, out var sample)
            ? typed.Refuse(why.Message)
            : typed with
            {
                Sample = sample.Name,
                Said = T($"The values are kept as “{sample.Name}”."),
            };
    }

    public async Task<EditState> ForgetSampleAsync(TemplatePageContext context, EditState typed, CancellationToken ct) =>
        typed.Sample is not null && await samples.DeleteAsync(context.Template.Id, typed.Sample, ct)
            ? typed with
            {
                Sample = null,
                Said = T($"The sample “{typed.Sample}” is deleted; its values are still in the fields."),
            }
            : typed.Refuse(T("The template has no such sample."));

    public async Task<EditState> MuteAsync(
        TemplatePageContext context,
        EditState typed,
        string findingId,
        string? note,
        CancellationToken ct
    )
    {
        var muted = await mutes.MuteAsync(context.Template, findingId, note ?? "", context.Admin.User.Actor, ct);
        return muted.IsRefused(out var why, out _)
            ? typed.Refuse(why.Message)
            : typed with
            {
                Said = T("The finding is muted for this template, in all its languages."),
            };
    }

    public async Task<EditState> UnmuteAsync(TemplatePageContext context, EditState typed, string findingId, CancellationToken ct) =>
        await mutes.UnmuteAsync(context.Template.Id, findingId, ct)
            ? typed with
            {
                Said = T("The finding is shown again."),
            }
            : typed.Refuse(T("The finding is not muted."));

    /// <summary>Fills in the shape of what the template asks for, around what was typed.</summary>
    public static async Task<EditState> UseSkeletonAsync(TemplatePageContext context, EditState typed, CancellationToken ct)
    {
        var (template, _) = await CompiledTemplate.OfAsync(typed.Source, context.Template.SiteId, ct);
        var values = typed.Values.DeepClone().AsObject();
        ValueSkeleton.LayUnder(values, ValueSkeleton.Of(template?.Variables.Select(one => one.Variable) ?? []));
        return typed with { Values = values, IsExpert = true };
    }

    private async Task<(EditState State, TemplateVersion? Version)> StoreAsync(
        TemplatePageContext context,
        EditState typed,
        CancellationToken ct
    )
    {
        if (await UnchangedAsync(context, typed, ct) is { } version)
        {
            return (typed with { Said = T("There is nothing new to save.") }, version);
        }

        return await drafts.SaveAsync(context.Template, context.Language, typed.Source, context.Admin.User.Actor, ct) switch
        {
            DraftOutcome.Done done => (typed with { Said = T("The draft is saved. It is sent once you publish it.") }, done.Version),
            DraftOutcome.Invalid faulty => (
                typed.Refuse(T("Nothing was saved, since these words cannot be read. What you typed is still here.")) with
                {
                    Errors = faulty.Errors,
                },
                null
            ),
            _ => (
                typed.Refuse(
                    T(
                        "Nothing was saved: somebody else saved at the same moment. What you typed is still here; save again to replace "
                            + "theirs."
                    ),
                    StatusCodes.Status409Conflict
                ),
                null
            ),
        };
    }

    /// <returns>The version whose words these are; null when saving would change something.</returns>
    private async Task<TemplateVersion?> UnchangedAsync(TemplatePageContext context, EditState typed, CancellationToken ct)
    {
        var version = await drafts.LatestAsync(context.Template.Id, context.Language, ct);
        return version?.Source == typed.Source ? version : null;
    }
}
