using Fluid.Values;
using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// Answers conditions about a recipient. A value is compared as what it is compared with: a number with a number, a time with a date, else
/// as a text whatever its case. What cannot be compared so, or is not there, is a no; nothing here can fail.
/// </summary>
internal sealed class SegmentCheck(SegmentMoment moment)
{
    public bool Holds(SegmentCondition condition, Recipient recipient) =>
        condition switch
        {
            All all => all.Of.All(one => Holds(one, recipient)),
            Any any => any.Of.Any(one => Holds(one, recipient)),
            Not not => !Holds(not.Of, recipient),
            IsMember member => moment.ListsOf(member).Any(recipient.Lists.Contains),
            Compares { Field.Source: FieldSource.Created } compares => recipient.CreatedAt is { } created
                && moment.IntervalOf(compares)?.Contains(created.Ticks) == true,
            IsEmpty { Field.Source: FieldSource.Created } => recipient.CreatedAt is null,
            Compares compares => TextOf(recipient.ValueOf(compares.Field)) is { } text && Holds(compares, text),
            Contains contains => HasPart(recipient.ValueOf(contains.Field), contains.Text),
            IsEmpty empty => Empty(recipient.ValueOf(empty.Field)),
            _ => false,
        };

    /// <summary>Of one term, about a value that is known.</summary>
    public bool Holds(SegmentCondition term, string value) =>
        term switch
        {
            Compares { With: SegmentLiteral.Text { Value: var text } } => Same(value, text),
            Compares { With: SegmentLiteral.Number } compares => SegmentNumbers.Parse(value) is { } number
                && moment.IntervalOf(compares)!.Value.Contains(number),
            Compares compares => moment.TimeOf(value) is { } time && moment.IntervalOf(compares)!.Value.Contains(time),
            Contains contains => value.Contains(contains.Text, StringComparison.OrdinalIgnoreCase),
            IsEmpty => string.IsNullOrWhiteSpace(value),
            _ => false,
        };

    private static bool HasPart(FluidValue value, string part) =>
        value is ArrayValue list
            ? list.Values.Any(member => TextOf(member) is { } text && Same(text, part))
            : TextOf(value)?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;

    private static bool Empty(FluidValue value) =>
        value switch
        {
            ArrayValue list => list.Values.Count == 0,
            Language.TemplateObject known => known.Members.Count == 0,
            _ => string.IsNullOrWhiteSpace(TextOf(value)),
        };

    /// <returns>Null when the value is none that has a text.</returns>
    private static string? TextOf(FluidValue value) =>
        value switch
        {
            StringValue or NumberValue => value.ToStringValue(),
            BooleanValue => value.ToBooleanValue() ? "true" : "false",
            _ => null,
        };

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
