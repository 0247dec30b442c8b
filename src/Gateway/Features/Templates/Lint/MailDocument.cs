using AngleSharp;
using AngleSharp.Css;
using AngleSharp.Css.Dom;
using AngleSharp.Css.Values;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Features.Templates.Cleaning;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.Lint;

/// <summary>The HTML of a mail with its styles worked out, as a mail program 640 px wide would.</summary>
internal sealed class MailDocument
{
    public const int Width = 640;

    /// <summary>Of looking at one element, in the units of <see cref="CpuBudget"/>.</summary>
    private const int LookCost = 64;

    private static readonly BrandColour White = new(255, 255, 255);

    private static readonly AngleSharp.IConfiguration Configuration = AngleSharp
        .Configuration.Default.WithCss()
        .WithRenderDevice(
            new DefaultRenderDevice
            {
                DeviceWidth = Width,
                DeviceHeight = 1000,
                ViewPortWidth = Width,
                ViewPortHeight = 1000,
                FontSize = 16,
            }
        );

    private static readonly string[] Silent = ["style", "script", "title", "head", "template", "noscript"];

    private readonly Dictionary<IElement, ICssStyleDeclaration> _styles = [];
    private readonly Dictionary<IElement, bool> _shown = [];

    private MailDocument(IDocument dom) => Dom = dom;

    public IDocument Dom { get; }

    public static MailDocument Of(string html)
    {
        var parser = BrowsingContext.New(Configuration).GetService<IHtmlParser>()!;
        if (HtmlBounds.ErrorOf(html) is { } tooMuch)
        {
            return new(parser.ParseDocument("")) { Error = tooMuch };
        }

        var document = parser.ParseDocument(html);
        CpuBudget.Check();
        return HtmlBounds.ErrorOf(document) is { } tooLong ? new(parser.ParseDocument("")) { Error = tooLong } : new(document);
    }

    /// <summary>Why nothing of it was looked at: it is more than any mail has. Otherwise null.</summary>
    public string? Error { get; private init; }

    /// <summary>What a person reads, in order, without what is hidden.</summary>
    public IEnumerable<IText> Texts =>
        Dom.Body is null
            ? []
            : Dom
                .Body.Descendants<IText>()
                .Where(text =>
                    Counted(text)
                    && !string.IsNullOrWhiteSpace(text.Data)
                    && text.ParentElement is { } parent
                    && IsRead(parent)
                    && IsShown(parent)
                );

    public string VisibleText => string.Join(' ', Texts.Select(text => text.Data.Trim()));

    /// <summary>What a link says is read several times, and so is what stands around it.</summary>
    public IEnumerable<IElement> Links =>
        Dom.QuerySelectorAll("a[href]")
            .Where(link =>
            {
                CpuBudget.Check();
                return IsShown(link);
            });

    public ICssStyleDeclaration StyleOf(IElement element)
    {
        CpuBudget.Spend(LookCost);
        if (_styles.TryGetValue(element, out var known))
        {
            return known;
        }

        CpuBudget.Check();
        return _styles[element] = element.ComputeCurrentStyle();
    }

    /// <summary>Whether nothing around it, nor itself, is hidden.</summary>
    public bool IsShown(IElement element) =>
        _shown.TryGetValue(element, out var known)
            ? known
            : _shown[element] = !IsHidden(element) && (element.ParentElement is not { } parent || IsShown(parent));

    /// <summary>Whether the element itself hides what is in it, by one of the ways that mails use.</summary>
    public bool IsHidden(IElement element)
    {
        var style = StyleOf(element);
        return element.HasAttribute("hidden")
            || style.GetDisplay() == "none"
            || style.GetVisibility() == "hidden"
            || PixelsOf(style, "font-size") < 2
            || style.GetPropertyValue("opacity") == "0"
            || (PixelsOf(style, "max-height") == 0 && style.GetOverflow() == "hidden");
    }

    /// <summary>
    /// The colour behind an element: its own, or that of what is around it; white where nothing says any, null where a template's variable
    /// does.
    /// </summary>
    private BrandColour? BackgroundOf(IElement element)
    {
        foreach (var at in element.AncestorsAndSelf())
        {
            if (
                Placeholders.IsIn(at.GetAttribute("bgcolor"))
                || (
                    Placeholders.IsIn(at.GetAttribute("style"))
                    && at.GetAttribute("style")!.Contains("background", StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                return null;
            }

            if ((Read(at, "background-color") ?? BrandColour.Parse(at.GetAttribute("bgcolor"))) is { } colour)
            {
                return colour;
            }
        }

        return White;
    }

    /// <summary>
    /// How well the text of an element can be read (<see cref="Contrast"/>); null where a colour is the mail program's choice or a
    /// variable's.
    /// </summary>
    public double? ContrastOf(IElement element) =>
        ColourOf(element) is { } ink && BackgroundOf(element) is { } ground ? Contrast.Between(ink, ground) : null;

    /// <summary>The colour of an element's text; null where nothing says any, and mail programs choose.</summary>
    private BrandColour? ColourOf(IElement element) =>
        element.AncestorsAndSelf().Select(at => Read(at, "color")).FirstOrDefault(colour => colour is not null);

    /// <returns>A length of the computed style in pixels; null when it has none or it is not a length.</returns>
    public static double? PixelsOf(ICssStyleDeclaration style, string property) =>
        style.GetProperty(property)?.RawValue is CssLengthValue { Type: CssLengthValue.Unit.Px or CssLengthValue.Unit.None } length
            ? length.Value
            : null;

    private BrandColour? Read(IElement element, string property) =>
        StyleOf(element).GetProperty(property)?.RawValue is CssColorValue { A: 255 } colour ? new(colour.R, colour.G, colour.B) : null;

    private static bool Counted(IText text)
    {
        CpuBudget.Spend(LookCost + text.Data.Length);
        return true;
    }

    private static bool IsRead(IElement element) => !element.AncestorsAndSelf().Any(at => Silent.Contains(at.LocalName));
}

internal static class ElementPath
{
    /// <summary>An element and what it is in, from the inside out.</summary>
    public static IEnumerable<IElement> AncestorsAndSelf(this IElement element)
    {
        for (var at = element; at is not null; at = at.ParentElement)
        {
            yield return at;
        }
    }
}
