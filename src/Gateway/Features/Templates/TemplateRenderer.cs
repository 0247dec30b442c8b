using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Gateway.Features.Templates.Cleaning;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates;

/// <summary>A mail's subject, its preview beside the subject, and its two parts.</summary>
/// <param name="Troubles">Sentences about values that a filter could do nothing with.</param>
/// <param name="Removed">Sentences about what was taken out of the HTML.</param>
internal sealed record RenderedTemplate(
    string Subject,
    string Preheader,
    string Html,
    string Text,
    IReadOnlyCollection<string> Troubles,
    IReadOnlyCollection<string> Removed
);

/// <summary>
/// Fills a template with values and makes it fit for mail. Whatever is shown in HTML is encoded. A preview is made here like a mail, so the
/// two are the same.
/// </summary>
internal sealed class TemplateRenderer(MailCleaner cleaner, TimeProvider clock)
{
    // The default encoder would turn every letter beyond ASCII into a number, which is as safe and much longer.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <param name="threads">What leaves for somebody does not wait for those who only look at templates.</param>
    /// <param name="siteId">Whose turn it takes there.</param>
    /// <exception cref="RenderLimitException">With these values it does more than it may.</exception>
    public async ValueTask<RenderedTemplate> RenderAsync(
        CompiledTemplate template,
        TemplateModel model,
        TemplateThreads threads,
        Guid siteId,
        CancellationToken ct = default
    ) => template.IsBuiltIn ? Render(template, model) : await threads.RunAsync(siteId, () => Render(template, model), ct);

    private RenderedTemplate Render(CompiledTemplate template, TemplateModel model)
    {
        using var budget = CpuBudget.Begin();
        var troubles = new HashSet<string>(StringComparer.Ordinal);
        var subject = OneLine.Of(Write(template.Subject, model, isHtml: false, troubles));
        var preheader = OneLine.Of(Write(template.Preheader, model, isHtml: false, troubles));
        var text = Write(template.Text, model, isHtml: false, troubles);
        var html = Write(template.Html, model, isHtml: true, troubles);
        var cleaned = template.IsBuiltIn || html.Length == 0 ? new(html, []) : cleaner.Clean(html);
        return new(subject, preheader, Preheader.Insert(cleaned.Html, Encoder.Encode(preheader)), text, troubles, cleaned.Removed);
    }

    private string Write(IFluidTemplate part, TemplateModel model, bool isHtml, HashSet<string> troubles)
    {
        var context = new RenderContext(
            CultureInfo.GetCultureInfo(model.Language),
            clock.GetUtcNow,
            model.Zone,
            isHtml,
            model.Audience.IsIn
        );
        context.SetValue(TemplateNamespaces.Language, model.Language);
        foreach (var (name, value) in model.Values)
        {
            context.SetValue(name, value);
        }

        using var writer = new BoundedWriter(context);
        try
        {
            // Nothing in a template waits for anything, so this is done when it returns.
            part.RenderAsync(writer, context, isHtml ? Encoder : NullEncoder.Default).AsTask().GetAwaiter().GetResult();
        }
        catch (InvalidOperationException endless) when (endless.Message.StartsWith("The maximum", StringComparison.Ordinal))
        {
            throw new RenderLimitException(
                $"The template takes more than {RenderContext.MaxRenderSteps:N0} steps. Does a loop go on for longer than meant?"
            );
        }

        troubles.UnionWith(context.Troubles);
        return writer.ToString();
    }
}
