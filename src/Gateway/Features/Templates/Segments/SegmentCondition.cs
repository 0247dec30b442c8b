namespace Gateway.Features.Templates.Segments;

/// <summary>A question about whoever a message goes to, answered by yes or no.</summary>
internal abstract record SegmentCondition
{
    public sealed record All(IReadOnlyList<SegmentCondition> Of) : SegmentCondition;

    public sealed record Any(IReadOnlyList<SegmentCondition> Of) : SegmentCondition;

    public sealed record Not(SegmentCondition Of) : SegmentCondition;

    /// <summary>How a value stands to one that was written; no value at all stands in no way to it.</summary>
    public sealed record Compares(SegmentField Field, Comparison How, SegmentLiteral With) : SegmentCondition;

    /// <summary>Whether a text has another in it, or a list a member.</summary>
    public sealed record Contains(SegmentField Field, string Text) : SegmentCondition;

    public sealed record IsEmpty(SegmentField Field) : SegmentCondition;

    /// <summary>Whether somebody is on a list, which is to say that they confirmed it.</summary>
    /// <param name="List">By name or id; null asks for any of the site's.</param>
    public sealed record IsMember(string? List) : SegmentCondition;
}

/// <summary>Not equal is no comparison of its own: it is the negation of one.</summary>
internal enum Comparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <param name="Path">The property's name, or the path below <c>vars</c>; empty for <see cref="FieldSource.Created"/>.</param>
internal sealed record SegmentField(FieldSource Source, string Path);

internal enum FieldSource
{
    /// <summary>A property of the person.</summary>
    Contact,

    /// <summary>What was sent with the call.</summary>
    Vars,

    /// <summary>When the gateway came to know the person.</summary>
    Created,
}

/// <summary>A value that stands in a condition.</summary>
internal abstract record SegmentLiteral
{
    public sealed record Text(string Value) : SegmentLiteral;

    public sealed record Number(decimal Value) : SegmentLiteral;

    /// <summary>A whole day in the site's time zone.</summary>
    public sealed record Day(DateOnly Date) : SegmentLiteral;

    /// <summary>So long before the moment at which is asked.</summary>
    public sealed record Ago(int Count, TimeUnit Unit) : SegmentLiteral;
}

internal enum TimeUnit
{
    Hour,
    Day,
    Week,
    Month,
    Year,
}
