using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>
/// How large the HTML of a mail may be for whoever looks at all of it. Parsers take a time that grows with the square of the depth, what
/// looks at styles goes
/// as deep as the elements do, and a short style sheet can ask more of a long mail than a processor does in an hour.
/// </summary>
internal static partial class HtmlBounds
{
    /// <summary>Mails with tables within tables have about 40.</summary>
    private const int MaxDepth = 200;

    /// <summary>Gmail cuts off behind 102 KB, which is some 2,000 elements.</summary>
    private const int MaxElements = 5_000;

    /// <summary>What a parser adds: html, head and body, a tbody in every table, and a paragraph that was only ended.</summary>
    private const int RoomForParser = 100;

    /// <summary>With those that stand for looks alone, each written once and copied by the parser.</summary>
    private const int MaxCopies = 20_000;

    /// <summary>Of one element; the parser compares each with all before it.</summary>
    private const int MaxAttributes = 100;

    /// <summary>Characters of one element's style.</summary>
    private const int MaxStyle = 10_000;

    private const int MaxBracketNesting = 30;

    private static readonly string TooDeep =
        $"The HTML has more than {MaxDepth} elements inside one another, which no mail program shows. Build it anew from fewer tables.";

    private static readonly string TooMany =
        $"The HTML has more than {MaxElements:N0} elements, and mail programs cut off after less than half of them. Shorten it.";

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

    /// <summary>
    /// Elements for looks: whatever is written after one that was not ended stands in a copy of it, again in every paragraph and cell.
    /// </summary>
    private static readonly HashSet<string> Copied = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    };

    /// <summary>To be asked before HTML is parsed.</summary>
    /// <returns>A sentence when it is more than any mail has, as far as its tags tell; otherwise null.</returns>
    public static string? ErrorOf(string html)
    {
        var (depth, elements, open) = (0, 0, 0);
        foreach (Match tag in Tags().Matches(html))
        {
            CpuBudget.Spend(tag.Length);
            var isEnd = tag.Groups["end"].Length > 0;
            var name = tag.Groups["name"].Value;
            elements += isEnd ? 0 : 1 + open;
            if (Copied.Contains(name))
            {
                open = isEnd ? Math.Max(0, open - 1) : open + 1;
            }

            if (!WithoutEnd.Contains(name))
            {
                depth = isEnd ? Math.Max(0, depth - 1) : depth + 1;
            }

            if (depth > MaxDepth)
            {
                return TooDeep;
            }

            if (elements > (open > 0 ? MaxCopies : MaxElements))
            {
                return TooMany;
            }

            if (!isEnd && HasTooManyAttributes(html, tag.Index + tag.Length))
            {
                return $"<{name}> has more than {MaxAttributes} attributes. Is a quotation mark missing, or a >?";
            }
        }

        return null;
    }

    /// <summary>To be asked of a document before anything goes through it: it is as deep as the parser made it.</summary>
    /// <returns>A sentence when it is more than any mail has; otherwise null.</returns>
    public static string? ErrorOf(IDocument document)
    {
        var (elements, depth, _) = Measure(document);
        if (depth > MaxDepth + RoomForParser || elements > 2 * MaxElements)
        {
            return depth > MaxDepth + RoomForParser ? TooDeep : TooMany;
        }

        var sheets = string.Concat(document.QuerySelectorAll("style").Select(sheet => sheet.TextContent));
        return sheets.Length > MaxSheets
                ? $"The style sheet has more than {MaxSheets:N0} characters. Leave out the rules that nothing uses."
            : document.All.FirstOrDefault(element => element.GetAttribute("style")?.Length > MaxStyle) is { } styled
                ? $"The style of a <{styled.LocalName}> has more than {MaxStyle:N0} characters. Leave out what it does not need."
            : IsNestedTooDeeply(sheets) || document.All.Any(element => IsNestedTooDeeply(element.GetAttribute("style")))
                ? $"Brackets in the styles stand inside one another more than {MaxBracketNesting} deep."
            : SelectorCost.Of(sheets, document) > MaxComparisons
                ? "The selectors of the style sheet have too much to compare. Give the elements classes, and write one class for each rule."
            : null;
    }

    /// <summary>It does not call itself: who knows how deep the parser went.</summary>
    internal static Extent Measure(IDocument document)
    {
        var (elements, deepest, siblings) = (0, 0, 0);
        var open = new Stack<(INode Node, int Depth)>([(document, 0)]);
        while (open.TryPop(out var at))
        {
            CpuBudget.Spend(1);
            var inside = 0;
            foreach (var child in at.Node.ChildNodes)
            {
                if (child is IElement)
                {
                    inside++;
                    open.Push((child, at.Depth + 1));
                }
            }

            elements += inside;
            siblings = Math.Max(siblings, inside);
            deepest = Math.Max(deepest, at.Depth);
        }

        return new(elements, deepest, siblings);
    }

    /// <summary>
    /// Reads the attributes as a parser does: a quotation mark counts behind an equals sign only, and one that is not closed takes all the
    /// rest.
    /// </summary>
    private static bool HasTooManyAttributes(string html, int at)
    {
        var attributes = 0;
        while (true)
        {
            at = Skip(html, at, " \t\r\n\f/");
            if (at >= html.Length || html[at] == '>')
            {
                return false;
            }

            if (++attributes > MaxAttributes)
            {
                return true;
            }

            at = Skip(html, To(html, at + 1, " \t\r\n\f/>="), " \t\r\n\f");
            if (at < html.Length && html[at] == '=')
            {
                at = Skip(html, at + 1, " \t\r\n\f");
                at = at < html.Length && html[at] is '"' or '\'' ? To(html, at + 1, html[at].ToString()) + 1 : To(html, at, " \t\r\n\f>");
            }
        }
    }

    private static int Skip(string html, int at, string letters) =>
        at >= html.Length || html.AsSpan(at).IndexOfAnyExcept(letters) is var end && end < 0 ? html.Length : at + end;

    private static int To(string html, int at, string letters) =>
        at >= html.Length || html.AsSpan(at).IndexOfAny(letters) is var end && end < 0 ? html.Length : at + end;

    /// <summary>What reads CSS calls itself for each bracket. Those in comments count too: who writes so many there?</summary>
    private static bool IsNestedTooDeeply(string? styles)
    {
        var depth = 0;
        foreach (var letter in styles ?? "")
        {
            depth += letter switch
            {
                '(' or '[' or '{' => 1,
                ')' or ']' or '}' => -1,
                _ => 0,
            };
            if (depth > MaxBracketNesting)
            {
                return true;
            }

            depth = Math.Max(0, depth);
        }

        return false;
    }

    [GeneratedRegex(@"<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}

/// <summary>How large a document is.</summary>
/// <param name="Depth">How many elements stand inside one another.</param>
/// <param name="Siblings">The most that one has directly inside.</param>
internal sealed record Extent(int Elements, int Depth, int Siblings);
