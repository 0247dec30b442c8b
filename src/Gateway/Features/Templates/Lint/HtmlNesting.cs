using System.Text.RegularExpressions;

namespace Gateway.Features.Templates.Lint;

/// <summary>
/// How deep elements stand inside one another, as far as their tags tell. It is asked before HTML is parsed, because parsers take a time that grows with
/// the square of the depth and more, and what looks at styles goes as deep as the elements do.
/// </summary>
internal static partial class HtmlNesting
{
    /// <summary>Mails with tables within tables have about 40.</summary>
    private const int Deepest = 200;

    /// <summary>Elements that have no end tag, or whose end tag may be left out because the next one ends them.</summary>
    private static readonly HashSet<string> WithoutEnd = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup", "html", "head", "body",
    };

    public static bool IsTooDeep(string html)
    {
        var depth = 0;
        foreach (Match tag in Tags().Matches(html))
        {
            if (!WithoutEnd.Contains(tag.Groups["name"].Value))
            {
                depth = tag.Groups["end"].Length > 0 ? Math.Max(0, depth - 1) : depth + 1;
            }

            if (depth > Deepest)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}
