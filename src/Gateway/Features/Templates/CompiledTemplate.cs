using Fluid;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates;

/// <summary>
/// A template whose parts were all parsed: nothing about its syntax can go wrong any more. It can be kept and used by many at once.
/// </summary>
/// <param name="IsBuiltIn">Whether it is the gateway's own, which needs no cleaning.</param>
/// <param name="Variables">What each part asks for.</param>
/// <param name="Sections">Of each part.</param>
internal sealed record CompiledTemplate(
    IFluidTemplate Subject,
    IFluidTemplate Preheader,
    IFluidTemplate Html,
    IFluidTemplate Text,
    bool IsBuiltIn,
    IReadOnlyList<(string Part, TemplateVariable Variable)> Variables,
    IReadOnlyList<(string Part, TemplateSection Section)> Sections
)
{
    /// <summary>The keys of the segments that its sections name.</summary>
    public IReadOnlyList<string> Segments { get; } =
    [.. Sections.Select(one => one.Section.Segment).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>The same in a turn of the site, for whoever waits for the answer: reading may take a second too.</summary>
    public static Task<(CompiledTemplate? Template, IReadOnlyList<TemplateError> Errors)> OfAsync(
        TemplateSource source,
        Guid siteId,
        CancellationToken ct
    ) => TemplateThreads.Looking.RunAsync(siteId, () => Of(source), ct);

    /// <returns>The template, or every error that was found in its parts.</returns>
    public static (CompiledTemplate? Template, IReadOnlyList<TemplateError> Errors) Of(TemplateSource source, bool isBuiltIn = false)
    {
        using var budget = CpuBudget.Begin();
        (string Part, string Source)[] parts =
        [
            (TemplateSource.SubjectPart, source.Subject),
            (TemplateSource.PreheaderPart, source.Preheader),
            (TemplateSource.HtmlPart, source.Html),
            (TemplateSource.TextPart, source.Text),
        ];
        var parsed = Array.ConvertAll(parts, part => TemplateLanguage.Parse(part.Part, part.Source));
        TemplateError[] errors = [.. parsed.SelectMany(one => one.Errors)];
        if (errors.Length > 0)
        {
            return (null, errors);
        }

        var texts = Array.ConvertAll(parsed, one => one.Text!);
        return (
            new(
                texts[0].Fluid,
                texts[1].Fluid,
                texts[2].Fluid,
                texts[3].Fluid,
                isBuiltIn,
                [.. parts.Zip(texts).SelectMany(one => one.Second.Variables.Select(variable => (one.First.Part, variable)))],
                [.. parts.Zip(texts).SelectMany(one => one.Second.Sections.Select(section => (one.First.Part, section)))]
            ),
            []
        );
    }
}
