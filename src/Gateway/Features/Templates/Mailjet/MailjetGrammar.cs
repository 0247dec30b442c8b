using System.Globalization;
using System.Text.RegularExpressions;
using Parlot;
using Parlot.Fluent;

namespace Gateway.Features.Templates.Mailjet;

/// <summary>The grammar of the expressions in Mailjet's template language, after its reference "Template language".</summary>
internal static partial class MailjetGrammar
{
    /// <summary>
    /// Parsing and writing go as deep as an expression does, and a thread's stack has an end: nobody writes longer ones by hand.
    /// </summary>
    public const int MaxExpression = 1000;
    private const int MaxNesting = 20;

    private static readonly Parser<MailjetExpression> Whole = Build();

    /// <returns>The expression; or how far into the text it could be read.</returns>
    public static (MailjetExpression? Expression, int ReadTo) Parse(string text)
    {
        if (text.Length > MaxExpression || text.Count(letter => letter is '(' or '!') + Nots().Count(text) > MaxNesting)
        {
            return (null, 0);
        }

        var context = new ParseContext(new Scanner(text));
        var result = new ParseResult<MailjetExpression>();
        return Whole.Parse(context, ref result) && text.AsSpan(context.Scanner.Cursor.Offset).IsWhiteSpace()
            ? (result.Value, text.Length)
            : (null, context.Scanner.Cursor.Offset);
    }

    private static Parser<MailjetExpression> Build()
    {
        var expression = Deferred<MailjetExpression>();

        var text = Terms.String(StringLiteralQuotes.SingleOrDouble).Then(span => Quote(span.ToString()));
        var number = Terms.Decimal(NumberOptions.Float).Then(value => value.ToString(CultureInfo.InvariantCulture));
        var literal = text.Or(number).Then<MailjetExpression>(liquid => new MailjetExpression.Literal(liquid));
        var truth = Word("true")
            .Or(Word("false"))
            .Then<MailjetExpression>(word => new MailjetExpression.Literal(word.ToLowerInvariant()));

        var path = Terms
            .Pattern(letter => char.IsLetterOrDigit(letter) || letter is '_' or '.' or '[' or ']' or '-')
            .Then(span => span.ToString());
        var spaces = Word("var").Or(Word("data")).Or(Word("mj")).Or(Word("segmentation"));
        var variable = spaces
            .AndSkip(Literals.Char(':'))
            .And(path)
            .And(ZeroOrOne(Literals.Char(':').SkipAnd(text.Or(number).Or(path.Then(Quote)))))
            .Then<MailjetExpression>(read => new MailjetExpression.Variable(read.Item1.ToLowerInvariant(), read.Item2, read.Item3));

        var name = Terms.Identifier().Then(span => span.ToString());
        var call = name.And(Between(Terms.Char('('), Separated(Terms.Char(','), expression), Terms.Char(')')))
            .Then<MailjetExpression>(read => new MailjetExpression.Call(read.Item1, read.Item2));
        var plain = path.Then<MailjetExpression>(read => new MailjetExpression.Variable(null, read, null));
        var group = Between(Terms.Char('('), expression, Terms.Char(')'));
        var primary = literal.Or(truth).Or(variable).Or(call).Or(group).Or(plain);

        var unary = Deferred<MailjetExpression>();
        unary.Parser = Word("not")
            .Or(Terms.Text("!"))
            .SkipAnd(unary)
            .Then<MailjetExpression>(operand => new MailjetExpression.Not(operand))
            .Or(primary);

        var product = Chain(unary, Terms.Text("*").Or(Terms.Text("/")).Or(Word("div")).Or(Word("mod")));
        var sum = Chain(product, Terms.Text("+").Or(Terms.Text("-")));
        var comparison = Chain(
            sum,
            OneOf(
                Terms.Text("==="),
                Terms.Text("=="),
                Terms.Text("!=="),
                Terms.Text("!="),
                Terms.Text("<>"),
                Terms.Text("<="),
                Terms.Text(">="),
                Terms.Text("<"),
                Terms.Text(">"),
                Terms.Text("=")
            )
        );
        var conjunction = Chain(comparison, Word("and").Or(Terms.Text("&&")));
        var exclusion = Chain(conjunction, Word("xor"));
        expression.Parser = Chain(exclusion, Word("or").Or(Terms.Text("||")));
        return expression;
    }

    /// <summary>A word that is not only the beginning of a longer name.</summary>
    private static Parser<string> Word(string word) =>
        Terms.Identifier().When((_, span) => string.Equals(span.ToString(), word, StringComparison.OrdinalIgnoreCase)).Then(_ => word);

    private static Parser<MailjetExpression> Chain(Parser<MailjetExpression> operand, Parser<string> operators) =>
        operand
            .And(ZeroOrMany(operators.And(operand)))
            .Then(read =>
                read.Item2.Aggregate(
                    read.Item1,
                    (left, next) => new MailjetExpression.Binary(next.Item1.ToLowerInvariant(), left, next.Item2)
                )
            );

    [GeneratedRegex(@"\bnot\b", RegexOptions.IgnoreCase)]
    private static partial Regex Nots();

    /// <summary>Liquid knows no escapes in texts, but two kinds of quotes.</summary>
    private static string Quote(string text) => text.Contains('"') ? $"'{text.Replace('\'', '’')}'" : $"\"{text}\"";
}
