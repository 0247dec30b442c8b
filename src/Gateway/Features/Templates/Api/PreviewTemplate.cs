using System.Text.Json;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>POST /v1/templates/{id}/preview — a template as its readers would get it.</summary>
internal static class PreviewTemplate
{
    /// <param name="Language">The site's when left out.</param>
    /// <param name="Version"><c>draft</c> (the default; what is published where there is none), <c>published</c>, or a number.</param>
    /// <param name="Source">Words that are not saved yet, instead of a version.</param>
    /// <param name="Sample">The name of a sample.</param>
    /// <param name="Values">JSON by namespace, over the sample: <c>{"vars": {…}, "contact": {…}}</c>.</param>
    /// <param name="Simple">Texts by the path of a simple variable, over both: <c>{"vars.order.number": "4711"}</c>.</param>
    /// <param name="Contact">Somebody whose properties are taken, <c>con_…</c>.</param>
    /// <param name="Segments">Show it as to somebody who belongs to these segments, by their keys, and to no other.</param>
    /// <param name="Sections"><c>all</c> shows every section; <c>as_sent</c> (the default) those that the contact, or whoever has the
    /// values, would see.</param>
    public sealed record Request(
        string? Language,
        string? Version,
        SaveDraft.Request? Source,
        string? Sample,
        JsonElement? Values,
        IReadOnlyDictionary<string, string?>? Simple,
        string? Contact,
        IReadOnlyList<string>? Segments = null,
        string? Sections = null
    );

    /// <param name="Subject">Null, like the other parts, while there are errors.</param>
    /// <param name="Bytes">Of the HTML part; Gmail cuts off behind 102 KB.</param>
    /// <param name="Errors">With these it can be neither saved nor sent.</param>
    /// <param name="Warnings">What will be empty.</param>
    /// <param name="Removed">What was taken out of the HTML: scripts, addresses that lead nowhere in a mail, styles that hide
    /// words.</param>
    /// <param name="Parts">Of an SMS: the parts that it takes.</param>
    /// <param name="Encoding">Of an SMS: <c>gsm7</c> or <c>ucs2</c>.</param>
    /// <param name="Sections">Of the template, and whether this reader sees them.</param>
    /// <param name="InSegments">The keys of the segments that this reader belongs to; null when every section is shown.</param>
    /// <param name="Findings">What the linter says of it with every section shown.</param>
    public sealed record Response(
        string Language,
        string? Subject,
        string? Preheader,
        string? Html,
        string? Text,
        int Bytes,
        IReadOnlyList<TemplateErrorLine> Errors,
        IReadOnlyList<TemplateErrorLine> Warnings,
        IReadOnlyCollection<string> Removed,
        IReadOnlyList<VariableUseResponse> Variables,
        int? Parts,
        string? Encoding,
        IReadOnlyList<SectionResponse> Sections,
        IReadOnlyList<string>? InSegments,
        IReadOnlyList<TemplateFindingResponse> Findings
    );

    /// <param name="Segment">The segment it is for; null when it is for everybody.</param>
    /// <param name="Shown">Whether this reader sees it, if the template comes to it at all.</param>
    public sealed record SectionResponse(string Part, string Name, string? Segment, bool Shown);

    public sealed class Validator : AbstractValidator<Request>
    {
        private const int MaxSimple = 200;

        public Validator()
        {
            RuleFor(request => request.Language)
                .Must(language => language is null || Languages.All.Contains(language))
                .WithMessage(SaveDraft.ExpectedLanguage);
            RuleFor(request => request.Simple)
                .Must(simple => simple is null || simple.Count <= MaxSimple)
                .WithMessage($"simple may have at most {MaxSimple} members.");
        }
    }

    public static void Map(IEndpointRouteBuilder template) =>
        template
            .MapPost("/preview", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(PreviewTemplate))
            .WithSummary("Show a template with values");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        TemplateOfSite of,
        TemplateDrafts drafts,
        PreviewValues previewValues,
        PreviewAudience previewAudience,
        TemplatePreview preview,
        TemplateFindings findings,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        if (request.Contact is not null && !of.MayReadContacts)
        {
            return TemplateProblems.NoContacts();
        }

        var language = request.Language ?? site.Site.Language;
        var source = request.Source?.ToSource() ?? (await VersionAsync(drafts, template.Id, language, request.Version, ct))?.Source;
        if (source is null)
        {
            return Problems.NotFound("version");
        }

        var input = new PreviewInput(request.Sample, request.Values, request.Simple, request.Contact, request.Segments, request.Sections);
        if ((await previewValues.PutTogetherAsync(site.Site, template.Id, input, ct)).IsRefused(out var unfit, out var values))
        {
            return Problems.Of(unfit);
        }

        var asWhom = await previewAudience.OfAsync(site.Site, template.Kind, language, input, values, ct);
        if (asWhom.IsRefused(out unfit, out var recipient))
        {
            return Problems.Of(unfit);
        }

        var result = await preview.ShowAsync(site.Site, template.Kind, language, source, values, recipient.Audience, ct);
        return TypedResults.Ok(
            ViewOf(template.Kind, language, result, recipient, await findings.OfAsync(site.Site, template, language, source, values, ct))
        );
    }

    public static async Task<TemplateVersion?> VersionAsync(
        TemplateDrafts drafts,
        Guid templateId,
        string language,
        string? name,
        CancellationToken ct
    ) =>
        await VersionNames.FindAsync(drafts, templateId, language, name ?? VersionNames.Draft, ct)
        ?? (name is null ? await VersionNames.FindAsync(drafts, templateId, language, VersionNames.Published, ct) : null);

    private static Response ViewOf(
        TemplateKind kind,
        string language,
        PreviewResult result,
        PreviewRecipient recipient,
        IReadOnlyList<TemplateFinding> found
    )
    {
        var sms = kind == TemplateKind.Sms && result.Rendered is { } shown ? SmsEncoding.Of(shown.Text, false) : null;
        return new(
            language,
            result.Rendered?.Subject,
            result.Rendered?.Preheader,
            result.Rendered?.Html,
            result.Rendered?.Text,
            result.Bytes,
            [.. result.Errors.Select(TemplateErrorLine.Of)],
            [.. result.Warnings.Select(TemplateErrorLine.Of)],
            result.Rendered?.Removed ?? [],
            VariableUseResponse.Of(result.Variables),
            sms?.Parts,
            sms is null ? null : CaseConverter.Lower(sms.Encoding.ToString()),
            [.. result.Sections.Select(one => new SectionResponse(one.Part, one.Section.Name, one.Section.Segment, one.IsShown))],
            recipient.Segments,
            TemplateFindingResponse.Of(found)
        );
    }
}
