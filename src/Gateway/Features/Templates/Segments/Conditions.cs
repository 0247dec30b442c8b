using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Templates.Segments;

/// <summary>Reads the conditions of segments; what is wrong with one is told with its place, like that of a template.</summary>
internal static class Conditions
{
    public const string Part = "condition";
    private const int Longest = 2_000;
    private const int MaxTerms = 50;

    /// <param name="lists">The names and ids of the site's lists; null where it does not matter any more whether they exist.</param>
    public static (SegmentCondition? Condition, TemplateError? Error) Read(string text, IReadOnlyCollection<string>? lists = null)
    {
        if (text.Length > Longest)
        {
            return (null, new(Part, 1, 1, $"A condition has at most {Longest:N0} characters."));
        }

        if (UnicodeText.Unfit(text) is { } unfit)
        {
            return (null, TemplateError.At(Part, text, unfit.Offset, $"The condition holds {unfit.What}."));
        }

        using var budget = CpuBudget.Begin();
        var parse = new ConditionParse(text);
        var (condition, offset, error) = ConditionGrammar.Read(parse);
        if (condition is null)
        {
            return (null, TemplateError.At(Part, text, offset, error));
        }

        if (parse.Terms > MaxTerms)
        {
            return (null, new(Part, 1, 1, $"A condition asks at most {MaxTerms} questions."));
        }

        var unknown = lists is null
            ? default
            : parse.Lists.FirstOrDefault(named => !lists.Contains(named.Name, StringComparer.OrdinalIgnoreCase));
        return unknown.Name is null
            ? (condition, null)
            : (null, TemplateError.At(Part, text, unknown.Offset, NoList(unknown.Name, lists!)));
    }

    private static string NoList(string name, IEnumerable<string> lists)
    {
        var near = Nearest.To(name, lists);
        return $"The site has no list \"{name}\"." + Nearest.Ask(near);
    }
}
