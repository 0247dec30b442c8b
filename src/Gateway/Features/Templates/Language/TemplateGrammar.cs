using Fluid;
using Fluid.Ast;
using Parlot.Fluent;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// Liquid without what a mail has no need of: no inclusion of files, no functions, no tag whose work cannot be limited. And sections, which
/// Liquid has not.
/// </summary>
internal sealed class TemplateGrammar : FluidParser
{
    private static readonly string[] Kept =
    [
        "#",
        "assign",
        "break",
        "capture",
        "case",
        "comment",
        "continue",
        "cycle",
        "for",
        "if",
        "raw",
        "unless",
    ];

    public TemplateGrammar()
    {
        foreach (var tag in RegisteredTags.Keys.Except(Kept).ToList())
        {
            RegisteredTags.Remove(tag);
        }

        RegisteredTags["for"] = RegisteredTags["for"]
            .Then<Statement>((context, start, end, statement) => Bounded((ForStatement)statement, (TemplateParse)context, start, end));
        RegisteredTags["cycle"] = RegisteredTags["cycle"]
            .Then<Statement>(
                (context, start, end, statement) => Printing((CycleStatement)statement, TemplateParse.Begin(context, start, end))
            );
        RegisteredTags["capture"] = RegisteredTags["capture"]
            .Then<Statement>(
                (context, start, end, statement) =>
                    new BoundedCapture((CaptureStatement)Named(statement, ((CaptureStatement)statement).Identifier, context, start, end))
            );

        RegisteredTags["section"] = Section();

        RegisteredTags["if"] = RegisteredTags["if"]
            .Then<Statement>(
                (context, start, end, statement) => Bounded((IfStatement)statement, TemplateParse.Begin(context, start, end))
            );
        RegisteredTags["unless"] = RegisteredTags["unless"]
            .Then<Statement>(
                (context, start, end, statement) => Bounded((UnlessStatement)statement, TemplateParse.Begin(context, start, end))
            );
        RegisteredTags["case"] = RegisteredTags["case"]
            .Then<Statement>(
                (context, start, end, statement) => Bounded((CaseStatement)statement, TemplateParse.Begin(context, start, end))
            );
        RegisteredTags["assign"] = RegisteredTags["assign"]
            .Then<Statement>(
                (context, start, end, statement) => Named(statement, ((AssignStatement)statement).Identifier, context, start, end)
            );
        foreach (var (name, compare) in RegisteredOperators.ToList())
        {
            RegisteredOperators[name] = (left, right) => new CountedComparison(name, compare, left, right);
        }

        Primary.Parser = new DepthGuard<Expression>(Primary.Parser!.Then(TemplateParse.Note).Then(Bounded));
        FilterExpression.Parser = new DepthGuard<Expression>(
            FilterExpression
                .Parser!.Then<Expression>(
                    (context, start, end, expression) =>
                    {
                        TemplateLimits.Expression(TemplateParse.Begin(context, start, end), expression);
                        return expression;
                    }
                )
                .Then(TemplateParse.Note)
        );
        AnyTagsList.Parser = new DepthGuard<IReadOnlyList<Statement>>(AnyTagsList.Parser!.Then(Counted).Then(Printing));
        KnownTagsList.Parser = KnownTagsList.Parser!.Then(Counted).Then(Printing);
    }

    /// <summary>The names of all tags, for the sentence about one that there is not.</summary>
    public IEnumerable<string> Tags => RegisteredTags.Keys.Where(tag => tag != "#").Order(StringComparer.Ordinal);

