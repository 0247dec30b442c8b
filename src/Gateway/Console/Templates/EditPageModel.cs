using System.Text.Json.Nodes;
using Gateway.Features.Mail;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>Puts the editor's page together: the words, the values for the preview, and the preview.</summary>
internal sealed class EditPageModel(
    EditorPreview preview,
    TemplateSamples samples,
    TemplateLanguages languages,
    GatewayDb db,
    IOptions<GatewayOptions> gateway
)
{
    public async Task<RazorComponentResult> ShowAsync(TemplatePageContext context, EditState state, CancellationToken ct)
    {
        var look = await preview.ShowAsync(context, state.Source, state.Values, state.Contact, state.Recipient, ct);
        var page = context.Admin.Show<EditPage>(
            (nameof(EditPage.Head), context.Head),
            (nameof(EditPage.Language), context.Language),
            (nameof(EditPage.Languages), await languages.OfAsync(context, ct)),
            (nameof(EditPage.Words), new EditedWords(state.Source.Subject, state.Source.Preheader, state.Source.Html, state.Source.Text)),
            (nameof(EditPage.Errors), state.Errors.Select(TemplateErrorLine.Of).ToList()),
            (nameof(EditPage.Said), state.Said),
            (nameof(EditPage.Refused), state.Refused),
            (nameof(EditPage.Known), Known(context, look.Asked)),
            (nameof(EditPage.Values), await ValuesAsync(context, state, look, ct)),
            (nameof(EditPage.ValuesError), state.JsonError is null ? look.Error : null),
            (nameof(EditPage.Shown), look.Shown),
            (nameof(EditPage.Stored), await languages.StoredAsync(context, ct))
        );
        page.StatusCode = state.Status;
        return page;
    }

    private async Task<ShownValues> ValuesAsync(TemplatePageContext context, EditState state, EditorLook look, CancellationToken ct)
    {
        var asked = look.Asked.Where(ValueSkeleton.IsGiven).ToList();
        var skeleton = ValueSkeleton.Of(asked);
        return new(
            state.IsExpert,
            state.Unreadable ?? FormValues.Write(state.Values),
            state.JsonError,
            FieldsOf(context, state, look, asked),
            skeleton.Count == 0 ? null : FormValues.Write(skeleton),
            await samples.NamesAsync(context.Template.Id, ct),
            state.Sample,
            state.Contact,
            await ReadersAsync(context, ct),
            state.Recipient,
            context.Template.Kind == TemplateKind.Sms ? [] : TestSend.Allowed(context.Admin.Site!),
            state.To
        );
    }

    private async Task<IReadOnlyList<RecipientOption>> ReadersAsync(TemplatePageContext context, CancellationToken ct)
    {
        var segments =
            context.Template.Kind == TemplateKind.Confirmation
                ? SiteSegments.None
                : await SiteSegments.ReadAsync(db, context.Admin.SiteId, ct);
        return segments.ByKey.Count == 0
            ? []
            :
            [
                new(RecipientChoice.Everybody, T("Everybody: all sections")),
                .. segments.ByKey.Values.Select(segment => new RecipientOption(
                    RecipientChoice.Of(segment.Key),
                    T($"Somebody of “{segment.Name}” alone")
                )),
                new(RecipientChoice.Nobodys, T("Somebody of no segment")),
            ];
    }

    private List<ValueField> FieldsOf(TemplatePageContext context, EditState state, EditorLook look, List<TemplateVariable> asked)
    {
        var example = SampleValues.Example(gateway.Value.PublicBase, context.Language);
        SampleValues.Overlay(example, look.Filled);
        return asked.ConvertAll(variable => new ValueField(
            variable.Path,
            CaseConverter.Lower(variable.Shape.ToString()),
            variable.IsSimple,
            variable.IsOptional,
            variable.IsSimple ? FormValues.TextAt(state.Values, variable.Path) : null,
            variable.IsSimple ? FormValues.TextAt(example, variable.Path) : null
        ));
    }

    /// <summary>What may be typed between braces: what the gateway provides, and what the template asks for already.</summary>
    private List<string> Known(TemplatePageContext context, IReadOnlyList<TemplateVariable> asked)
    {
        var example = SampleValues.Example(gateway.Value.PublicBase, context.Language);
        return
        [
            .. example
                .Where(part => TemplateRules.Sees(context.Template.Kind, part.Key))
                .SelectMany(part => ((JsonObject)part.Value!).Select(member => $"{part.Key}.{member.Key}"))
                .Concat(["site.name", "site.logo_url", "site.footer", "language"])
                .Concat(asked.Select(variable => variable.Path.Replace(TemplateVariable.EachMember, "", StringComparison.Ordinal)))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}

/// <summary>The parts of a template, for typing. Public, like the components, because Razor makes them so.</summary>
public sealed record EditedWords(string Subject, string Preheader, string Html, string Text);
