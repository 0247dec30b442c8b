using Gateway.Features.Templates.Language;
using Parlot;
using Parlot.Fluent;
using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>The condition; or, when it is null, where it cannot be read and why.</summary>
internal sealed record ConditionRead(SegmentCondition? Condition, int Offset, string Error);

/// <summary>
/// The language in which segments are described: <c>country = "FR" and (member or created within 6 months)</c>. Terms ask about a property
/// (<c>country</c>, <c>contact.country</c>), about what was sent with the call (<c>vars.order.total</c>), about <c>created</c>, or about
/// lists
/// (<c>member</c>, <c>member of "Newsletter"</c>). <c>not</c> binds closest, then <c>and</c>, then <c>or</c>.
/// </summary>
internal static class ConditionGrammar
{
    private static readonly Parser<SegmentCondition> Whole = Build();

    public static ConditionRead Read(ConditionParse parse)
    {
        var result = new ParseResult<SegmentCondition>();
        var cursor = parse.Scanner.Cursor;
        try
        {
            var isRead = Whole.Parse(parse, ref result);
            var end = parse.Begin(cursor.Offset);
            return parse.Error is { } error ? new(null, error.Offset, error.Message)
                : !isRead ? new(null, end, "A condition begins with a property, member, not or a bracket, such as country = \"FR\".")
                : end < parse.Scanner.Buffer.Length
                    ? new(null, end, "The condition could end here; what follows must begin with “and” or “or”.")
                : new(result.Value, 0, "");
        }
        catch (ParseException unreadable)
        {
            return parse.Error is { } error
                ? new(null, error.Offset, error.Message)
                : new(null, parse.Begin(unreadable.Position.Offset), unreadable.Message);
        }
        catch (NestedTooDeeplyException deep)
        {
            return new(null, deep.Offset, $"Brackets and nots stand inside one another more than {ConditionParse.DeepestNesting} deep.");
        }
    }

    private static Parser<SegmentCondition> Build()
    {
        var any = Deferred<SegmentCondition>();
        var one = Deferred<SegmentCondition>();

        var text = Terms.String(StringLiteralQuotes.SingleOrDouble).Then(span => span.ToString()!);
        var list = text.ElseError("The list is named in quotes: member of \"Newsletter\".")
            .Then((context, start, _, name) => Named((ConditionParse)context, start, name));
        var member = ConditionWords
            .Word("member")
            .SkipAnd(ZeroOrOne(ConditionWords.Word("of").SkipAnd(list)))
            .Then<SegmentCondition>(name => new IsMember(name));

        var bracket = Between(
            Terms.Char('('),
            any.ElseError("A condition is missing in the bracket."),
            Terms.Char(')').ElseError("The bracket is not closed: ) was expected.")
        );
        var term = member.Or(ConditionTerms.Build(text)).Then((context, _, _, read) => Counted((ConditionParse)context, read));
        var negation = ConditionWords
            .Word("not")
            .SkipAnd(one.ElseError("A condition is missing behind “not”."))
            .Then<SegmentCondition>(of => new Not(of));
        one.Parser = new DepthGuard<SegmentCondition>(negation.Or(bracket).Or(term));

        var all = Chain(one, "and", of => new All(of));
        any.Parser = Chain(all, "or", of => new Any(of));
        return any;
    }

    private static Parser<SegmentCondition> Chain(
        Parser<SegmentCondition> part,
        string word,
        Func<IReadOnlyList<SegmentCondition>, SegmentCondition> join
    ) =>
        part.And(ZeroOrMany(ConditionWords.Word(word).SkipAnd(part.ElseError($"A condition is missing behind “{word}”."))))
            .Then(read => read.Item2.Count == 0 ? read.Item1 : join([read.Item1, .. read.Item2]));

    private static string Named(ConditionParse parse, int start, string name)
    {
        parse.Lists.Add((name, parse.Begin(start)));
        return name;
    }

    private static SegmentCondition Counted(ConditionParse parse, SegmentCondition term)
    {
        parse.Terms++;
        return term;
    }
}
