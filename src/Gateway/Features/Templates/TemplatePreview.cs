using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid.Values;
using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>A template as its readers would get it, or why it cannot be shown.</summary>
/// <param name="Rendered">Null when there are errors.</param>
/// <param name="Errors">Without these gone it cannot be saved, or not be sent with these values.</param>
/// <param name="Warnings">What will be empty, most of all.</param>
/// <param name="Variables">What it asks for; an old answer is of no use while there are errors.</param>
/// <param name="Sections">Its sections; none while there are errors.</param>
internal sealed record PreviewResult(
    RenderedTemplate? Rendered,
    IReadOnlyList<TemplateError> Errors,
    IReadOnlyList<TemplateError> Warnings,
    IReadOnlyList<(string Part, TemplateVariable Variable)> Variables,
    IReadOnlyList<ShownSection> Sections
)
{
    /// <summary>Of the HTML, as it is sent. Gmail cuts off behind 102 KB.</summary>
    public int Bytes => Rendered is null ? 0 : Encoding.UTF8.GetByteCount(Rendered.Html);
}

/// <param name="IsShown">Whether its reader sees it, wherever the template comes to it.</param>
internal sealed record ShownSection(string Part, TemplateSection Section, bool IsShown);

/// <summary>Shows a template with the values of a sample, in the same way in which a mail is made.</summary>
internal sealed class TemplatePreview(GatewayDb db, SiteStore sites, TemplateRenderer renderer, IOptions<GatewayOptions> gateway)
{
    /// <param name="values">By namespace (<see cref="SampleValues"/>); what is left out is an example.</param>
    /// <param name="audience">Whose sections are shown; everybody's when left out.</param>
    public async Task<PreviewResult> ShowAsync(
        Site site,
        TemplateKind kind,
        string language,
        TemplateSource source,
        JsonObject values,
        Audience? audience = null,
        CancellationToken ct = default
    )
    {
        var (template, errors) = await CompiledTemplate.OfAsync(source, site.Id, ct);
        errors = template is null
            ? errors
            : SectionRules.Errors(kind, source, template, template.Segments.Count == 0 ? [] : await db.SegmentKeysAsync(site.Id, ct));
        if (template is null || errors.Count > 0)
        {
            return new(null, errors, [], [], []);
        }

        var model = ModelOf(site, kind, language, values, audience ?? Audience.Everybody);
        try
        {
            var rendered = await renderer.RenderAsync(template, model, TemplateThreads.Looking, site.Id, ct);
            var warnings = await TemplateThreads.Looking.RunAsync(site.Id, () => Warnings(kind, source, template, model).ToList(), ct);
            return new(
                rendered,
                [],
                [.. warnings, .. rendered.Troubles.Select(trouble => new TemplateError(TemplateSource.HtmlPart, 1, 1, trouble))],
                template.Variables,
                ShownOf(template, model.Audience)
            );
        }
        catch (RenderLimitException limit)
        {
            return new(null, [new(TemplateSource.HtmlPart, 1, 1, limit.Message, TemplateError.TooComplex)], [], template.Variables, []);
        }
    }

    /// <returns>Everything that a template of this kind sees.</returns>
    public TemplateModel ModelOf(Site site, TemplateKind kind, string language, JsonObject values, Audience audience)
    {
        var all = SampleValues.Example(gateway.Value.PublicBase, language);
        SampleValues.Overlay(all, values);
        using var json = JsonDocument.Parse(all.ToJsonString());
        var seen = json
            .RootElement.EnumerateObject()
            .Where(member => TemplateRules.Sees(kind, member.Name))
            .ToDictionary(member => member.Name, member => TemplateValues.Of(member.Value));
        seen[TemplateNamespaces.Site] = SiteModel.Of(site).ToValue();
        return new(language, QuietHours.ZoneOf(site.TimeZone), seen, audience);
    }

    private static List<ShownSection> ShownOf(CompiledTemplate template, Audience audience) =>
        [.. template.Sections.Select(one => new ShownSection(one.Part, one.Section, one.Section.Segments.All(audience.IsIn)))];

    /// <summary>What keeps a draft from being published: it is tried with the example and with every sample.</summary>
    public async Task<IReadOnlyList<TemplateError>> PublishingErrorsAsync(Template template, TemplateVersion draft, CancellationToken ct)
    {
        var (compiled, errors) = await CompiledTemplate.OfAsync(draft.Source, template.SiteId, ct);
        errors = compiled is null ? errors : [.. TemplateRules.MissingErrors(template.Kind, draft.Source, compiled)];
        if (errors.Count > 0)
        {
            return errors;
        }

        var site = await sites.GetAsync(template.SiteId, ct);
        var samples = await db.TemplateSamples.AsNoTracking().Where(sample => sample.TemplateId == template.Id).ToListAsync(ct);
        foreach (var values in samples.Select(sample => JsonNode.Parse(sample.Json)!.AsObject()).Prepend([]))
        {
            if (await ShowAsync(site, template.Kind, draft.Language, draft.Source, values, ct: ct) is { Errors: { Count: > 0 } shown })
            {
                return shown;
            }
        }

        return [];
    }

    private static IEnumerable<TemplateError> Warnings(
        TemplateKind kind,
        TemplateSource source,
        CompiledTemplate template,
        TemplateModel model
    ) =>
        template
            .Variables.Where(found =>
                !found.Variable.IsOptional && found.Variable.Path != TemplateNamespaces.Language && !Has(model, found.Variable.Path)
            )
            .Select(found => TemplateError.At(found.Part, source.Of(found.Part), found.Variable.Offset, WarningOf(kind, found.Variable)));

    private static string WarningOf(TemplateKind kind, TemplateVariable variable) =>
        TemplateRules.Sees(kind, variable.Namespace) ? T($"{variable.Path} has no value here, so nothing is shown.")
        : kind == TemplateKind.Confirmation && TemplateRules.Sees(TemplateKind.Email, variable.Namespace)
            ? T($"A confirmation mail does not see {variable.Namespace}: nothing that a visitor typed may stand in it. Nothing is shown.")
        : kind == TemplateKind.Sms && TemplateRules.Sees(TemplateKind.Email, variable.Namespace)
            ? T($"An SMS does not see {variable.Namespace}: it goes to a number, and sees site and vars only. Nothing is shown.")
        : T($"There is no \"{variable.Namespace}\": values stand in contact, list, site, form, vars and links. Nothing is shown.");

    /// <summary>
    /// Whether the path leads to a value; of a list, in any of its members, and what is missing in an empty list is missed by nobody.
    /// </summary>
    private static bool Has(TemplateModel model, string path)
    {
        IEnumerable<FluidValue> at = [new TemplateObject(new(model.Values))];
        foreach (var name in path.Replace(TemplateVariable.EachMember, ".[]", StringComparison.Ordinal).Split('.'))
        {
            var before = at.ToList();
            CpuBudget.Spend(before.Count * 8L);
            at =
                name == TemplateVariable.EachMember
                    ? before.OfType<ArrayValue>().SelectMany(list => list.Values)
                    : before.SelectMany(value => MemberOf(value, name));
            if (name == TemplateVariable.EachMember && before.OfType<ArrayValue>().Any() && !at.Any())
            {
                return true;
            }
        }

        return at.Any(value => !value.IsNil());
    }

    private static IEnumerable<FluidValue> MemberOf(FluidValue value, string name) =>
        value switch
        {
            TemplateObject known => known.Members.TryGetValue(name, out var member) ? [member] : [],
            ArrayValue or StringValue when name is "size" or "first" or "last" => [BooleanValue.True],
            _ => [],
        };
}