    /// <summary>
    /// Name and segment stand in the template as texts, so that all there is to know about its sections is known when it is read.
    /// </summary>
    private Parser<Statement> Section()
    {
        var literal = String.Then(
            (context, start, end, span) => (Text: span.ToString()!, Offset: TemplateParse.Begin(context, start, end))
        );
        var segment = Terms
            .Text("segment")
            .SkipAnd(Colon)
            .SkipAnd(literal)
            .ElseError("Behind the comma, a segment was expected: {% section \"Promotion\", segment: \"loyal\" %}");
        return literal
            .ElseError("A name in quotes was expected: {% section \"Promotion\" %}")
            .And(ZeroOrOne(Comma.SkipAnd(segment)))
            .AndSkip(TagEnd.ElseError("The end of the tag was expected, or a segment: {% section \"Promotion\", segment: \"loyal\" %}"))
            .And(AnyTagsList)
            .AndSkip(CreateTag("endsection").ElseError("'{% endsection %}' was expected"))
            .Then<Statement>(
                (context, read) =>
                    new SectionStatement(
                        new(read.Item1.Text, read.Item2.Text, TagBefore(context, read.Item1.Offset), read.Item2.Offset),
                        read.Item3
                    )
            );
    }

    private static int TagBefore(ParseContext context, int offset) =>
        context.Scanner.Buffer.LastIndexOf("{%", offset, StringComparison.Ordinal);

    private static IReadOnlyList<Statement> Printing(IReadOnlyList<Statement> statements) =>
        [
            .. statements.Select(statement =>
                statement is OutputStatement output ? new OutputStatement(new PrintedExpression(output.Expression)) : statement
            ),
        ];

    private static CycleStatement Printing(CycleStatement cycle, int offset)
    {
        TemplateLimits.Values(offset, cycle.Values.Count, "cycle");
        return new(cycle.Group, [.. cycle.Values.Select(value => new PrintedExpression(value))]);
    }

    private static IReadOnlyList<Statement> Counted(ParseContext context, int start, int end, IReadOnlyList<Statement> statements)
    {
        var parse = (TemplateParse)context;
        parse.Statements += statements.Count;
        TemplateLimits.Statements(TemplateParse.Begin(context, start, end), parse.Statements);
        return statements;
    }

    private static Statement Named(Statement statement, string name, ParseContext context, int start, int end)
    {
        TemplateLimits.Name(TemplateParse.Begin(context, start, end), name);
        return statement;
    }

    private static IfStatement Bounded(IfStatement statement, int offset)
    {
        TemplateLimits.Condition(offset, statement.Condition);
        TemplateLimits.Branches(offset, statement.ElseIfs.Count);
        foreach (var branch in statement.ElseIfs)
        {
            TemplateLimits.Condition(offset, branch.Condition);
        }

        return statement;
    }

    private static UnlessStatement Bounded(UnlessStatement statement, int offset)
    {
        TemplateLimits.Condition(offset, statement.Condition);
        return statement;
    }

    private static CaseStatement Bounded(CaseStatement statement, int offset)
    {
        TemplateLimits.Branches(offset, statement.Whens.Count);
        return new(
            new CountedExpression(statement.Expression),
            statement.Else,
            [.. statement.Whens.Select(when => Bounded(when, offset))]
        );
    }

    private static WhenStatement Bounded(WhenStatement when, int offset)
    {
        TemplateLimits.Values(offset, when.Options.Count, "when");
        return new([.. when.Options.Select(option => new CountedExpression(option))], when.Statements);
    }

    private static Expression Bounded(ParseContext context, int start, int end, Expression expression)
    {
        TemplateLimits.Path(TemplateParse.Begin(context, start, end), expression);
        return expression is RangeExpression range ? new BoundedRange(range) : expression;
    }

    private static ForStatement Bounded(ForStatement loop, TemplateParse parse, int start, int end)
    {
        TemplateLimits.Name(TemplateParse.Begin(parse, start, end), loop.Identifier);
        TemplateLimits.Path(TemplateParse.Begin(parse, start, end), loop.Source);
        TemplateParse.Note(parse, start, end, loop.Source);
        return loop.Source is RangeExpression range
            ? new(loop.Statements, loop.Identifier, new BoundedRange(range), loop.Limit, loop.Offset, loop.Reversed, loop.Else)
            : loop;
    }
}
