using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// How long everything in a template may be that its renderer, or what walks through it, goes as deep into as it is long. Where the parser
/// has built something it is measured, before anything else sees it.
/// </summary>
internal static class TemplateLimits
{
    /// <summary>Of one expression.</summary>
    public const int MaxFilters = 50;

    /// <summary>Of one filter.</summary>
    public const int MaxArguments = 20;

    /// <summary>Names and indexes of one path.</summary>
    public const int MaxPath = 50;

    /// <summary>Parts of one condition between <c>and</c> and <c>or</c>.</summary>
    public const int MaxConditions = 100;

    /// <summary>Branches of one <c>if</c> or <c>case</c>.</summary>
    public const int MaxBranches = 100;

    /// <summary>Values of one <c>when</c> or <c>cycle</c>.</summary>
    public const int MaxValues = 100;

    /// <summary>Letters of one name.</summary>
    public const int MaxName = 200;

    /// <summary>Tags, printed values, and the texts between them.</summary>
    public const int MaxStatements = 10_000;

    /// <summary>Values that are asked for, each by another path.</summary>
    public const int MaxVariables = 1_000;

    public static void Expression(int offset, Expression expression)
    {
        var filters = 0;
        while (expression is FilterExpression filter)
        {
            Refuse(offset, ++filters > MaxFilters, $"More than {MaxFilters} filters follow one another. Use {{% assign %}} in between.");
            Refuse(
                offset,
                filter.Parameters.Count > MaxArguments,
                $"The filter {Shortened(filter.Name)} has more than {MaxArguments} arguments."
            );
            Name(offset, filter.Name);
            expression = filter.Input;
        }

        Condition(offset, expression);
    }

    public static void Condition(int offset, Expression expression)
    {
        for (var parts = 1; expression is AndBinaryExpression or OrBinaryExpression; parts++)
        {
            Refuse(
                offset,
                parts >= MaxConditions,
                $"A condition has more than {MaxConditions} parts between “and” and “or”. Use {{% assign %}} for some of them."
            );
            expression = ((BinaryExpression)expression).Right;
        }
    }

    public static void Path(int offset, Expression expression)
    {
        switch (expression)
        {
            case RangeExpression range:
                Path(offset, range.From);
                Path(offset, range.To);
                break;
            case MemberExpression member:
                Refuse(
                    offset,
                    member.Segments.Count > MaxPath,
                    $"A path has more than {MaxPath} names and indexes. Use {{% assign %}} in between."
                );
                foreach (var name in member.Segments.OfType<IdentifierSegment>())
                {
                    Name(offset, name.Identifier);
                }

                break;
        }
    }

    public static void Name(int offset, string? name) =>
        Refuse(offset, name?.Length > MaxName, $"A name has more than {MaxName} letters: {Shortened(name ?? "")}.");

    public static void Branches(int offset, int count) =>
        Refuse(offset, count > MaxBranches, $"A block has more than {MaxBranches} branches.");

    public static void Values(int offset, int count, string tag) =>
        Refuse(offset, count > MaxValues, $"{tag} has more than {MaxValues} values.");

    public static void Statements(int offset, int count) =>
        Refuse(
            offset,
            count > MaxStatements,
            $"A part has more than {MaxStatements:N0} tags, values and texts between them. Use a loop."
        );

    private static string Shortened(string name) => name.Length > 40 ? name[..40] + "…" : name;

    private static void Refuse(int offset, bool isTooMuch, string sentence)
    {
        if (isTooMuch)
        {
            throw new TooComplexException(offset, sentence);
        }
    }
}

/// <summary>Something in a template is longer or deeper than anybody needs.</summary>
/// <param name="offset">Where it begins, or where the parser stood.</param>
/// <param name="message">A sentence for the template's author.</param>
internal sealed class TooComplexException(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
