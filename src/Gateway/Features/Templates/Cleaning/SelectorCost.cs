using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>
/// How many comparisons the selectors of a document's style sheets may ask for, at the worst. A selector is compared with every element;
/// for each blank in it
/// there are all elements around the one that is looked at, for each <c>~</c> those before it, and for what counts or looks inside, those
/// again.
/// </summary>
internal static partial class SelectorCost
{
    /// <summary>Of looking at one selector, in the units of <see cref="CpuBudget"/>.</summary>
    private const int SelectorUnits = 64;

    /// <param name="sheets">The style sheets of the document, one after the other.</param>
    public static double Of(string sheets, IDocument document)
    {
        if (sheets.Length == 0)
        {
            return 0;
        }

        var (elements, depth, siblings) = HtmlBounds.Measure(document);
        return elements
            * Preludes()
                .Matches(Opaque().Replace(sheets, "x"))
                .SelectMany(prelude => prelude.Value.TrimEnd('{').Split(','))
                .Sum(selector => CostOf(selector.Trim(), elements, depth, siblings));
    }

    private static double CostOf(string selector, int elements, int depth, int siblings)
    {
        CpuBudget.Spend(SelectorUnits + selector.Length);
        return Comparisons(selector, elements, depth, siblings);
    }

    private static double Comparisons(string selector, int elements, int depth, int siblings) =>
        Ways(depth, Blanks().Count(selector))
        * Ways(siblings, selector.Count(letter => letter == '~'))
        * Math.Pow(Math.Max(siblings, 1), Counting().Count(selector))
        * Math.Pow(elements, Searching().Count(selector));

    /// <returns>In how many ways <paramref name="chosen"/> of <paramref name="all"/> can be chosen, at least one.</returns>
    private static double Ways(int all, int chosen) =>
        Math.Max(1, Enumerable.Range(0, Math.Min(chosen, all)).Aggregate(1.0, (ways, n) => ways * (all - n) / (n + 1)));

    /// <summary>What stands before a block, other than <c>@media</c> and the like.</summary>
    [GeneratedRegex(@"[^{};@][^{};]*\{", RegexOptions.NonBacktracking)]
    private static partial Regex Preludes();

    /// <summary>Two selectors with a blank and nothing else between them.</summary>
    [GeneratedRegex(@"(?<![\s>+~:])\s+(?![\s>+~{])")]
    private static partial Regex Blanks();

    [GeneratedRegex(@":(?:nth|first|last|only)-", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Counting();

    [GeneratedRegex(@":(?:has|contains|scope|matches|empty)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Searching();

    /// <summary>What may hold a brace that is none: comments, strings and escapes.</summary>
    [GeneratedRegex(
        """/\*.*?(?:\*/|$)|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.""",
        RegexOptions.Singleline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Opaque();
}
