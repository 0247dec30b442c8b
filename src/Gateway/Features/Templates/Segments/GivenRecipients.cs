using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// What is certain about all readers of a kind of message, before any condition: what it does not see is empty, and who is welcomed is on a
/// list.
/// </summary>
internal static class GivenRecipients
{
    /// <param name="conditions">Those that are to be thought through with it.</param>
    public static IReadOnlyList<SegmentCondition> Of(TemplateKind kind, IEnumerable<SegmentCondition> conditions)
    {
        FieldSource[] unseen = kind switch
        {
            TemplateKind.Sms => [FieldSource.Contact, FieldSource.Created],
            TemplateKind.Welcome or TemplateKind.Repermission => [FieldSource.Vars],
            _ => [],
        };
        SegmentCondition[] standing = kind switch
        {
            TemplateKind.Sms => [new Not(new IsMember(null))],
            TemplateKind.Welcome or TemplateKind.Repermission => [new IsMember(null)],
            _ => [],
        };
        return
        [
            .. standing,
            .. conditions
                .SelectMany(FieldsOf)
                .Where(field => unseen.Contains(field.Source))
                .Distinct()
                .Select(field => new IsEmpty(field)),
        ];
    }

    private static IEnumerable<SegmentField> FieldsOf(SegmentCondition condition) =>
        condition switch
        {
            All all => all.Of.SelectMany(FieldsOf),
            Any any => any.Of.SelectMany(FieldsOf),
            Not not => FieldsOf(not.Of),
            Compares compares => [compares.Field],
            Contains contains => [contains.Field],
            IsEmpty empty => [empty.Field],
            _ => [],
        };
}
