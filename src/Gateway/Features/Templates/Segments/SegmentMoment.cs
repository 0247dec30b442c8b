using System.Globalization;
using Gateway.Infrastructure.Http;
using static Gateway.Features.Templates.Segments.SegmentCondition;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// What conditions mean at one moment at one site: how long ago is when, where a day begins, and which lists a name stands for.
/// </summary>
/// <param name="Now">UTC.</param>
/// <param name="Lists">All of the site's.</param>
internal sealed record SegmentMoment(DateTime Now, TimeZoneInfo Zone, IReadOnlyList<(Guid Id, string Name)> Lists)
{
    /// <returns>The values that a comparison is true for; null for one with a text, which has no order.</returns>
    public Interval? IntervalOf(Compares comparison)
    {
        switch (comparison.With)
        {
            case SegmentLiteral.Number { Value: var number }:
                return Interval.Of(comparison.How, number, number, hasTo: true);
            case SegmentLiteral.Ago ago:
                var then = Before(ago).Ticks;
                return Interval.Of(comparison.How, then, then, hasTo: true);
            case SegmentLiteral.Day { Date: var day }:
                return Interval.Of(
                    comparison.How,
                    Begin(day),
                    day == DateOnly.MaxValue ? Begin(day) + TimeSpan.TicksPerDay : Begin(day.AddDays(1)),
                    hasTo: false
                );
            default:
                return null;
        }
    }

    /// <summary>A list that there is not any more has no members.</summary>
    public IReadOnlyCollection<Guid> ListsOf(IsMember member) =>
        [
            .. Lists
                .Where(list => member.List is null || Names(list).Contains(member.List, StringComparer.OrdinalIgnoreCase))
                .Select(list => list.Id),
        ];

    /// <summary>How a condition may name a list.</summary>
    public static string[] Names((Guid Id, string Name) list) => [list.Name, PublicId.Format(PublicId.List, list.Id)];

    /// <returns>Ticks in UTC; null when the text is no date and no time.</returns>
    public decimal? TimeOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Begin(day)
            : IsoTime.Parse(text.ToUpperInvariant())?.Ticks;

    /// <summary>In ticks, since the first and the last day there is do not begin in UTC everywhere.</summary>
    private decimal Begin(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return midnight.Ticks - Zone.GetUtcOffset(midnight).Ticks;
    }

    private DateTime Before(SegmentLiteral.Ago ago) =>
        ago.Unit switch
        {
            TimeUnit.Hour => Now.AddHours(-ago.Count),
            TimeUnit.Day => Now.AddDays(-ago.Count),
            TimeUnit.Week => Now.AddDays(-7 * ago.Count),
            TimeUnit.Month => Now.AddMonths(-ago.Count),
            _ => Now.AddYears(-ago.Count),
        };
}
