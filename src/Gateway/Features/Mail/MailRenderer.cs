using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace Gateway.Features.Mail;

/// <summary>A mail's subject and its two parts, equally complete.</summary>
internal sealed record RenderedMail(string Subject, string Text, string Html);

/// <summary>Turns a template and what it may see into a mail. Everything shown in HTML is encoded unless the template says otherwise.</summary>
internal sealed class MailRenderer
{
    // A template that loops or includes itself ends here, not with the process; a long text of many short lines stays well below.
    private static readonly TemplateOptions Options = new() { MaxSteps = 100_000, MaxRecursion = 20 };

    // The default encoder would turn every letter beyond ASCII into a number, which is as safe and much longer.
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Dictionary<string, IFluidTemplate> _templates = ReadTemplates();

    public bool Knows(string template) => _templates.ContainsKey(template + ".html");

    public RenderedMail Render(MailView view)
    {
        var text = MailTexts.Of(view.Template, view.Language, view.List, view.Site.Name);
        return new(
            view.Variables?.GetValueOrDefault(MailTemplate.Subject) ?? (string)text["subject"],
            _templates[view.Template + ".txt"].Render(ContextOf(view, text), NullEncoder.Default),
            _templates[view.Template + ".html"].Render(ContextOf(view, text), Html));
    }

    private static TemplateContext ContextOf(MailView view, Dictionary<string, object> text)
    {
        var context = new TemplateContext(Options);
        context.SetValue("language", view.Language);
        context.SetValue("text", text);
        context.SetValue("list", new Dictionary<string, object> { ["name"] = view.List });
        context.SetValue("site", new Dictionary<string, object?>
        {
            ["name"] = view.Site.Name,
            ["colour"] = view.Site.Colour,
            ["on_colour"] = view.Site.OnColour,
            ["edge"] = view.Site.EdgeOnLight,
            ["edge_on_dark"] = view.Site.EdgeOnDark,
            ["logo_url"] = view.Site.LogoUrl,
        });
        context.SetValue("links", view.Links);
        if (view.Variables is { } given)
        {
            context.SetValue("vars", VariablesOf(given));
        }

        return context;
    }

    /// <summary>What a caller wrote is text: nothing in it is a template or HTML, and a line break is a line break.</summary>
    private static Dictionary<string, object> VariablesOf(IReadOnlyDictionary<string, string> given)
    {
        var body = given.GetValueOrDefault(MailTemplate.Body, "").ReplaceLineEndings("\n").Trim();
        return new()
        {
            ["subject"] = given.GetValueOrDefault(MailTemplate.Subject, ""),
            ["preheader"] = PlainText.Beginning(body),
            ["text"] = body,
            ["body"] = PlainText.Paragraphs(body),
        };
    }

    private static Dictionary<string, IFluidTemplate> ReadTemplates()
    {
        const string Prefix = "mail/";
        const string Suffix = ".liquid";
        var parser = new FluidParser();
        var assembly = typeof(MailRenderer).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(
            name => name[Prefix.Length..^Suffix.Length],
            name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return parser.Parse(reader.ReadToEnd());
            });
    }
}
