using AngleSharp.Css.Dom;
using AngleSharp.Css.Values;
using Ganss.Xss;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>
/// What may stand in the HTML of a mail: what mail programs show, and nothing that runs, loads other pages or sends something.
/// </summary>
internal static class CleanRules
{
    private static readonly string[] MoreTags = ["html", "head", "body", "meta", "title", "style", "center", "font"];

    private static readonly string[] Forms =
    [
        "form",
        "input",
        "button",
        "textarea",
        "select",
        "option",
        "optgroup",
        "fieldset",
        "label",
        "keygen",
        "datalist",
        "output",
    ];

    private static readonly string[] MoreAttributes =
    [
        "class",
        "id",
        "role",
        "lang",
        "content",
        "charset",
        "name",
        "bgcolor",
        "background",
        "aria-hidden",
        "aria-label",
        "aria-describedby",
        "aria-labelledby",
        "xmlns",
    ];

    /// <summary>Mail programs' own, and those of dark mode.</summary>
    private static readonly string[] MoreProperties =
    [
        "-webkit-text-size-adjust",
        "-ms-text-size-adjust",
        "text-size-adjust",
        "-webkit-font-smoothing",
        "-ms-interpolation-mode",
        "color-scheme",
        "supported-color-schemes",
        "object-fit",
    ];

    private static readonly string[] NoProperties = ["behavior", "-moz-binding", "position", "z-index"];

    // Outlook takes #1f4e8c for a colour, and rgba(31, 78, 140, 1) for nothing.
    static CleanRules() => CssColorValue.UseHex = true;

    public static HtmlSanitizerOptions Options { get; } = Make();

    private static HtmlSanitizerOptions Make()
    {
        var usual = new HtmlSanitizer();
        return new()
        {
            AllowedTags = Set(usual.AllowedTags.Except(Forms).Concat(MoreTags)),
            AllowedAttributes = Set(usual.AllowedAttributes.Except(["action", "method", "enctype"]).Concat(MoreAttributes)),
            AllowedCssProperties = Set(usual.AllowedCssProperties.Except(NoProperties).Concat(MoreProperties)),
            AllowedAtRules = new HashSet<CssRuleType> { CssRuleType.Style, CssRuleType.Media },
            AllowedSchemes = Set(["http", "https", "mailto", "tel", "cid"]),
            UriAttributes = Set(usual.UriAttributes.Append("background")),
        };
    }

    private static HashSet<string> Set(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
