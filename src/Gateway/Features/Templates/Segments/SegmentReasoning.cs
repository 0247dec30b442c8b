using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// Says of conditions whether anybody can be meant by all of them together. A "no" is certain; what is too large to think through, or
/// beyond the rules of
/// <see cref="Contradictions"/>, counts as possible.
/// </summary>
/// <remarks>An analytic tableau: what must hold is taken apart, each "or" opens branches, and a branch ends where its terms contradict each
/// other.</remarks>
internal sealed class SegmentReasoning(SegmentMoment moment)
{
    /// <summary>Conditions that all questions together may look at.</summary>
    private const int MaxSteps = 10_000;

    /// <summary>Each choice is a call.</summary>
    private const int MaxChoices = 300;

    private readonly Contradictions _contradictions = new(moment);
    private int _steps;

    public bool IsPossible(params IEnumerable<SegmentCondition> conditions) =>
        IsOpen([], conditions.Aggregate((Pending?)null, (rest, condition) => new(condition, true, rest)), null, 0);

    /// <summary>What is still to be taken apart. Branches share it.</summary>
    private sealed record Pending(SegmentCondition Condition, bool Holds, Pending? Rest);

    /// <param name="terms">What holds on this branch, and what does not.</param>
    /// <param name="choices">What opens branches; it is left for later, since the rest may close this one.</param>
    private bool IsOpen(List<(SegmentCondition Term, bool Holds)> terms, Pending? rest, Pending? choices, int depth)
    {
        while (rest is not null)
        {
            if (++_steps > MaxSteps)
            {
                return true;
            }

            var (condition, holds, then) = rest;
            switch (condition)
            {
                case Not not:
                    rest = new(not.Of, !holds, then);
                    break;
                case All all when holds:
                    rest = all.Of.Aggregate(then, (more, part) => new(part, true, more));
                    break;
                case Any any when !holds:
                    rest = any.Of.Aggregate(then, (more, part) => new(part, false, more));
                    break;
                case All or Any:
                    (choices, rest) = (new(condition, holds, choices), then);
                    break;
                case var term when _contradictions.Closes(terms, (term, holds)):
                    return false;
                default:
                    terms.Add((condition, holds));
                    rest = then;
                    break;
            }
        }

        return choices is null
            || depth == MaxChoices
            || PartsOf(choices.Condition).Any(part => IsOpen([.. terms], new(part, choices.Holds, null), choices.Rest, depth + 1));
    }

    private static IReadOnlyList<SegmentCondition> PartsOf(SegmentCondition choice) => choice is All all ? all.Of : ((Any)choice).Of;
}
