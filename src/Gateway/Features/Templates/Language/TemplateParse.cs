using Fluid.Ast;
using Fluid.Parser;
using Parlot.Fluent;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// One run of the parser: how deep it stands, and where the expressions it found begin, which the syntax tree does not tell.
/// </summary>
internal sealed class TemplateParse(string source) : FluidParseContext(source), INestedParse
{
    /// <summary>
    /// Of blocks and of brackets. The parser and the renderer call themselves for each level, so an unlimited depth would end the process.
    /// </summary>
    public const int MaxNesting = 60;

    private readonly Dictionary<Expression, int> _places = new(ReferenceEqualityComparer.Instance);

    public int Depth { get; set; }

    public int MaxDepth => MaxNesting;

    /// <summary>Tags, values and texts that were read so far.</summary>
    public int Statements { get; set; }

    /// <returns>The offset at which the expression begins; null when it was made from something else.</returns>
    public int? PlaceOf(Expression expression) => _places.TryGetValue(expression, out var place) ? place : null;

    /// <summary>Notes where an expression begins; white space before it is not part of it.</summary>
    public static Expression Note(ParseContext context, int start, int end, Expression expression)
    {
        if (expression is MemberExpression or FilterExpression)
        {
            ((TemplateParse)context)._places[expression] = Begin(context, start, end);
        }

        return expression;
    }

    /// <returns>Where something really begins that was read with the white space before it.</returns>
    public static int Begin(ParseContext context, int start, int end)
    {
        var source = context.Scanner.Buffer;
        while (start < end && char.IsWhiteSpace(source[start]))
        {
            start++;
        }

        return start;
    }
}
