using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>Finds terms that cannot all hold, or not hold, of one reader.</summary>
internal sealed class Contradictions(SegmentMoment moment)
{
    private readonly SegmentCheck _check = new(moment);
    private readonly Dictionary<IsMember, IReadOnlyCollection<Guid>> _lists = [];

    /// <summary>Whether a term contradicts others that do not contradict each other.</summary>
    public bool Closes(IReadOnlyCollection<(SegmentCondition Term, bool Holds)> terms, (SegmentCondition Term, bool Holds) added) =>
        FieldOf(added.Term) is { } field
            ? IsImpossible([.. terms.Where(term => FieldOf(term.Term) == field), added])
            : IsOnAndOffLists([.. terms.Where(term => term.Term is IsMember), added]);

    /// <summary>Somebody is on one of some lists, and on none of others that are all of these.</summary>
    private bool IsOnAndOffLists(List<(SegmentCondition Term, bool Holds)> terms)
    {
        var members = terms.ToLookup(term => term.Holds, term => ListsOf((IsMember)term.Term));
        var off = members[false].SelectMany(lists => lists).ToHashSet();
        return members[true].Any(lists => lists.All(off.Contains));
    }

    private IReadOnlyCollection<Guid> ListsOf(IsMember member) =>
        _lists.TryGetValue(member, out var known) ? known : _lists[member] = moment.ListsOf(member);

    /// <summary>One value that would have to be many things.</summary>
    private bool IsImpossible(List<(SegmentCondition Term, bool Holds)> terms)
    {
        var holding = terms.Where(term => term.Holds).Select(term => term.Term).ToList();
        var failing = terms.Where(term => !term.Holds).Select(term => term.Term).ToList();
        if (holding.OfType<Compares>().Select(one => one.With).OfType<SegmentLiteral.Text>().FirstOrDefault() is { } known)
        {
            // The value itself is known, so everything else can be answered.
            return terms.Any(term => _check.Holds(term.Term, known.Value) != term.Holds);
        }

        return IsEmptyAndNot(holding, failing)
            || holding.OfType<Contains>().Any(has => failing.OfType<Contains>().Any(lacks => Implies(has, lacks)))
            || HasNoRoom(holding, failing, one => one.With is SegmentLiteral.Number)
            || HasNoRoom(holding, failing, one => one.With is SegmentLiteral.Day or SegmentLiteral.Ago);
    }

    /// <summary>What has no value is compared with nothing and holds nothing but white space.</summary>
    private static bool IsEmptyAndNot(List<SegmentCondition> holding, List<SegmentCondition> failing) =>
        holding.OfType<IsEmpty>().Any()
        && (
            failing.OfType<IsEmpty>().Any()
            || holding.Any(term => term is Compares || (term is Contains contains && !string.IsNullOrWhiteSpace(contains.Text)))
        );

    /// <summary>What was sent with the call may be a list, of which the members are not looked into.</summary>
    private static bool Implies(Contains has, Contains lacks) =>
        has.Field.Source == FieldSource.Contact
            ? has.Text.Contains(lacks.Text, StringComparison.OrdinalIgnoreCase)
            : has.Text.Equals(lacks.Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether no value is left between comparisons of one kind. Without one that holds there need be no value of that kind.
    /// </summary>
    private bool HasNoRoom(List<SegmentCondition> holding, List<SegmentCondition> failing, Func<Compares, bool> isOfKind)
    {
        var needed = holding.OfType<Compares>().Where(isOfKind).ToList();
        if (needed.Count == 0)
        {
            return false;
        }

        var room = needed.Aggregate(Interval.Everything, (left, one) => left.And(moment.IntervalOf(one)!.Value));
        var excluded = failing.OfType<Compares>().Where(isOfKind).Select(one => moment.IntervalOf(one)!.Value).ToList();

        // What cuts the room in two may cut off an end once others did.
        Interval? before = null;
        while (!room.IsEmpty && before != room)
        {
            before = room;
            room = excluded.Aggregate(room, (left, one) => left.Without(one));
        }

        return room.IsEmpty;
    }

    private static SegmentField? FieldOf(SegmentCondition term) =>
        term switch
        {
            Compares compares => compares.Field,
            Contains contains => contains.Field,
            IsEmpty empty => empty.Field,
            _ => null,
        };
}
