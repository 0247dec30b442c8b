namespace Gateway.Features.Templates.Segments;

/// <summary>All numbers between two, with or without the ends. Times are numbers too: ticks.</summary>
internal readonly record struct Interval(decimal Low, bool HasLow, decimal High, bool HasHigh)
{
    public static readonly Interval Everything = new(decimal.MinValue, true, decimal.MaxValue, true);

    public bool IsEmpty => Low > High || (Low == High && !(HasLow && HasHigh));

    /// <summary>What stands so to anything from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    /// <param name="hasTo">Whether <paramref name="to"/> itself belongs to it: a day ends before the next begins.</param>
    public static Interval Of(Comparison how, decimal from, decimal to, bool hasTo) =>
        how switch
        {
            Comparison.Equal => new(from, true, to, hasTo),
            Comparison.Less => Everything with { High = from, HasHigh = false },
            Comparison.LessOrEqual => Everything with { High = to, HasHigh = hasTo },
            Comparison.Greater => Everything with { Low = to, HasLow = !hasTo },
            _ => Everything with { Low = from },
        };

    public bool Contains(decimal value) => new Interval(value, true, value, true).IsWithin(this);

    public Interval And(Interval other) =>
        new(
            Math.Max(Low, other.Low),
            (Low > other.Low || other.HasLow) && (Low < other.Low || HasLow),
            Math.Min(High, other.High),
            (High < other.High || other.HasHigh) && (High > other.High || HasHigh)
        );

    /// <summary>What is left of it without another; where that would be two pieces, all of it.</summary>
    public Interval Without(Interval other)
    {
        var common = And(other);
        if (IsEmpty || common.IsEmpty)
        {
            return this;
        }

        var (fromLow, toHigh) = (common.Low == Low && common.HasLow == HasLow, common.High == High && common.HasHigh == HasHigh);
        return fromLow ? new(common.High, !common.HasHigh, High, HasHigh)
            : toHigh ? new(Low, HasLow, common.Low, !common.HasLow)
            : this;
    }

    private bool IsWithin(Interval other) => !IsEmpty && And(other) == this;
}
