namespace Gateway.Features.Templates.Segments;

/// <summary>For whom a message is rendered: which segments its recipient belongs to, so which sections are shown.</summary>
internal sealed class Audience
{
    /// <summary>Every section is shown, as nobody ever sees them all: to look at a template, and to check it.</summary>
    public static readonly Audience Everybody = new(_ => true);

    /// <summary>Sections for segments are hidden.</summary>
    public static readonly Audience InNoSegment = new(_ => false);

    private readonly Func<string, bool> _isIn;

    private Audience(Func<string, bool> isIn) => _isIn = isIn;

    /// <summary>Somebody of whom it is known, or only assumed, which segments they belong to.</summary>
    public static Audience In(IReadOnlyCollection<string> segments) => new(segments.Contains);

    /// <summary>A recipient; each condition is answered once, when a section asks.</summary>
    public static Audience Of(Recipient recipient, SiteSegments segments, SegmentMoment moment)
    {
        var (check, known) = (new SegmentCheck(moment), new Dictionary<string, bool>(StringComparer.Ordinal));
        return new(key =>
            known.TryGetValue(key, out var isIn) ? isIn : known[key] = check.Holds(segments.Named(key).Condition, recipient)
        );
    }

    /// <param name="segment">Null is everybody.</param>
    public bool IsIn(string? segment) => segment is null || _isIn(segment);
}
