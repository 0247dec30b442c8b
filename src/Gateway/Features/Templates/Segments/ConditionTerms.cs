using System.Globalization;
using Parlot.Fluent;
using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// One term about a value: <c>country = "FR"</c>, <c>vars.total &gt;= 100</c>, <c>created within 6 months</c>, <c>city is not empty</c>.
/// </summary>
internal static class ConditionTerms
{
    private const int MaxAgo = 1_000;

    private static readonly Dictionary<string, Comparison> Comparisons = new()
    {
        ["="] = Comparison.Equal,
        ["<"] = Comparison.Less,
        ["<="] = Comparison.LessOrEqual,
        [">"] = Comparison.Greater,
        [">="] = Comparison.GreaterOrEqual,
    };

    public static Parser<SegmentCondition> Build(Parser<string> text)
    {
        var field = ConditionWords
            .Path()
            .And(ZeroOrOne(Literals.String(StringLiteralQuotes.SingleOrDouble).Then(span => span.ToString()!)))
            .Then((context, start, _, read) => FieldOf((ConditionParse)context, start, read.Item1, read.Item2));
        return field
            .And(Questions(text).ElseError("A comparison was expected: =, !=, <, <=, >, >=, contains, within, is empty or is not empty."))
            .Then((context, start, _, read) => Checked((ConditionParse)context, start, read.Item2(read.Item1)));
    }

    /// <summary>What can be asked about a value.</summary>
    private static Parser<Func<SegmentField, SegmentCondition>> Questions(Parser<string> text)
    {
        var unit = ConditionWords.Unit();
        var number = Terms.Pattern(letter => char.IsAsciiDigit(letter) || letter is '-' or '+' or '.');
        var ago = unit.AndSkip(ConditionWords.Word("ago").ElseError("“ago” is missing: a time is written as 6 months ago."))
            .Then(unit => (IsThere: true, Unit: unit));
        var written = number
            .And(ZeroOrOne(ago))
            .Then(
                (context, start, _, read) =>
                    LiteralOf((ConditionParse)context, start, read.Item1.ToString()!, read.Item2.IsThere ? read.Item2.Unit : null)
            );
        var truth = ConditionWords.Word("true").Or(ConditionWords.Word("false"));
        var literal = text.Or(truth)
            .Then<SegmentLiteral>(value => new SegmentLiteral.Text(value))
            .Or(written)
            .ElseError("A value was expected: a text in quotes, a number, a date such as 2026-01-31, or a time such as 6 months ago.");

        var comparison = OneOf(Terms.Text("<="), Terms.Text(">="), Terms.Text("<"), Terms.Text(">"), Terms.Text("="))
            .And(literal)
            .Then<Func<SegmentField, SegmentCondition>>(read => field => new Compares(field, Comparisons[read.Item1], read.Item2));
        var difference = Terms
            .Text("!=")
            .SkipAnd(literal)
            .Then<Func<SegmentField, SegmentCondition>>(with => field => new Not(new Compares(field, Comparison.Equal, with)));
        var within = ConditionWords
            .Word("within")
            .SkipAnd(number.And(unit).ElseError("How long was expected, such as 6 months."))
            .Then((context, start, _, read) => LiteralOf((ConditionParse)context, start, read.Item1.ToString()!, read.Item2))
            .Then<Func<SegmentField, SegmentCondition>>(since => field => new Compares(field, Comparison.GreaterOrEqual, since));
        var contains = ConditionWords
            .Word("contains")
            .SkipAnd(text.ElseError("“contains” is followed by a text in quotes."))
            .Then<Func<SegmentField, SegmentCondition>>(part => field => new Contains(field, part));
        var empty = ConditionWords
            .Word("is")
            .SkipAnd(ZeroOrOne(ConditionWords.Word("not")))
            .AndSkip(ConditionWords.Word("empty").ElseError("“is” is followed by “empty” or “not empty”."))
            .Then<Func<SegmentField, SegmentCondition>>(not => field => not is null ? new IsEmpty(field) : new Not(new IsEmpty(field)));
        return OneOf(comparison, difference, within, contains, empty);
    }

    private static SegmentField FieldOf(ConditionParse parse, int start, string path, string? quoted)
    {
        var names = path.Split('.', 2);
        var (first, rest) = (names[0].ToLowerInvariant(), (names.Length > 1 ? names[1] : "") + quoted);
        if (names.Length == 1 && quoted is null && first is not ("contact" or "vars"))
        {
            return first == "created" ? new(FieldSource.Created, "") : new(FieldSource.Contact, path);
        }

        if (first is not ("contact" or "vars") || rest.Length == 0 || (quoted is not null && names[^1].Length > 0))
        {
            parse.Note(
                parse.Begin(start),
                $"There is no {path}: a property is written as country or contact.country, one with other letters as contact.\"Post "
                    + "code\", and what was sent with the call as vars.order.total."
            );
        }

        return new(first == "vars" ? FieldSource.Vars : FieldSource.Contact, rest);
    }

    private static SegmentLiteral LiteralOf(ConditionParse parse, int start, string written, TimeUnit? unit)
    {
        if (unit is { } of)
        {
            if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxAgo)
            {
                return new SegmentLiteral.Ago(count, of);
            }

            parse.Note(parse.Begin(start), $"A time is 1 to {MaxAgo:N0} {ConditionWords.Durations}.");
        }

        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return new SegmentLiteral.Day(day);
        }

        if (SegmentNumbers.Parse(written) is not { } number)
        {
            parse.Note(parse.Begin(start), $"{written} is no number and no date. A date is written as 2026-01-31.");
            number = 0;
        }

        return new SegmentLiteral.Number(number);
    }

    /// <summary>What can be read, and still means nothing.</summary>
    private static SegmentCondition Checked(ConditionParse parse, int start, SegmentCondition term)
    {
        var error = (term is SegmentCondition.Not not ? not.Of : term) switch
        {
            Contains { Field.Source: FieldSource.Created } =>
                "created is a time: compare it with a date or with a time such as 6 months ago.",
            Contains { Text: "" } or Compares { With: SegmentLiteral.Text { Value: "" } } => "To ask for no value, write is empty.",
            Compares { Field.Source: FieldSource.Created, With: not (SegmentLiteral.Day or SegmentLiteral.Ago) } =>
                "created is a time: compare it with a date such as 2026-01-31 or with a time such as 6 months ago.",
            Compares { How: Comparison.Equal, With: SegmentLiteral.Ago } =>
                "A time is passed in a moment: compare with <, <=, > or >=, or write within 6 months.",
            Compares { How: not Comparison.Equal, With: SegmentLiteral.Text } =>
                "Texts have no order: compare them with = or !=. Numbers and dates are written without quotes.",
            _ => null,
        };
        if (error is not null)
        {
            parse.Note(parse.Begin(start), error);
        }

        return term;
    }
}
