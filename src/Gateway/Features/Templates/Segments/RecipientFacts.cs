using Fluid.Values;

namespace Gateway.Features.Templates.Segments;

/// <summary>What conditions ask about a recipient beside what the template itself sees.</summary>
/// <param name="Segments">The site's.</param>
/// <param name="Now">UTC.</param>
/// <param name="CreatedAt">When the gateway came to know the person; null when it does not.</param>
/// <param name="Lists">The lists that the person is on.</param>
internal sealed record RecipientFacts(SiteSegments Segments, DateTime Now, DateTime? CreatedAt, IReadOnlySet<Guid> Lists)
{
    public static readonly IReadOnlySet<Guid> NoLists = new HashSet<Guid>();

    /// <summary>Somebody of whom the gateway knows nothing but what was sent with the call.</summary>
    public static RecipientFacts OfStranger(SiteSegments segments, DateTime now) => new(segments, now, null, NoLists);

    /// <param name="values">By namespace.</param>
    public Audience Reading(IReadOnlyDictionary<string, FluidValue> values, TimeZoneInfo zone) =>
        Audience.Of(new(values, CreatedAt, Lists), Segments, Segments.At(Now, zone));
}
