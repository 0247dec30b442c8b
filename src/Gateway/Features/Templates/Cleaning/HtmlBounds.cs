using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>
/// How large the HTML of a mail may be for whoever looks at all of it. Parsers take a time that grows with the square of the depth, what
/// looks at styles goes
/// as deep as the elements do, and a short style sheet can ask more of a long mail than a processor does in an hour.
/// </summary>
internal static partial class HtmlBounds
{
    /// <summary>Mails with tables within tables have about 40.</summary>
    private const int Deepest = 200;

    /// <summary>Gmail cuts off behind 102 KB, which is some 2,000 elements.</summary>
    private const int MaxElements = 5_000;

    /// <summary>In characters. Gmail reads 16 KB of them.</summary>
    private const int MaxSheets = 100_000;

    /// <summary>See <see cref="SelectorCost"/>. Mails with a hundred rules and a thousand elements take one or two millions.</summary>
    private const double MaxComparisons = 50_000_000;

    /// <summary>Elements that have no end tag, or whose end tag may be left out because the next one ends them.</summary>
    private static readonly HashSet<string> WithoutEnd = new(StringComparer.OrdinalIgnoreCase)
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "html",
        "head",
        "body",
    };

    /// <summary>To be asked before HTML is parsed.</summary>
    /// <returns>A sentence when it is more than any mail has, as far as its tags tell; otherwise null.</returns>
    public static string? ErrorOf(string html)
    {
        var (depth, elements) = (0, 0);
        foreach (Match tag in Tags().Matches(html))
        {
            var isEnd = tag.Groups["end"].Length > 0;
            elements += isEnd ? 0 : 1;
            if (!WithoutEnd.Contains(tag.Groups["name"].Value))
            {
                depth = isEnd ? Math.Max(0, depth - 1) : depth + 1;
            }

            if (depth > Deepest)
            {
                return $"The HTML has more than {Deepest} elements inside one another, which no mail program shows. Build it anew from "
                    + "fewer tables.";
            }

            if (elements > MaxElements)
            {
                return $"The HTML has more than {MaxElements:N0} elements, and mail programs cut off after less than half of them. Shorten "
                    + "it.";
            }
        }

        return null;
    }

    /// <summary>To be asked before the styles of a document are applied.</summary>
    /// <returns>A sentence when that would take longer than a mail may; otherwise null.</returns>
    public static string? ErrorOf(IDocument document)
    {
        var sheets = string.Concat(document.QuerySelectorAll("style").Select(sheet => sheet.TextContent));
        return sheets.Length > MaxSheets
                ? $"The style sheet has more than {MaxSheets:N0} characters. Leave out the rules that nothing uses."
            : SelectorCost.Of(sheets, document) > MaxComparisons
                ? "The selectors of the style sheet have too much to compare. Give the elements classes, and write one class for each rule."
            : null;
    }

    [GeneratedRegex(@"<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}
