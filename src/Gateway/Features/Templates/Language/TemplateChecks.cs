using Fluid;
using Fluid.Ast;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// Finds what parses but is wrong all the same: filters that do not exist, and <c>raw</c> on anything that the template's author did not
/// write. What visitors
/// typed or callers sent is never printed as HTML; since every template passes here, the renderer need not ask where a value came from.
/// </summary>
internal sealed class TemplateChecks : AstVisitor
{
    /// <summary>Of looking at one expression, in the units of <see cref="CpuBudget"/>.</summary>
    private const int Cost = 32;

    private readonly string _source;
    private readonly TemplateParse _parse;
    private readonly List<(int Offset, string Message)> _faults = [];

    /// <summary>Variables and all that is ever put into them; null stands for what is not known.</summary>
    private readonly Dictionary<string, List<Expression?>> _assigned = new(StringComparer.Ordinal);
    private readonly List<(FilterExpression Filter, int Offset)> _raw = [];

    private TemplateChecks(string source, TemplateParse parse) => (_source, _parse) = (source, parse);

    public static IEnumerable<(int Offset, string Message)> Check(IFluidTemplate template, string source, TemplateParse parse)
    {
        var checks = new TemplateChecks(source, parse);
        checks.VisitTemplate(template);
        return checks
            ._faults.Concat(
                checks
                    ._raw.Where(raw => !checks.IsAuthors(raw.Filter.Input))
                    .Select(raw =>
                        (
                            raw.Offset,
                            "raw is for text that stands in the template itself. A value is always shown as text, so that nobody can send "
                                + "HTML through it."
                        )
                    )
            )
            .OrderBy(error => error.Item1);
    }

    public override Statement Visit(Statement statement)
    {
        CpuBudget.Spend(Cost);
        return base.Visit(statement);
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        CpuBudget.Spend(Cost);
        var chain = new Stack<FilterExpression>();
        Expression inner = filterExpression;
        while (inner is FilterExpression filter)
        {
            chain.Push(filter);
            inner = filter.Input;
        }

        Visit(inner);
        var offset = _parse.PlaceOf(filterExpression) ?? 0;
        foreach (var filter in chain)
        {
            offset = NextPipe(offset);
            Check(filter, offset);
            foreach (var parameter in filter.Parameters)
            {
                Visit(parameter.Expression);
            }
        }

        return filterExpression;
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        Assigned(assignStatement.Identifier, assignStatement.Value);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        Assigned(captureStatement.Identifier, null);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        Assigned(forStatement.Identifier, null);
        return base.VisitForStatement(forStatement);
    }

    private void Assigned(string name, Expression? value)
    {
        if (!_assigned.TryGetValue(name, out var values))
        {
            _assigned[name] = values = [];
        }

        values.Add(value);
    }

    private void Check(FilterExpression filter, int offset)
    {
        if (filter.Name == TemplateFilters.Raw)
        {
            _raw.Add((filter, offset));
        }
        else if (!TemplateFilters.Names.Contains(filter.Name))
        {
            var near = Nearest.To(filter.Name, TemplateFilters.Names);
            _faults.Add((offset, $"There is no filter \"{filter.Name}\"." + Nearest.Ask(near)));
        }
    }

    /// <summary>
    /// Whether every piece of it stands in the template. One variable may be made of another, that of a third, and so on for thousands, so
    /// this goes through them and not into them.
    /// </summary>
    private bool IsAuthors(Expression whole)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Expression?>([whole]);
        while (open.TryPop(out var expression))
        {
            CpuBudget.Spend(Cost);
            switch (expression)
            {
                case LiteralExpression:
                    break;
                case FilterExpression filter:
                    open.Push(filter.Input);
                    filter.Parameters.ToList().ForEach(parameter => open.Push(parameter.Expression));
                    break;
                case MemberExpression { Segments: [IdentifierSegment { Identifier: var name }] }
                    when _assigned.TryGetValue(name, out var values):
                    if (!asked.Add(name))
                    {
                        // A variable that is made of itself began as something else.
                        return false;
                    }

                    values.ForEach(open.Push);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <returns>The offset of the name behind the next filter sign, which in a text between quotes is none.</returns>
    private int NextPipe(int offset)
    {
        char? quote = null;
        for (; offset < _source.Length; offset++)
        {
            var letter = _source[offset];
            if (quote is null && letter == '|')
            {
                offset++;
                return offset + _source.AsSpan(offset).IndexOfAnyExcept(" \t\r\n");
            }

            quote = quote is null
                ? letter is '"' or '\''
                    ? letter
                    : null
                : letter == quote
                    ? null
                    : quote;
        }

        return offset;
    }
}
