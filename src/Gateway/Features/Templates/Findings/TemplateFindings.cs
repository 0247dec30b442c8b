using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;
using Gateway.Features.Templates.Lint;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Findings;

/// <param name="Mute">Why it is no matter; null when nobody muted it.</param>
internal sealed record TemplateFinding(Finding Finding, TemplateMute? Mute);

/// <summary>
/// All that can be found about a template: what the linter says of the message as a reader would get it, with every section shown, and the
/// sections that
/// nobody can get. Findings advise, and keep nothing from being saved or sent.
/// </summary>
internal sealed class TemplateFindings(
    GatewayDb db,
    SiteStore sites,
    IEnumerable<ISenders> senders,
    TemplatePreview preview,
    Linter linter,
    SectionMatrix matrix,
    TemplateMutes mutes
)
{
    /// <param name="values">By namespace; what is left out is an example, and what a caller sends stands in as ordinary words.</param>
    /// <returns>The worst first; none while the source has errors, since those come first.</returns>
    public async Task<IReadOnlyList<TemplateFinding>> OfAsync(
        Site site,
        Template template,
        string language,
        TemplateSource source,
        JsonObject values,
        CancellationToken ct
    )
    {
        if ((await CompiledTemplate.OfAsync(source, site.Id, ct)).Template is not { } compiled)
        {
            return [];
        }

        var shown = await preview.ShowAsync(
            site,
            template.Kind,
            language,
            source,
            StandIns.Fill(values, compiled),
            Audience.Everybody,
            ct
        );
        if (shown.Rendered is not { } rendered)
        {
            return [];
        }

        var muted = await mutes.OfAsync(template.Id, ct);
        return
        [
            .. (await linter.LookAsync(MessageOf(template.Kind, language, rendered, await SenderOfAsync(site, ct)), site.Id, ct))
                .Concat((await matrix.UnseenAsync(site, template.Kind, compiled, ct)).Select(UnseenOf))
                .OrderByDescending(finding => finding.Severity)
                .Select(finding => new TemplateFinding(finding, muted.GetValueOrDefault(finding.Id))),
        ];
    }

    /// <summary>Of a version that was saved, with the first sample that is kept.</summary>
    public async Task<IReadOnlyList<TemplateFinding>> OfAsync(Template template, TemplateVersion version, CancellationToken ct)
    {
        var site = await sites.GetAsync(template.SiteId, ct);
        var sample = await db
            .TemplateSamples.AsNoTracking()
            .Where(one => one.TemplateId == template.Id)
            .OrderBy(one => one.Name)
            .Select(one => one.Json)
            .FirstOrDefaultAsync(ct);
        return await OfAsync(
            site,
            template,
            version.Language,
            version.Source,
            sample is null ? [] : JsonNode.Parse(sample)!.AsObject(),
            ct
        );
    }

    /// <returns>As mail programs show it; null when the site has none.</returns>
    private async Task<string?> SenderOfAsync(Site site, CancellationToken ct) =>
        (await senders.First(one => one.Channel == Channels.Mail).OfAsync(site, ct)) is [var first, ..]
            ? $"\"{OneLine.Of(site.Name).Replace('"', '\'')}\" <{first.Id}>"
            : null;

    private static LintedMessage MessageOf(TemplateKind kind, string language, RenderedTemplate rendered, string? from) =>
        kind == TemplateKind.Sms
            ? new(MessageKinds.Sms, language, null, null, null, null, rendered.Text, [])
            : new(KindOf(kind), language, rendered.Subject, rendered.Preheader, from, rendered.Html, rendered.Text, []);

    private static string KindOf(TemplateKind kind) =>
        kind switch
        {
            TemplateKind.Confirmation => MessageKinds.Confirmation,
            TemplateKind.Welcome => MessageKinds.Welcome,
            TemplateKind.Repermission => MessageKinds.List,
            _ => MessageKinds.Email,
        };

    private static string ReasonOf(TemplateSection section)
    {
        var segments = section.Segments.Select(key => $"“{key}”").ToList();
        return segments is [_]
            ? T($"Nobody can see the section “{section.Name}”: the condition of {segments[0]} is true for no reader of such a message.")
            : T(
                $"Nobody can see the section “{section.Name}”: nobody belongs to "
                    + $"{segments.Aggregate((one, other) => T($"{one} and {other}"))} at once."
            );
    }

    private static Finding UnseenOf((string Part, TemplateSection Section) unseen) =>
        new(
            $"section-unseen:{unseen.Section.Name}",
            FindingFamily.Section,
            FindingSeverity.Warning,
            unseen.Part,
            ReasonOf(unseen.Section),
            T("Change the segment's condition, name another segment, or take the section out.")
        );
}
